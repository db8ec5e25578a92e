"""kill -9 while writing: no acknowledged entry is lost, none is torn.

A child writes entries and tells each one after its commit; it is killed at a random moment, also while it opens the
database, recovers the log or checkpoints. Then another process opens the file and checks every row.

    python tests/faults/kills.py --trials 300
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time

import ledger
from result import Result, arguments, finish

MOST_KILLS_A_DATABASE, FEWEST = 100, 20
LONGEST_LIFE = 0.15
EVERY_SO_MANY_PAGES = (10, 100, 1000)


def main() -> int:
    given = arguments(trials=10_000)
    chance = random.Random(given.seed)
    failed, written = 0, 0
    left, a_database = given.trials, min(MOST_KILLS_A_DATABASE, max(FEWEST, given.trials // 50))
    while left:
        with ledger.ledger() as path:
            acknowledged = 0
            for _ in range(min(left, a_database)):
                ledger.go_to(path)
                acknowledged = max(acknowledged, _kill_one(chance))
                found = ledger.faults(acknowledged)
                failed += bool(found)
                for fault in found:
                    print(fault, file=sys.stderr)  # noqa: T201
                left -= 1
            written += acknowledged
    remark = f"{written} entries of 3 to 8 rows were acknowledged; killed within {LONGEST_LIFE:g} s of the start"
    line = Result(fault="kill -9 while writing", trials=given.trials, failures=failed, seed=given.seed, remark=remark)
    return finish("kills", [line], save=given.save, expected=written > given.trials)


def _kill_one(chance: random.Random) -> int:
    """Fork a writer, kill it at a random moment; the last number it told."""
    seed, checkpoint = chance.getrandbits(32), chance.choice(EVERY_SO_MANY_PAGES)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            ledger.write_and_tell(writing, seed=seed, count=10**6, checkpoint=checkpoint)
        finally:
            os._exit(1)
    os.close(writing)
    time.sleep(chance.random() * LONGEST_LIFE)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError("the writer ended by itself")
    return _last_number(reading)


def _last_number(reading: int) -> int:
    told = b""
    while select.select([reading], [], [], 0)[0]:
        part = os.read(reading, 65536)
        if not part:
            break
        told += part
    os.close(reading)
    return int(told.split()[-1]) if told else 0


if __name__ == "__main__":
    sys.exit(main())
