"""Lost passphrase: enough shares always bring the records back, one fewer never does; a wrong key is refused at once.

python tests/faults/recoveries.py
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ledger
from result import Result, arguments, finish

from casearc_web import keys
from casearc_web.errors import NotEnoughSharesError, WebError, WrongKeyError, WrongPassphraseError
from casearc_web.sqlcipher import open_database

AGENCIES = ((2, 3), (2, 5), (3, 5), (4, 7))


def main() -> int:
    given = arguments(trials=20)
    chance = random.Random(given.seed)
    lost = opened = 0
    slowest = 0.0
    for number in range(given.trials):
        with ledger.ledger() as path:
            ledger.write(1, chance)
            ledger.connection.close()
            needed, made = AGENCIES[number % len(AGENCIES)]
            slowest = max(slowest, _refused(path))
            recovery = _with_shares(path, needed, made)
            chosen = chance.sample(recovery.phrases, needed)
            lost += not _recovers(path, chosen)
            opened += _recovers(path, chosen[:-1]) or _recovers(path, [*chosen[:-1], chosen[0]])
    results = [
        Result(
            fault="passphrase and key file lost, enough shares",
            trials=given.trials,
            failures=lost,
            seed=given.seed,
            remark="keys.json deleted; " + ", ".join(f"{needed} of {made}" for needed, made in AGENCIES),
        ),
        Result(
            fault="one share too few, or one doubled",
            trials=given.trials,
            failures=opened,
            seed=given.seed,
            remark="opened where it must not",
        ),
        Result(
            fault="wrong passphrase or wrong key, more than 1 s until refused",
            trials=given.trials,
            failures=int(slowest > 1),
            seed=given.seed,
            remark=f"slowest of all: {slowest:.2f} s of work of all cores together, with the cost that agencies use",
        ),
    ]
    return finish("recoveries", results, save=given.save)


def _with_shares(path: Path, needed: int, made: int) -> keys.Recovery:
    """The ledger's keys under other shares; the database follows by being made anew."""
    folder = path.parent / "keys"
    (folder / keys.KEY_FILE).unlink()
    for file in path.parent.glob("records.db*"):
        file.unlink()
    recovery = keys.create(folder, ledger.PASSPHRASE, shares=(needed, made))
    keys.use(keys.unlock(folder, ledger.PASSPHRASE))
    ledger.make_database(path, keys.current())
    (folder / keys.KEY_FILE).unlink()
    return recovery


def _recovers(path: Path, phrases: list[str]) -> bool:
    """Whether these shares, and nothing else, open the records."""
    try:
        recovered = keys.recover(path.parent / "keys", phrases, "quite another set of words", cost=keys.QUICK)
    except NotEnoughSharesError:
        return False
    open_database(path, recovered).close()
    (path.parent / "keys" / keys.KEY_FILE).unlink()
    return True


def _refused(path: Path) -> float:
    """Seconds of work, of all cores together, until a wrong passphrase and a wrong key are refused."""
    folder = path.parent / "strong"
    keys.create(folder, ledger.PASSPHRASE)
    other = keys.unlock(folder, ledger.PASSPHRASE)
    started = time.process_time()
    _expect(WrongPassphraseError, lambda: keys.unlock(folder, "quite another set of words"))
    between = time.process_time()
    _expect(WrongKeyError, lambda: open_database(path, other))
    return max(between - started, time.process_time() - between)


def _expect(error: type[WebError], act: Callable[[], object]) -> None:
    try:
        act()
    except error:
        return
    raise RuntimeError(f"{error.__name__} was expected")


if __name__ == "__main__":
    sys.exit(main())
