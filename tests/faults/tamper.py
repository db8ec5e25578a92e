"""The audit log altered behind the application's back, in every way we could think of: all of it is found.

Whoever tampers here has the database, the vault key and all the time in the world; not the audit key. Each trial
alters the tables with plain SQL, goes through the chains, and takes the alteration back. Surrogate keys (`id`) mean
nothing and are left alone. A whole database put back to an earlier day, or emptied, cannot be found in itself: for that
its head is compared with one noted elsewhere.

    python tests/faults/tamper.py --trials 1000
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
    with ready():
        from tampering import Tamperer, make_chains

        tamperer = Tamperer(make_chains(chance), chance)
        done: Counter[str] = Counter()
        missed: Counter[str] = Counter()
        while done.total() < given.trials:
            trial = tamperer.trial()
            if trial is not None:
                done[trial.kind] += 1
                missed[trial.kind] += not trial.found
    for kind, count in (+missed).items():
        print(f"not found: {kind}, {count} times", file=sys.stderr)  # noqa: T201
    results = [
        Result(
            fault=f"audit log: {kind}",
            trials=done[kind],
            failures=missed[kind],
            seed=given.seed,
            remark=f"{engine()}, two chains of {tamperer.events} events",
        )
        for kind in sorted(done)
    ]
    return finish("tamper", results, save=given.save, expected=set(done) == set(tamperer.kinds))


if __name__ == "__main__":
    sys.exit(main())
