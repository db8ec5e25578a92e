"""Tables of change between two waves: means, tests, sizes, bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from casearc.analyses.change.measure import SIZES, TESTS, PairedChange
from casearc.analyses.change.resampled import within_site
from casearc.analyses.dataset import StudyData
from casearc.analyses.wording import capital, interval_heading
from casearc.findings import (
    Blank,
    Cell,
    Column,
    CountRef,
    Interval,
    Number,
    Quantity,
    Row,
    Sentence,
    Table,
    Tally,
    Text,
)
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.resampling import BootstrapIntervals
from casearc.study import Outcome

CHANGE_COLUMNS = (
    Column("interval", "Between"),
    Column("n", "n"),
    Column("mean_before", "Mean before"),
    Column("sd_before", "SD"),
    Column("mean_after", "Mean after"),
    Column("sd_after", "SD"),
    Column("estimate", "Change"),
)
TEST_COLUMNS = (
    Column("interval", "Between"),
    Column("statistic", "t"),
    Column("df", "df"),
    Column("p_value", "p (t test)"),
    Column("signed_rank", "V"),
    Column("p_wilcoxon", "p (Wilcoxon)"),
)
WHY_NO_TEST = "Tests need changes that differ between people, and enough people."
WHY_NO_SIZE = "Sizes and their intervals need scores and changes that differ between people, and enough people."
WHY_NO_DRAWS = "Drawing people anew needs changes that differ between them, and enough people."


def change_table(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> Table:
    """Means at both waves and their difference."""
    definition = data.score_definition(outcome)
    return Table(
        id=f"change_{outcome.id}",
        title=f"{capital(data.label(outcome))}: change between waves",
        columns=(*CHANGE_COLUMNS, _interval_column(data)),
        rows=tuple(_change_row(change) for change in changes),
        notes=(Sentence(f"Unit: {definition.unit}. Each row holds those measured at both waves."),),
    )


def _interval_column(data: StudyData) -> Column:
    return Column("conf", interval_heading(1 - data.plan.inference.alpha))


def _change_row(change: PairedChange) -> Row:
    def number(value: np.floating[Any], quantity: Quantity) -> Cell:
        return Number(float(value), quantity, change.key)

    return Row(
        (
            Text(change.between),
            CountRef(change.key),
            number(np.mean(change.before), Quantity.MEAN),
            number(np.std(change.before, ddof=1), Quantity.SD),
            number(np.mean(change.after), Quantity.MEAN),
            number(np.std(change.after, ddof=1), Quantity.SD),
            number(np.mean(change.difference), Quantity.DIFFERENCE),
            _students(change),
        )
    )


def _students(change: PairedChange) -> Cell:
    t = change.t
    return Blank() if t is None else Interval(t.low, t.high, t.level, Quantity.DIFFERENCE, change.key)


def test_table(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> Table:
    """The paired t test and the signed-rank test."""
    return Table(
        id=f"change_{outcome.id}-tests",
        behind=True,
        title=f"{capital(data.label(outcome))}: tests of change",
        columns=TEST_COLUMNS,
        rows=tuple(_test_row(change) for change in changes),
        notes=(_how_tested(changes), *_not_computed(changes, TESTS, WHY_NO_TEST)),
    )


def _test_row(change: PairedChange) -> Row:
    t, rank = change.t, change.rank
    tested = None if t is None else ((t.t, Quantity.STATISTIC), (t.df, Quantity.DF), (t.p, Quantity.P_VALUE))
    # V is a sum of ranks: like df it would give n away
    ranked = None if rank is None else ((rank.v, Quantity.DF), (rank.p, Quantity.P_VALUE))
    return Row((Text(change.between), *_numbers(change, tested, 3), *_numbers(change, ranked, 2)))


def _numbers(change: PairedChange, values: Sequence[tuple[float, Quantity]] | None, width: int) -> list[Cell]:
    if values is None:
        return [Blank()] * width
    return [Number(float(value), quantity, change.key) for value, quantity in values]


def _how_tested(changes: Sequence[PairedChange]) -> Sentence:
    methods = sorted({str(change.rank.method) for change in changes if change.rank is not None})
    return Sentence(
        "Paired t test; Wilcoxon signed-rank test ({method}).",
        {"method": Text(" and ".join(methods) or "not computed")},
    )


def _not_computed(changes: Sequence[PairedChange], names: Mapping[str, str], why: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(f"{capital(change.between)}: {' and '.join(missing)} could not be computed. {why}")
        for change in changes
        if (missing := change.missing(names))
    )


def size_table(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> Table:
    """How large the change is, on four scales."""
    return Table(
        id=f"change_{outcome.id}-size",
        behind=True,
        title=f"{capital(data.label(outcome))}: size of change",
        columns=(
            Column("interval", "Between"),
            Column("size", "Size"),
            Column("estimate", "Estimate"),
            _interval_column(data),
        ),
        rows=tuple(row for change in changes for row in _size_rows(change)),
        notes=(
            Sentence("d_z: mean change over the SD of the changes; exact interval if changes are normal."),
            Sentence("d_av: mean change over the average SD of the two waves; Bonett's large-sample interval."),
            Sentence(
                "Rank-biserial: of those who changed, how far up outweighs down, from −1 to 1; approximate interval "
                "(Sen's variance on Fisher's z)."
            ),
            Sentence("Typical change: Hodges-Lehmann, in points; interval from the signed-rank test, ends included."),
            *_not_computed(changes, SIZES, WHY_NO_SIZE),
        ),
    )


def _size_rows(change: PairedChange) -> list[Row]:
    sizes: tuple[tuple[str, EstimateInterval | None, Quantity], ...] = (
        ("d_z", change.standardized, Quantity.EFFECT_SIZE),
        ("d_av", change.average, Quantity.EFFECT_SIZE),
        ("Rank-biserial", change.biserial, Quantity.EFFECT_SIZE),
        ("Typical change", change.typical, Quantity.DIFFERENCE),
    )
    return [
        Row((Text(change.between), Text(name), *_estimated(found, quantity, change.key)))
        for name, found, quantity in sizes
    ]


def _estimated(found: EstimateInterval | None, quantity: Quantity, key: str) -> tuple[Cell, Cell]:
    if found is None:
        return Blank(), Blank()
    interval = Interval(found.low, found.high, found.level, quantity, key)
    return Number(found.estimate, quantity, key), interval


def bootstrap_table(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> Table:
    """The interval of the mean change by t, and by drawing people anew."""
    plan = data.plan
    where = "each within their site" if within_site(plan) else "whatever their site"
    drawn = Sentence(
        f"Participants drawn anew {{draws}} times by the plan's seed, {where}; percentile and BCa limits from the same "
        "draws, widened for the number of participants.",
        {"draws": Tally(plan.inference.bootstrap)},
    )
    return Table(
        id=f"change_{outcome.id}-bootstrap",
        behind=True,
        title=f"{capital(data.label(outcome))}: mean change, its interval by bootstrap",
        columns=(
            Column("interval", "Between"),
            Column("estimate", "Change"),
            Column("conf_t", "By t"),
            Column("conf_percentile", "Percentile"),
            Column("conf_bca", "BCa"),
        ),
        rows=tuple(_bootstrap_row(change) for change in changes),
        notes=(drawn, *_not_computed(changes, {"resampled": "the bootstrap intervals"}, WHY_NO_DRAWS)),
    )


def _bootstrap_row(change: PairedChange) -> Row:
    mean = Number(float(np.mean(change.difference)), Quantity.DIFFERENCE, change.key)
    drawn = change.resampled
    limits = (None, None) if drawn is None else (drawn.percentile, drawn.bca)
    return Row((Text(change.between), mean, _students(change), *(_drawn(found, change.key) for found in limits)))


def _drawn(found: BootstrapIntervals | None, key: str) -> Cell:
    """Limits that are open say nothing."""
    if found is None or not np.isfinite([found.low[0], found.high[0]]).all():
        return Blank()
    return Interval(float(found.low[0]), float(found.high[0]), found.level, Quantity.DIFFERENCE, key)
