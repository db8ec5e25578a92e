"""How many scores rose, fell and stayed, and tests that those counts go into: told in the finest body only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casearc.analyses.change.measure import PairedChange
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.analyses.wording import capital
from casearc.findings import Blank, Cell, Column, CountRef, Number, Quantity, Role, Row, Sentence, Table, TestRun, Text
from casearc.statistics.paired import SignedRank, SignTest
from casearc.study import Outcome

COLUMNS = (
    Column("interval", "Between"),
    Column("rose", "Rose"),
    Column("fell", "Fell"),
    Column("unchanged", "Unchanged"),
    Column("p_sign", "p (sign test)"),
    Column("p_pratt", "p (Pratt)"),
)
NOBODY_CHANGED = "could not be tested: it needs people whose score changed."


def direction_keys(change: PairedChange) -> tuple[str, str, str]:
    """Keys of those whose score rose, fell and stayed."""
    return f"{change.key}:rose", f"{change.key}:fell", f"{change.key}:unchanged"


def note_directions(ledger: Ledger, change: PairedChange) -> None:
    """Tell the ledger how those measured at both waves fall into rose, fell and unchanged."""
    signs = change.signs
    counts = (0, 0, len(change.before)) if signs is None else (signs.up, signs.down, signs.unchanged)
    ledger.split(change.key, dict(zip(direction_keys(change), counts, strict=True)))


def direction_table(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> Table:
    """Scores that rose and fell; the ledger knows their counts."""
    untested = [change for change in changes if change.signs is None]
    return Table(
        id=f"change_{outcome.id}-direction",
        behind=True,
        title=f"{capital(data.label(outcome))}: scores that rose and scores that fell",
        columns=COLUMNS,
        rows=tuple(_row(change) for change in changes),
        notes=(
            Sentence(
                "Exact sign test of those whose score changed: it supposes nothing about how far scores move. Pratt's "
                "signed-rank test takes those who did not change into the ranking."
            ),
            *(Sentence(f"{capital(change.between)} {NOBODY_CHANGED}") for change in untested),
        ),
    )


def _row(change: PairedChange) -> Row:
    counts = [CountRef(key) for key in direction_keys(change)]
    return Row((Text(change.between), *counts, _p(change, change.signs), _p(change, change.pratt)))


def _p(change: PairedChange, test: SignTest | SignedRank | None) -> Cell:
    return Blank() if test is None else Number(test.p, Quantity.P_VALUE, change.key)


def direction_tests(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> Iterator[TestRun]:
    """Both tests of each interval. Their p follow from three counts, and are told only where those are large enough."""
    for change in changes:
        for id_, name, test in (
            ("sign", "sign test", change.signs),
            ("pratt", "signed rank, those who did not change ranked too", change.pratt),
        ):
            if test is not None:
                yield TestRun(
                    id=f"change.{outcome.id}.{change.first}.{change.second}.{id_}",
                    label=f"{capital(data.label(outcome))}, {change.between}: {name}",
                    p=test.p,
                    n_key=change.key,
                    role=Role.EXPLORATORY,
                    supports=frozenset(direction_keys(change)),
                )
