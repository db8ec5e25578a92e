"""Taking out of a body what may not leave, and saying so.

What stays although the n behind it is shown as a band: means, SDs, standard errors, intervals, coefficients,
test statistics and p-values. A standard error beside an SD lets a reader work the n out roughly, n ≈ (SD / SE)²,
to about one percent where both are printed to three figures; so does the mean of whole-number scores where many
decimals are printed (only some fractions have a given denominator). This is accepted: an n of about 88 among 95
says that about 7 are missing, which names nobody, describes nobody, and the reports print few decimals; leaving
standard errors out would cost the reader the very thing the report is for. Degrees of freedom give n exactly,
and so stay in the house unless n is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from casearc.disclosure.release import Band, Exact, Shown
from casearc.findings import (
    Blank,
    Body,
    Cell,
    CountBars,
    CountRef,
    Curves,
    Dots,
    Drawing,
    Figure,
    Flows,
    Forest,
    Hidden,
    Interval,
    Number,
    Quantity,
    Sentence,
    ShareRef,
    Table,
    Text,
)
from casearc.reading import drawn_counts

PERSONAL = frozenset({Quantity.EXTREME, Quantity.ORDER})
COUNT_HIDDEN = Hidden("small count")
NUMBER_HIDDEN = Hidden("too few participants")
PERSONAL_HIDDEN = Hidden("one participant's value")
PLAIN_ALT = Sentence("Some of the counts in this figure are not shown; the rest stand in the tables.")


@dataclass(slots=True)
class _Tally:
    """What was taken away, for the sentences."""

    statements: int = 0
    dots: int = 0
    drawings: int = 0
    tables: int = 0
    reasons: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Masked:
    """A body with nothing hidden in it. `empty`: no result is left. `told`: what was taken out, in sentences."""

    body: Body
    empty: bool
    told: tuple[str, ...]


def mask(body: Body, *, shown: Mapping[str, Shown], speaks: Callable[[str], bool], threshold: int) -> Masked:
    """Return what of a body may leave.

    Parameters
    ----------
    shown
        How each count is shown.
    speaks
        Whether numbers resting on a key may be shown.
    """
    return _Mask(shown, speaks).apply(body, threshold=threshold)


class _Mask:
    def __init__(self, shown: Mapping[str, Shown], speaks: Callable[[str], bool]) -> None:
        self._shown = shown
        self._speaks = speaks
        self._taken = _Tally()

    def apply(self, body: Body, *, threshold: int) -> Masked:
        headline = self._sentence(body.headline) if body.headline is not None else None
        sentences = self._sentences(body.sentences)
        tables = tuple(t for table in body.tables if (t := self._table(table)) is not None)
        figures = tuple(f for figure in body.figures if (f := self._figure(figure)) is not None)
        used = {key for key in body.counts if isinstance(self._shown.get(key), Exact)}
        masked = replace(
            body,
            headline=headline,
            sentences=sentences,
            tables=tables,
            figures=figures,
            counts={key: body.counts[key] for key in body.counts if key in used},
        )
        empty = not (sentences or tables or figures)
        return Masked(masked, empty, () if empty else self._told(body, threshold))

    def _cell(self, cell: Cell) -> Cell:
        kept = self._kept(cell)
        if isinstance(kept, Hidden):
            self._taken.reasons.add(kept.reason)
        return kept

    def _kept(self, cell: Cell) -> Cell:
        match cell:
            case CountRef(key):
                return cell if isinstance(self._shown.get(key), Exact | Band) else COUNT_HIDDEN
            case ShareRef(part, whole):
                return cell if self._is_exact(part) and self._is_exact(whole) else COUNT_HIDDEN
            case Number() | Interval():
                return self._number(cell)
            case Sentence():
                kept = [self._kept(slot) for slot in cell.slots.values()]
                return next((slot for slot in kept if isinstance(slot, Hidden)), cell)
            case _:
                return cell

    def _number(self, cell: Number | Interval) -> Cell:
        if cell.quantity in PERSONAL:
            return PERSONAL_HIDDEN
        if cell.rests_on is not None:
            if not self._speaks(cell.rests_on):
                return NUMBER_HIDDEN
            if cell.quantity is Quantity.DF and not self._is_exact(cell.rests_on):
                return COUNT_HIDDEN
        return cell

    def _is_exact(self, key: str) -> bool:
        return isinstance(self._shown.get(key), Exact)

    def _sentence(self, sentence: Sentence) -> Sentence | None:
        slots = {name: self._cell(cell) for name, cell in sentence.slots.items()}
        if any(isinstance(cell, Hidden) for cell in slots.values()):
            self._taken.statements += 1
            return None
        return replace(sentence, slots=slots)

    def _sentences(self, sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        return tuple(s for sentence in sentences if (s := self._sentence(sentence)) is not None)

    def _table(self, table: Table) -> Table | None:
        rows = tuple(replace(row, cells=tuple(self._cell(cell) for cell in row.cells)) for row in table.rows)
        cells = [cell for row in rows for cell in row.cells]
        if any(isinstance(cell, Hidden) for cell in cells) and all(
            isinstance(cell, Text | Blank | Hidden) for cell in cells
        ):
            self._taken.tables += 1
            return None
        return replace(table, rows=rows, notes=self._sentences(table.notes))

    def _figure(self, figure: Figure) -> Figure | None:
        drawing = self._drawing(figure)
        if drawing is None:
            return None
        slots = {name: self._kept(cell) for name, cell in figure.alt.slots.items()}
        hidden = any(isinstance(cell, Hidden) for cell in slots.values())
        alt = PLAIN_ALT if hidden else replace(figure.alt, slots=slots)
        return replace(figure, drawing=drawing, alt=alt)

    def _drawing(self, figure: Figure) -> Drawing | None:
        drawing = figure.drawing
        kept: Drawing | None = drawing
        match drawing:
            case Dots():
                self._taken.dots += 1
                return None
            case CountBars() | Flows():
                known = [isinstance(self._shown.get(key), Exact) for key in drawn_counts(figure)]
                if not all(known):
                    self._taken.reasons.add(COUNT_HIDDEN.reason)
                kept = drawing if any(known) else None
            case Curves(curves=curves):
                speaking = tuple(curve for curve in curves if self._speaks(curve.rests_on))
                kept = replace(drawing, curves=speaking) if speaking else None
            case Forest(rows=rows):
                left = tuple(row for row in rows if self._speaks(row.rests_on))
                kept = replace(drawing, rows=left) if left else None
        self._taken.drawings += kept is None
        return kept

    def _told(self, body: Body, threshold: int) -> tuple[str, ...]:
        taken = self._taken
        told = []
        if COUNT_HIDDEN.reason in taken.reasons:
            told.append(
                f"What is not shown would let somebody work out a count of people below {threshold}, zero included."
            )
        if NUMBER_HIDDEN.reason in taken.reasons:
            told.append(f"Results that rest on fewer than {threshold} participants are not shown.")
        if PERSONAL_HIDDEN.reason in taken.reasons:
            told.append("Minimum, maximum, median and quartiles are one participant's values and are not shown.")
        if taken.dots:
            told.append("A figure with one dot for each participant is left out.")
        for number, one, many in (
            (taken.statements, "One statement", "statements"),
            (taken.tables, "One table", "tables"),
            (taken.drawings, "One figure", "figures"),
        ):
            if number:
                start = one if number == 1 else f"{number} {many}"
                told.append(f"{start} of which too little could be shown {'is' if number == 1 else 'are'} left out.")
        return tuple(told)
