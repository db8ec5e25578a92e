"""What the other findings hand up: tests, evidence and actions, with the counts of people they rest on.

A finding is told finest and coarsest first; so is what is gathered from it, since outside the house another body of a
model may stand in the report than in the house.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from casearc.findings import Body, Evidence, Finding, Partition, Sentence, TestRun
from casearc.reading import bases, displayed

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All that the bodies at one level of detail hand up, in the order of the findings."""

    bodies: tuple[Body, ...]

    @property
    def tests(self) -> tuple[TestRun, ...]:
        """Every test."""
        return tuple(test for body in self.bodies for test in body.tests)

    def reach(self, test: TestRun, threshold: int) -> bool:
        """Whether every count that the test's p could tell of reaches the threshold."""
        return all(body.counts.get(key, threshold) >= threshold for body in self.bodies for key in test.supports)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every piece of evidence about a threat."""
        return tuple(each for body in self.bodies for each in body.evidence)

    @property
    def actions(self) -> tuple[Sentence, ...]:
        """Everything that can be done."""
        return tuple(each for body in self.bodies for each in body.actions)

    def close(self, body: Body) -> Body:
        """The body with the counts its numbers rest on, tied to all enrolled, and nobody else's."""
        counts = {key: value for source in self.bodies for key, value in source.counts.items()}
        counts |= dict(body.counts)
        known = dict.fromkeys(p for source in (*self.bodies, body) for p in source.partitions)
        needed = {*displayed(body), *bases(body), *body.supports}
        kept = _upward(needed, known)
        keys = needed | {key for partition in kept for key in (partition.whole, *partition.parts)}
        supports = frozenset(key for source in self.bodies for key in source.supports if key in keys)
        return replace(
            body,
            counts={key: counts[key] for key in counts if key in keys},
            partitions=tuple(kept),
            supports=supports | body.supports,
        )


def levels_of_detail(findings: Sequence[Finding]) -> tuple[Gathered, ...]:
    """The findings as finely, and as coarsely, as they can be told; once where both are the same."""
    told = [finding for finding in findings if finding.bodies]
    finest = Gathered(bodies=tuple(finding.bodies[0] for finding in told))
    coarsest = Gathered(bodies=tuple(finding.bodies[-1] for finding in told))
    same = all(fine is coarse for fine, coarse in zip(finest.bodies, coarsest.bodies, strict=True))
    return (finest,) if same else (finest, coarsest)


def distinct(items: Iterable[T]) -> tuple[T, ...]:
    """The items without repetition, by equality: sentences hold dictionaries and have no hash."""
    found: list[T] = []
    for item in items:
        if item not in found:
            found.append(item)
    return tuple(found)


def _upward(keys: set[str], known: Iterable[Partition]) -> list[Partition]:
    """The partitions that hold one of `keys` as a part, and so on up to wholes that are part of nothing."""
    partitions = list(known)
    kept: dict[Partition, None] = {}
    wanted = set(keys)
    while True:
        more = [p for p in _holding(wanted, partitions) if p not in kept]
        if not more:
            return [partition for partition in partitions if partition in kept]
        kept |= dict.fromkeys(more)
        wanted = {partition.whole for partition in more}


def _holding(keys: set[str], partitions: Iterable[Partition]) -> Iterator[Partition]:
    return (partition for partition in partitions if keys.intersection(partition.parts))
