"""Counts of people by key, and how they add up: what the disclosure gate solves as an attacker would.

A key names a set of people and nothing else, and the same set has the same key in every analysis. So the keys are
made here, in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

import polars as pl

from casearc.analyses.dataset import StudyData, day_column, outcome_column
from casearc.findings import Body, CountRef, Partition, ShareRef
from casearc.study import Outcome

ENROLLED = "enrolled"


class Ledger:
    """Collects counts and partitions while a body is written."""

    def __init__(self, data: StudyData) -> None:
        self._data = data
        self.counts: dict[str, int] = {ENROLLED: data.enrolled}
        self._partitions: dict[Partition, None] = {}
        self._bases: set[str] = set()
        self._supports: set[str] = set()

    def count(self, key: str, value: int) -> CountRef:
        """Note a count; the reference to it goes into a cell."""
        self.counts[key] = value
        return CountRef(key)

    def share(self, part: str, whole: str) -> ShareRef:
        """A share of people, both counts noted before."""
        return ShareRef(part, whole)

    def base(self, key: str) -> str:
        """Mark a key as the n behind numbers: outside the house it is shown as a band."""
        self._bases.add(key)
        return key

    def support(self, key: str, value: int) -> None:
        """A count that must reach the threshold for the body to leave the house."""
        self.counts[key] = value
        self._supports.add(key)

    def split(self, whole: str, parts: Mapping[str, int]) -> None:
        """Note that `whole` falls into `parts`, and their counts."""
        self.counts.update(parts)
        self.counts.setdefault(whole, sum(parts.values()))
        self._partitions[Partition(whole, tuple(parts))] = None

    def subset(self, whole: str, part: str, value: int, *, rest: str) -> str:
        """Note that `part` is some of `whole`, the others being `rest`."""
        self.split(whole, {part: value, rest: self.counts[whole] - value})
        return part

    def measured(self, outcome: Outcome, wave: str) -> str:
        """Key of those with this outcome at this wave, split off from all enrolled."""
        present = int(self._data.people[outcome_column(outcome, wave)].is_not_null().sum())
        key = measured_key(outcome, wave)
        return self.subset(ENROLLED, key, present, rest=f"not_{key}")

    def paired(self, outcome: Outcome, first: str, second: str) -> str:
        """Key of those with this outcome at both waves, tied to those measured at each."""
        people = self._data.people
        before, after = (people[outcome_column(outcome, wave)].is_not_null() for wave in (first, second))
        key = paired_key(outcome, first, second)
        in_order = int(later(self._data, outcome, first, second).sum())
        parts = {
            key: in_order,
            f"{key}:first_only": int((before & ~after).sum()),
            f"{key}:second_only": int((~before & after).sum()),
            f"{key}:neither": int((~before & ~after).sum()),
        }
        together = [key]
        if int((before & after).sum()) > in_order:
            parts[f"{key}:not_later"] = int((before & after).sum()) - in_order
            together.append(f"{key}:not_later")
        self.split(ENROLLED, parts)
        for wave, alone in ((first, "first_only"), (second, "second_only")):
            self.split(self.measured(outcome, wave), {name: parts[name] for name in (*together, f"{key}:{alone}")})
        return key

    def at_all(self, outcome: Outcome, waves: Sequence[str]) -> str:
        """Key of those with this outcome at each of several waves in turn, tied to those measured at each two."""
        people = self._data.people
        days = [people[day_column(self._data, outcome, wave)] for wave in waves]
        known = pl.select(pl.all_horizontal(*(people[outcome_column(outcome, w)].is_not_null() for w in waves)))
        present = known.to_series()
        for earlier, later_day in pairwise(days):
            present &= (later_day > earlier).fill_null(value=False)
        key = f"at_all[{outcome.score}@{','.join(waves)}]"
        for first, second in combinations(waves, 2):
            pair = self.paired(outcome, first, second)
            self.subset(pair, key, int(present.sum()), rest=f"{pair}:not all of {','.join(waves)}")
        return key

    def close(self, body: Body) -> Body:
        """The body with its counts."""
        return Body(
            headline=body.headline,
            sentences=body.sentences,
            tables=body.tables,
            figures=body.figures,
            told=body.told,
            tests=body.tests,
            evidence=body.evidence,
            actions=body.actions,
            counts=dict(self.counts),
            partitions=tuple(self._partitions),
            bases=frozenset(self._bases),
            supports=frozenset(self._supports),
        )


def measured_key(outcome: Outcome, wave: str) -> str:
    """Those whose outcome was measured at a wave."""
    return f"measured[{outcome.score}@{wave}]"


def paired_key(outcome: Outcome, first: str, second: str) -> str:
    """Those measured at both waves."""
    return f"paired[{outcome.score}@{first},{second}]"


def later(data: StudyData, outcome: Outcome, first: str, second: str) -> pl.Series:
    """Who has the outcome at both waves, the second on a later day (one administration can stand for two waves)."""
    people = data.people
    both = people[outcome_column(outcome, first)].is_not_null() & people[outcome_column(outcome, second)].is_not_null()
    days = people[day_column(data, outcome, second)] > people[day_column(data, outcome, first)]
    return both & days.fill_null(value=False)


def present_at_all(data: StudyData, outcome: Outcome, waves: Sequence[str]) -> pl.DataFrame:
    """Columns ``value0``, ``day0``, ``value1`` … of those measured at each of the waves, each on a later day."""
    values = [pl.col(outcome_column(outcome, wave)).alias(f"value{i}") for i, wave in enumerate(waves)]
    days = [pl.col(day_column(data, outcome, wave)).alias(f"day{i}") for i, wave in enumerate(waves)]
    in_turn = [pl.col(f"day{i + 1}") > pl.col(f"day{i}") for i in range(len(waves) - 1)]
    return data.people.select(*values, *days).drop_nulls().filter(*in_turn)


def present_pairs(data: StudyData, outcome: Outcome, first: str, second: str) -> pl.DataFrame:
    """Columns ``before`` and ``after`` of those measured at both waves, the second on a later day."""
    return data.people.filter(later(data, outcome, first, second)).select(
        pl.col(outcome_column(outcome, first)).alias("before"),
        pl.col(outcome_column(outcome, second)).alias("after"),
    )
