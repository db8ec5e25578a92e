"""Made-up reports whose counts hang together in the ways the real ones do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hypothesis import strategies as st

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
)

Sums = Iterable[tuple[str, Sequence[str]]]
small = st.integers(0, 14)


def counted(name: str, shown: Sequence[str], counts: Mapping[str, int], sums: Sums, **more: object) -> Body:
    """A body that prints counts."""
    rows = tuple(Row((CountRef(key),)) for key in shown)
    table = Table(id=name, title=name, columns=(Column("n", "People"),), rows=rows)
    return _body(table, counts, sums, **more)


def meant(name: str, keys: Sequence[str], counts: Mapping[str, int], sums: Sums) -> Body:
    """A body that prints a mean over each of the keys."""
    rows = tuple(Row((Number(3.5, Quantity.MEAN, key),)) for key in keys)
    table = Table(id=name, title=name, columns=(Column("m", "Mean"),), rows=rows)
    return _body(table, counts, sums, bases=frozenset(keys))


def _body(table: Table, counts: Mapping[str, int], sums: Sums, **more: object) -> Body:
    partitions = tuple(Partition(whole, tuple(parts)) for whole, parts in sums)
    used = {key for p in partitions for key in (p.whole, *p.parts)} | {
        cell.key for row in table.rows for cell in row.cells if isinstance(cell, CountRef)
    }
    held = {key: value for key, value in counts.items() if key in used}
    return Body(tables=(table,), counts=held, partitions=partitions, **more)  # type: ignore[arg-type]


def finding(name: str, *bodies: Body, role: Role = Role.SECONDARY) -> Finding:
    """A finding of those bodies."""
    return Finding(id=name, section=Section.CHANGE, title=name, bodies=bodies, role=role)


@st.composite
def nested(draw: st.DrawFn) -> list[Finding]:
    """Enrolled, measured once, twice, complete: n inside n, a mean on each, and a table of the innermost."""
    cells = draw(st.lists(small, min_size=2, max_size=5))
    counts = {f"cell{i}": value for i, value in enumerate(cells)}
    sums: list[tuple[str, list[str]]] = [("n3", list(counts))]
    counts["n3"] = sum(cells)
    for outer, inner, gap in (("n2", "n3", "gap2"), ("n1", "n2", "gap1"), ("enrolled", "n1", "gap0")):
        counts[gap] = draw(st.integers(0, 20))
        counts[outer] = counts[inner] + counts[gap]
        sums.append((outer, [inner, gap]))
    shown = [f"cell{i}" for i in range(len(cells))]
    return [
        finding("means", meant("means", ["n1", "n2", "n3"], counts, sums[1:]), role=Role.PRIMARY),
        finding("table", counted("table", shown, counts, sums)),
        finding("flow", counted("flow", ["n1", "n2"], counts, sums[1:])),
    ]


@st.composite
def cohort(draw: st.DrawFn) -> list[Finding]:
    """A transition table between two waves with margins; some people were measured at one wave or none."""
    levels = draw(st.integers(2, 3))
    value = st.integers(0, draw(st.sampled_from([6, 14, 40])))
    cells = {f"c{i}{j}": draw(value) for i in range(levels) for j in range(levels)}
    counts = dict(cells)
    sums: list[tuple[str, list[str]]] = []
    for i in range(levels):
        for name, parts in (
            (f"from{i}", [f"c{i}{j}" for j in range(levels)]),
            (f"to{i}", [f"c{j}{i}" for j in range(levels)]),
        ):
            counts[name] = sum(counts[part] for part in parts)
            sums.append((name, parts))
    counts["both"] = sum(cells.values())
    margins = [f"{side}{i}" for side in ("from", "to") for i in range(levels)]
    sums += [("both", margins[:levels]), ("both", margins[levels:])]
    counts |= {key: draw(st.integers(0, 15)) for key in ("first_only", "second_only", "neither")}
    counts["first"] = counts["both"] + counts["first_only"]
    counts["second"] = counts["both"] + counts["second_only"]
    counts["enrolled"] = counts["first"] + counts["second_only"] + counts["neither"]
    outer = [
        ("enrolled", ["both", "first_only", "second_only", "neither"]),
        ("first", ["both", "first_only"]),
        ("second", ["both", "second_only"]),
    ]
    kinds = {
        "up": [(i, j) for i in range(levels) for j in range(levels) if i < j],
        "same": [(i, i) for i in range(levels)],
        "down": [(i, j) for i in range(levels) for j in range(levels) if i > j],
    }
    counts |= {name: sum(counts[f"c{i}{j}"] for i, j in pairs) for name, pairs in kinds.items()}
    moves = [("both", list(kinds)), *((name, [f"c{i}{j}" for i, j in pairs]) for name, pairs in kinds.items())]
    return [
        finding("means", meant("means", ["first", "second", "both"], counts, outer), role=Role.PRIMARY),
        finding(
            "transitions",
            counted("fine", [*cells, *margins], counts, [*outer, *sums]),
            counted("coarse", list(kinds), counts, [*outer, *moves]),
        ),
        finding("levels", counted("levels", margins[:levels], counts, sums[-2:-1]), role=Role.DESCRIPTIVE),
    ]


@st.composite
def cross_tables(draw: st.DrawFn) -> list[Finding]:
    """Gender by housing and gender by race: the tables share the margin of gender."""
    size, other = draw(st.integers(2, 3)), draw(st.integers(2, 3))
    rows = [f"g{i}" for i in range(size)]
    first = {f"g{i}h{j}": draw(small) for i in range(size) for j in range(other)}
    counts = dict(first) | {row: sum(first[f"{row}h{j}"] for j in range(other)) for row in rows}
    second: dict[str, int] = {}
    for row in rows:
        part = draw(st.integers(0, counts[row]))
        second |= {f"{row}r0": part, f"{row}r1": counts[row] - part}
    counts |= second
    counts |= {f"h{j}": sum(counts[f"{row}h{j}"] for row in rows) for j in range(other)}
    counts |= {f"r{j}": sum(counts[f"{row}r{j}"] for row in rows) for j in range(2)}
    counts["enrolled"] = sum(first.values())

    def table(letter: str, columns: int) -> Finding:
        tops = [f"{letter}{j}" for j in range(columns)]
        sums = [
            ("enrolled", rows),
            ("enrolled", tops),
            *((row, [f"{row}{letter}{j}" for j in range(columns)]) for row in rows),
            *((top, [f"{row}{top}" for row in rows]) for top in tops),
        ]
        shown = [f"{row}{top}" for row in rows for top in tops]
        return finding(letter, counted(letter, [*shown, *rows, *tops], counts, sums))

    return [table("h", other), table("r", 2)]


@st.composite
def two_findings(draw: st.DrawFn) -> list[Finding]:
    """The same people told in two groupings, one finer than the other, and a third that cuts across both."""
    values = draw(st.lists(st.integers(0, 25), min_size=4, max_size=4))
    counts = dict(zip("abcd", values, strict=True))
    counts |= {"ab": counts["a"] + counts["b"], "cd": counts["c"] + counts["d"], "bc": counts["b"] + counts["c"]}
    counts |= {"ad": counts["a"] + counts["d"], "enrolled": sum(values)}
    coarse = [("enrolled", ["ab", "cd"]), ("ab", ["a", "b"]), ("cd", ["c", "d"])]
    across = [("enrolled", ["bc", "ad"]), ("bc", ["b", "c"]), ("ad", ["a", "d"])]
    return [
        finding("coarse", counted("coarse", ["ab", "cd"], counts, coarse), role=Role.PRIMARY),
        finding("across", counted("across", ["bc", "ad"], counts, across)),
        finding("fine", counted("fine", list("abcd"), counts, [("enrolled", list("abcd")), *coarse, *across])),
    ]
