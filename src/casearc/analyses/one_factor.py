"""Do the items of a score measure one thing: the fit of one factor, where there are enough people for so many items."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.analyses.attempt import attempt
from casearc.analyses.item_consistency import known
from casearc.analyses.item_quality import Answers, complete_key
from casearc.analyses.wording import capital, wave_label
from casearc.findings import (
    Blank,
    Cell,
    Column,
    Interval,
    Number,
    Quantity,
    Role,
    Row,
    Sentence,
    Table,
    TestRun,
    Text,
)
from casearc.instruments import Instrument
from casearc.psychometrics import OneFactorFit, one_factor

LEAST_AN_ITEM = 5
"""So many people an item, half of what is asked for stable loadings; below, fit says more about n than about items."""

LEAST_ITEMS = 4
"""Three items fit one factor whatever they are."""

COLUMNS = (
    Column("score", "Score"),
    Column("statistic", "χ² (df)"),
    Column("p_value", "p"),
    Column("cfi", "CFI"),
    Column("tli", "TLI"),
    Column("rmsea", "RMSEA"),
    Column("conf", "90 % interval"),
    Column("srmr", "SRMR"),
)
NOTE = (
    "χ² tests that one factor leaves nothing over (maximum likelihood, Bartlett's correction; answers taken as normal)."
    " CFI and TLI near 1, RMSEA and SRMR near 0: one factor describes the items. With few people all four vary widely."
)
TOO_FEW = (
    "Blank: fewer than five people an item, or items that bear no single factor (one would take all that an item has "
    "of its own)."
)
PLAIN = (
    "Whether the items of one score measure one thing is told in the table of one factor; where they do not, the score "
    "mixes several."
)


def one_factor_table(
    instrument: Instrument, scales: Sequence[Answers]
) -> tuple[tuple[Sentence, ...], tuple[Table, ...], tuple[TestRun, ...]]:
    """A sentence before it, the table and its tests; nothing where no score has items enough."""
    asked = [found for found in scales if len(found.score.items) >= LEAST_ITEMS]
    if not asked:
        return (), (), ()
    fits = [(found, _fit(found)) for found in asked]
    name = instrument.reference.replace(":", "_").replace("-", "_")
    refused = [Sentence(TOO_FEW)] if any(fit is None for _, fit in fits) else []
    table = Table(
        id=f"one_factor_{name}",
        behind=True,
        title=f"{instrument.title}: does one factor describe the items at {wave_label(asked[0].wave)}",
        columns=COLUMNS,
        rows=tuple(_row(instrument, found, fit) for found, fit in fits),
        notes=(Sentence(NOTE), *refused),
    )
    tests = tuple(_test(instrument, found, fit) for found, fit in fits if fit is not None)
    return (Sentence(PLAIN),), (table,), tests


def _fit(found: Answers) -> OneFactorFit | None:
    people, items = found.complete.shape
    return attempt(lambda: one_factor(found.complete)) if people >= LEAST_AN_ITEM * items else None


def _row(instrument: Instrument, found: Answers, fit: OneFactorFit | None) -> Row:
    name = Text(capital(found.score.label))
    if fit is None:
        return Row((name, *(Blank() for _ in COLUMNS[1:])))
    key = complete_key(instrument, found)
    test: Cell = Sentence(
        "{chi2} ({df})",
        {"chi2": Number(fit.chi2, Quantity.STATISTIC, key), "df": Number(float(fit.df), Quantity.LEVEL)},
    )
    return Row(
        (
            name,
            test,
            known(fit.p, Quantity.P_VALUE, key),
            known(fit.cfi, Quantity.FIT, key),
            known(fit.tli, Quantity.FIT, key),
            known(fit.rmsea, Quantity.FIT, key),
            Interval(fit.rmsea_low, fit.rmsea_high, fit.rmsea_level, Quantity.FIT, key),
            known(fit.srmr, Quantity.FIT, key),
        )
    )


def _test(instrument: Instrument, found: Answers, fit: OneFactorFit) -> TestRun:
    return TestRun(
        id=f"instruments.{instrument.reference}.one_factor.{found.score.id}",
        label=f"{capital(found.score.label)} at {wave_label(found.wave)}: does one factor describe the items",
        p=fit.p,
        n_key=complete_key(instrument, found),
        role=Role.DESCRIPTIVE,
    )
