"""Two people edit one record at once, again and again: one wins, the other is told, nothing is overwritten unseen.

Half of the pairs are two threads of one process, half are two processes. Both opened the same version; both send at the
same moment, the same field or different ones.

    python tests/faults/edit_pairs.py --trials 1000
"""

from __future__ import annotations

import random
import sys
from collections import Counter

from agency import engine, ready
from result import Result, arguments, finish


def main() -> int:
    given = arguments(trials=10_000)
    chance = random.Random(given.seed)
    found: Counter[str] = Counter()
    with ready():
        from editing import Pairs

        with Pairs(chance) as pairs:
            for number in range(given.trials):
                found[pairs.trial(processes=bool(number % 2))] += 1
    wrong = {fault: count for fault, count in found.items() if fault}
    print(wrong or "every pair had one winner, and the other was told", file=sys.stderr)  # noqa: T201
    line = Result(
        fault="two people edit one record",
        trials=given.trials,
        failures=sum(wrong.values()),
        seed=given.seed,
        remark=f"{engine()}; half by two threads, half by two processes",
    )
    return finish(f"edit_pairs_{engine().lower()}", [line], save=given.save)


if __name__ == "__main__":
    sys.exit(main())
