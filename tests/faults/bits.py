"""Flipped bits: each one in the database file is caught, none is read as a record.

python tests/faults/bits.py --trials 100
"""

from __future__ import annotations

import random
import sys

import ledger
from result import Result, arguments, finish

from casearc_web.errors import DatabaseRefusedError
from casearc_web.keys import current
from casearc_web.sqlcipher import check_database

ENTRIES = 300


def main() -> int:
    given = arguments(trials=1_000)
    chance = random.Random(given.seed)
    missed = 0
    with ledger.ledger() as path:
        for number in range(1, ENTRIES + 1):
            ledger.write(number, chance)
        ledger.connection.close()
        whole = path.read_bytes()
        check_database(path, current())
        for _ in range(given.trials):
            spoiled = bytearray(whole)
            spoiled[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            path.write_bytes(spoiled)
            try:
                check_database(path, current())
            except DatabaseRefusedError:
                continue
            missed += 1
    line = Result(
        fault="flipped bits in the database file",
        trials=given.trials,
        failures=missed,
        seed=given.seed,
        remark=f"one bit at a time anywhere in a file of {len(whole):,} bytes",
    )
    return finish("bits", [line], save=given.save)


if __name__ == "__main__":
    sys.exit(main())
