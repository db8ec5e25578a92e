"""The writers' libraries are an optional part of the installation; without them a plain sentence says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from casearc.errors import MissingExtraError

EXTRA = "reports"


@contextmanager
def needs_extra(purpose: str) -> Iterator[None]:
    """Turn a failed import inside the block into a plain message.

    Raises
    ------
    MissingExtraError
        If a library of the extra is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise MissingExtraError(purpose=purpose, extra=EXTRA) from error
