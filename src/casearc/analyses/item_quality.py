"""Single items of an instrument: missing, spread, floor and ceiling, item-rest correlation, and answers all alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.wording import capital, wave_label
from casearc.findings import Blank, Cell, Column, CountRef, Number, Quantity, Row, Sentence, ShareRef, Table, Text
from casearc.instruments import Instrument, ScoreDefinition
from casearc.psychometrics import ItemStatistics, item_statistics

Floats = npt.NDArray[np.float64]

ITEM_COLUMNS = (
    Column("item", "Item"),
    Column("gist", "Gist (not the wording)"),
    Column("missing", "Missing"),
    Column("mean", "Mean"),
    Column("sd", "SD"),
    Column("floor", "At the low end"),
    Column("ceiling", "At the high end"),
    Column("item_rest", "Item-rest r"),
)
MANY_ITEMS = 10
"""From so many items on, one answer to all of them is worth a word: it may be haste, not a view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Keyed answers to one score's items at one wave, in the official coding; NaN where missing.

    `administrations` are the ids of the rows.
    """

    score: ScoreDefinition
    wave: str
    matrix: Floats
    administrations: tuple[str, ...]

    @property
    def is_complete(self) -> npt.NDArray[np.bool_]:
        """Which rows have every answer."""
        return np.asarray(np.isfinite(self.matrix).all(axis=1))

    @property
    def complete(self) -> Floats:
        """Rows without a missing answer."""
        return self.matrix[self.is_complete]


def complete_key(instrument: Instrument, found: Answers) -> str:
    """Key of those who answered every item of a scale at a wave."""
    return f"complete[{instrument.reference}.{found.score.id}@{found.wave}]"


def covering_scales(scales: Sequence[Answers]) -> list[Answers]:
    """Scales that together hold every item once or more, the longest first, with enough complete answers."""
    chosen: list[Answers] = []
    covered: set[str] = set()
    for found in sorted(scales, key=lambda found: -len(found.score.items)):
        if len(found.complete) > 1 and not set(found.score.items) <= covered:
            chosen.append(found)
            covered |= set(found.score.items)
    return chosen


def item_table(instrument: Instrument, ledger: Ledger, scales: Sequence[Answers]) -> Table:
    """One row an item, below its scale where there are several."""
    seen = f"answered[{instrument.reference}@{scales[0].wave}]"
    ledger.subset(ENROLLED, seen, len(scales[0].matrix), rest=f"not_{seen}")
    rows: list[Row] = []
    for found in scales:
        if len(scales) > 1:
            blanks = (Blank() for _ in ITEM_COLUMNS[1:])
            rows.append(Row((Text(capital(found.score.label)), *blanks), heading=True))
        rows += _item_rows(instrument, ledger, found, seen)
    name = instrument.reference.replace(":", "_").replace("-", "_")
    return Table(
        id=f"items_{name}",
        behind=True,
        title=f"{instrument.title}: items at {wave_label(scales[0].wave)}",
        columns=ITEM_COLUMNS,
        rows=tuple(rows),
        notes=(Sentence("Gists are this project's own short descriptions for staff, not the items' wording."),),
    )


def _item_rows(instrument: Instrument, ledger: Ledger, found: Answers, seen: str) -> list[Row]:
    statistics = item_statistics(found.complete, low=instrument.low, high=instrument.high)
    rows = []
    for position, item in enumerate(found.score.items):
        missing = f"{seen}:missing_{item}"
        ledger.subset(seen, missing, int(np.isnan(found.matrix[:, position]).sum()), rest=f"not_{missing}")
        cells = _item_cells(instrument, ledger, found, position, statistics[position])
        rows.append(Row((Text(item), Text(instrument.item(item).gist), CountRef(missing), *cells), indent=1))
    return rows


def _item_cells(
    instrument: Instrument, ledger: Ledger, found: Answers, position: int, statistics: ItemStatistics
) -> tuple[Cell, ...]:
    """Mean, SD, floor, ceiling and item-rest correlation, over those with every answer of the scale."""
    key, item = complete_key(instrument, found), found.score.items[position]
    low, high = (
        ledger.subset(
            key,
            f"{key}:{item}={end}",
            int((found.complete[:, position] == value).sum()),
            rest=f"{key}:{item}>{end}",
        )
        for end, value in (("low", instrument.low), ("high", instrument.high))
    )
    rest = statistics.item_rest
    return (
        Number(statistics.mean, Quantity.MEAN, key),
        Number(statistics.sd, Quantity.SD, key),
        ShareRef(low, key),
        ShareRef(high, key),
        Blank() if rest is None else Number(rest, Quantity.RELIABILITY, key),
    )


def straight_lined(instrument: Instrument, ledger: Ledger, scales: Sequence[Answers]) -> tuple[Sentence, ...]:
    """How many gave one and the same answer to every item they answered, where there are many items."""
    together = np.hstack([found.matrix for found in scales]) if len({len(f.matrix) for f in scales}) == 1 else None
    if together is None or together.shape[1] < MANY_ITEMS:
        return ()
    answered = (~np.isnan(together)).sum(axis=1)
    many = together[answered >= MANY_ITEMS]
    alike = int((np.nanmax(many, axis=1) == np.nanmin(many, axis=1)).sum()) if len(many) else 0
    seen = f"answered[{instrument.reference}@{scales[0].wave}]"
    key = f"{seen}:one_answer_to_all"
    ledger.subset(seen, key, alike, rest=f"not_{key}")
    return (
        Sentence(
            f"At {wave_label(scales[0].wave)}, {{alike}} of {{seen}} gave one and the same answer to every item.",
            {"alike": CountRef(key), "seen": CountRef(seen)},
        ),
    )
