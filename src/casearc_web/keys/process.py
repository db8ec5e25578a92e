"""The keys this process works with. They come from the person who started it and live only in its memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from casearc_web.errors import LockedError
from casearc_web.keys.derived import Keys

_held: list[Keys] = []


def use(keys: Keys) -> None:
    """Work with these keys from now on, in every thread and in every process forked later."""
    _held[:] = [keys]


def forget() -> None:
    """Be locked again. (Python gives no promise that the bytes are gone from memory at once.)"""
    _held.clear()


def current() -> Keys:
    """The keys in use; LockedError where nobody unlocked them."""
    try:
        return _held[0]
    except IndexError:
        raise LockedError("The records are locked: their passphrase was not given. Start with `casearc web`.") from None


@contextmanager
def using(keys: Keys) -> Iterator[None]:
    """Work with other keys for a while (re-keying, tests), then with those from before."""
    before = list(_held)
    use(keys)
    try:
        yield
    finally:
        _held[:] = before
