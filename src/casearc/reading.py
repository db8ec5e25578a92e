"""Reading a body: which counts it prints, and which n stand behind its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casearc.findings import (
    Body,
    Cell,
    CountBars,
    CountRef,
    Curves,
    Figure,
    Flows,
    Forest,
    Interval,
    Number,
    Sentence,
    ShareRef,
)


def displayed(body: Body) -> tuple[str, ...]:
    """Return the keys printed as counts of people, in the order of the body; the n behind numbers are not."""
    keys: dict[str, None] = {}
    for cell in cells(body):
        if isinstance(cell, CountRef):
            keys.setdefault(cell.key)
        elif isinstance(cell, ShareRef):
            keys.setdefault(cell.part)
            keys.setdefault(cell.whole)
    for figure in body.figures:
        keys.update(dict.fromkeys(drawn_counts(figure)))
    return tuple(key for key in keys if key not in body.bases)


def bases(body: Body) -> tuple[str, ...]:
    """Return the keys of the n behind numbers that the body does not print as counts, sorted."""
    keys = set(body.bases)
    for cell in cells(body):
        if isinstance(cell, Number | Interval) and cell.rests_on is not None:
            keys.add(cell.rests_on)
    for figure in body.figures:
        keys.update(_rests_on(figure))
    return tuple(sorted(keys - set(displayed(body))))


def cells(body: Body) -> Iterator[Cell]:
    """Yield every cell of tables, notes, sentences, headline and words for figures."""
    for table in body.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.slots.values() if isinstance(cell, Sentence) else (cell,)
        yield from _slots(table.notes)
    yield from _slots(body.sentences)
    if body.headline is not None:
        yield from _slots([body.headline])
    yield from _slots([figure.alt for figure in body.figures])


def _slots(sentences: Iterable[Sentence]) -> Iterator[Cell]:
    for sentence in sentences:
        yield from sentence.slots.values()


def drawn_counts(figure: Figure) -> tuple[str, ...]:
    """Return the keys a figure draws as counts."""
    match figure.drawing:
        case CountBars(keys=keys):
            return keys
        case Flows(flows=flows):
            return tuple(key for row in flows for key in row)
        case _:
            return ()


def _rests_on(figure: Figure) -> tuple[str, ...]:
    match figure.drawing:
        case Curves(curves=curves):
            return tuple(curve.rests_on for curve in curves)
        case Forest(rows=rows):
            return tuple(row.rests_on for row in rows)
        case _:
            return ()
