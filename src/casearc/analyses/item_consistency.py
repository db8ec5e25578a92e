"""How well the items of a score hang together, beside alpha: omega, correlations of items, error of measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.item_quality import Answers, complete_key
from casearc.analyses.wording import capital, interval_heading, wave_label
from casearc.findings import Blank, Cell, Column, CountRef, Interval, Number, Quantity, Row, Sentence, Table, Text
from casearc.instruments import Instrument, Kind
from casearc.psychometrics import Alpha, MeasurementError, Omega, cronbach_alpha, omega_total
from casearc.psychometrics import standard_error_of_measurement as error_of_measurement

Floats = npt.NDArray[np.float64]

SITE = "site"
NO_OMEGA = "ω is left out where a score has two items, or where one factor would take all that an item has of its own."


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """What the complete answers to one score's items say of it; None what they do not bear."""

    found: Answers
    omega: Omega | None
    alpha: Alpha | None
    between_items: float | None
    error: MeasurementError | None


def consistency_table(data: StudyData, instrument: Instrument, scales: Sequence[Answers]) -> Table:
    """One row a score, at one wave."""
    level = 1 - data.plan.inference.alpha
    measured = [_consistency(data, found, level=level) for found in scales]
    name = instrument.reference.replace(":", "_").replace("-", "_")
    return Table(
        id=f"consistency_{name}",
        behind=True,
        title=f"{instrument.title}: how well the items hang together at {wave_label(scales[0].wave)}",
        columns=(
            Column("score", "Score"),
            Column("n", "n"),
            Column("omega", "ω"),
            Column("conf", interval_heading(level)),
            Column("alpha_conf", f"α, {interval_heading(level)}"),
            Column("between_items", "Mean r between items"),
            Column("sem", "SEM"),
        ),
        rows=tuple(_row(instrument, each) for each in measured),
        notes=_notes(data, measured),
    )


def _consistency(data: StudyData, found: Answers, *, level: float) -> Consistency:
    items = found.complete
    alpha = attempt(lambda: _alpha(data, found, level=level)) or attempt(lambda: cronbach_alpha(items, level=level))
    return Consistency(
        found=found,
        omega=attempt(lambda: omega_total(items, level=level)),
        alpha=alpha,
        between_items=_between_items(items),
        error=None if alpha is None else attempt(lambda: error_of_measurement(_spread(found), alpha.alpha)),
    )


def _alpha(data: StudyData, found: Answers, *, level: float) -> Alpha:
    """Alpha with the interval for skewed answers: the plan's bootstrap, within site where a model's cluster is one."""
    draws = data.plan.inference.bootstrap
    if not draws:
        return cronbach_alpha(found.complete, level=level, interval="jackknife")
    return cronbach_alpha(
        found.complete,
        level=level,
        interval="BCa",
        draws=draws,
        rng_or_seed=data.plan.seed,
        strata=_sites(data, found) if any(model.cluster == SITE for model in data.plan.models) else None,
    )


def _sites(data: StudyData, found: Answers) -> list[str]:
    """The site of everybody with complete answers, in the order of the answers."""
    used = data.assignment.frame.select("administration_id", "enrollment_id")
    sites = used.join(data.people.select("enrollment_id", SITE), on="enrollment_id", how="left")
    rows = pl.DataFrame({"administration_id": found.administrations}).join(
        sites, on="administration_id", how="left", maintain_order="left"
    )
    return rows[SITE].fill_null("").filter(pl.Series(found.is_complete)).to_list()


def _between_items(items: Floats) -> float | None:
    """Mean correlation of two items; None where an item does not vary or there are hardly any people."""
    if len(items) < 3 or (np.ptp(items, axis=0) == 0).any():
        return None
    correlations = np.atleast_2d(np.corrcoef(items, rowvar=False))
    return float(correlations[np.triu_indices(items.shape[1], 1)].mean())


def _spread(found: Answers) -> float:
    """SD of the score itself, in its own unit."""
    scores = found.complete.sum(axis=1) if found.score.kind == Kind.SUM else found.complete.mean(axis=1)
    return float(np.std(scores, ddof=1))


def _row(instrument: Instrument, each: Consistency) -> Row:
    key = complete_key(instrument, each.found)
    omega, alpha, error = each.omega, each.alpha, each.error
    return Row(
        (
            Text(capital(each.found.score.label)),
            CountRef(key),
            known(None if omega is None else omega.omega, Quantity.RELIABILITY, key),
            Blank() if omega is None or omega.level is None else interval(omega.low, omega.high, omega.level, key),
            Blank() if alpha is None else interval(alpha.low, alpha.high, alpha.level, key),
            known(each.between_items, Quantity.RELIABILITY, key),
            known(None if error is None else error.sem, Quantity.STANDARD_ERROR, key),
        )
    )


def known(value: float | None, quantity: Quantity, key: str) -> Cell:
    """A number, or a blank where there is none."""
    return Blank() if value is None else Number(value, quantity, key)


def interval(low: float | None, high: float | None, level: float, key: str) -> Cell:
    """An interval of a reliability, open where a limit is none; blank where both are."""
    limits = [value if value is not None and np.isfinite(value) else None for value in (low, high)]
    return Blank() if limits == [None, None] else Interval(limits[0], limits[1], level, Quantity.RELIABILITY, key)


def _notes(data: StudyData, measured: Sequence[Consistency]) -> tuple[Sentence, ...]:
    methods = sorted({each.alpha.method.partition(",")[0] for each in measured if each.alpha is not None})
    how = " and ".join(methods) or "not computed"
    explained = (
        "ω: share of the total's variance that one factor explains, fitted by minimum residuals, with a jackknife "
        f"interval; alpha's interval here: {how}. SEM: how far a score usually lies from the person's true one, by α, "
        "in the score's unit."
    )
    missing = [Sentence(NO_OMEGA)] if any(each.omega is None for each in measured) else []
    return (Sentence(explained), *missing)
