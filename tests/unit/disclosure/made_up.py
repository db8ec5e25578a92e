"""Small findings for the tests of the gate, and the rule-knowing attacker who tries every table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

from casearc.disclosure import Policy, Release, gate
from casearc.findings import (
    Body,
    Column,
    CountRef,
    Finding,
    Number,
    Partition,
    Quantity,
    Role,
    Row,
    Section,
    Table,
    Text,
)

Counts = Mapping[str, int]


def count_table(keys: Sequence[str], *, table_id: str = "t") -> Table:
    """A table with one count a row."""
    return Table(
        id=table_id,
        title="People",
        columns=(Column("group", "Group"), Column("n", "People")),
        rows=tuple(Row((Text(key), CountRef(key))) for key in keys),
    )


def body_of(
    shown: Sequence[str], counts: Counts, partitions: Iterable[tuple[str, Sequence[str]]], **more: object
) -> Body:
    """A body that prints `shown`."""
    return Body(
        tables=(count_table(shown),) if shown else (),
        counts=dict(counts),
        partitions=tuple(Partition(whole, tuple(parts)) for whole, parts in partitions),
        **more,  # type: ignore[arg-type]
    )


def finding_of(*bodies: Body, finding_id: str = "f", role: Role = Role.SECONDARY) -> Finding:
    """A finding with these bodies."""
    return Finding(id=finding_id, section=Section.PARTICIPANTS, title="Made up", bodies=bodies, role=role)


def mean_over(key: str, counts: Counts, partitions: Iterable[tuple[str, Sequence[str]]]) -> Finding:
    """A finding that prints one mean resting on `key`."""
    table = Table(
        id="m",
        title="Mean",
        columns=(Column("mean", "Mean"),),
        rows=(Row((Number(4.0, Quantity.MEAN, key),)),),
    )
    body = Body(
        tables=(table,),
        counts=dict(counts),
        bases=frozenset({key}),
        partitions=tuple(Partition(whole, tuple(parts)) for whole, parts in partitions),
    )
    return finding_of(body, finding_id="mean")


def compositions(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to place `total` people in `cells` cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, cells - 1):
            yield (first, *rest)


def published(release: Release) -> Hashable:
    """All that a reader of the release sees, as one comparable thing."""
    return (
        tuple(sorted((key, repr(shown)) for key, shown in release.shown.items())),
        tuple((f.refusal, f.told, repr(f.body)) for f in release.findings),
    )


def too_well_known(
    worlds: Iterable[tuple[int, ...]],
    findings: Callable[[tuple[int, ...]], tuple[Sequence[Finding], Counts]],
    *,
    threshold: int = 3,
) -> list[tuple[str, set[int], Hashable]]:
    """Run the gate on every possible world, and list the small or hidden counts a reader who knows the gate can
    pin down to fewer than `threshold` values, with the values left and what was published."""
    by_output: dict[Hashable, list[tuple[Counts, Release]]] = defaultdict(list)
    for world in worlds:
        made, counts = findings(world)
        release = gate(made, policy=Policy(floor=3), threshold=threshold)
        by_output[published(release)].append((counts, release))
    faults = []
    for output, possible in by_output.items():
        _, release = possible[0]
        for key in possible[0][0]:
            values = {counts[key] for counts, _ in possible}
            hidden = type(release.shown.get(key)).__name__ == "Withheld"
            small = min(values) < threshold
            if (small or (hidden and key in release.shown)) and len(values) < threshold:
                faults.append((key, values, output))
    return faults
