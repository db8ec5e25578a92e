"""Whether imputations look right, whether the chains have settled, and whether there are enough of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector
from casearc.statistics.imputation._layout import Kind
from casearc.statistics.imputation.pooling import Pooled
from casearc.statistics.results import Result, Row

DRIFTING = 1.2
"""R-hat above which a note asks for more iterations."""

SHORTEST = 4
"""Iterations in the second half of a run below which convergence cannot be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelShares(Result):
    """Share of people at one level of a category, among those observed and among those imputed."""

    level: float
    share_observed: float
    share_imputed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSummary(Result):
    """Observed beside imputed values of one column.

    A difference is not an error: values missing at random may well differ. One that cannot be explained by who is
    missing says that the model of this column, or the column itself, deserves a look.

    Attributes
    ----------
    mean_imputed, sd_imputed
        Over all imputations together; None where nothing was missing, and for categories, which have `shares`.
    r_hat
        How much the imputations' chains differ beyond their own wandering, over the second half of the iterations:
        near 1 when they have mixed. None below seven iterations, or where chains do not move.
    autocorrelation
        Correlation over imputations of one iteration's mean with the next, averaged; near 0 when there is no trend.
    """

    name: str
    kind: Kind
    n_observed: int
    n_missing: int
    share_missing: float
    mean_observed: float | None
    sd_observed: float | None
    mean_imputed: float | None
    sd_imputed: float | None
    shares: tuple[LevelShares, ...]
    r_hat: float | None
    autocorrelation: float | None

    def rows(self) -> list[Row]:
        """One row for a number; one a level for a category."""
        row: Row = {
            "column": self.name,
            "kind": self.kind,
            "level": None,
            "n_missing": self.n_missing,
            "share_missing": self.share_missing,
            "observed": self.mean_observed,
            "imputed": self.mean_imputed,
            "sd_observed": self.sd_observed,
            "sd_imputed": self.sd_imputed,
            "r_hat": self.r_hat,
            "autocorrelation": self.autocorrelation,
        }
        if not self.shares:
            return [row]
        return [
            {**row, "level": each.level, "observed": each.share_observed, "imputed": each.share_imputed}
            for each in self.shares
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputationsNeeded(Result):
    """How many imputations make standard errors repeatable.

    Attributes
    ----------
    needed
        Imputations after which a repetition with another seed would change a standard error by about
        `relative_error` (its coefficient of variation).
    largest_fmi, fmi_high
        The largest fraction of missing information among the coefficients, and the upper limit of its 95 % interval,
        on which `needed` rests.
    enough
        Whether the imputations at hand suffice.
    """

    imputations: int
    needed: int
    enough: bool
    relative_error: float
    largest_fmi: float
    fmi_high: float


def imputations_needed(pooled: Pooled, *, relative_error: float = 0.05) -> ImputationsNeeded:
    """Advise on the number of imputations from a pilot run.

    Raises
    ------
    StatisticsRefusedError
        A relative error that is not above 0.

    Notes
    -----
    M = 1 + (fmi / cv)2 / 2 at the upper 95 % limit of the logit of fmi, whose standard error is sqrt(2 / M): von Hippel
    (2020), Sociological Methods & Research 49:699-718. The Monte Carlo error of each estimate, sqrt(B / M), stands in
    `Pooled.monte_carlo_errors`.

    Examples
    --------
    >>> from casearc.statistics.imputation import pool
    >>> imputations_needed(pool([[1.0], [1.2], [0.8], [1.1], [0.9]], [[0.1]] * 5, df_complete=90)).needed
    65
    """
    if relative_error <= 0.0:
        raise StatisticsRefusedError("The relative error asked for must be above 0, for example 0.05.")
    fmi = float(min(max(pooled.fmi.max(), 1e-6), 1.0 - 1e-6))
    logit = math.log(fmi / (1.0 - fmi)) + dist.normal_quantile(0.975) * math.sqrt(2.0 / pooled.imputations)
    high = 1.0 / (1.0 + math.exp(-logit))
    needed = max(2, math.ceil(1.0 + 0.5 * (high / relative_error) ** 2))
    return ImputationsNeeded(
        imputations=pooled.imputations,
        needed=needed,
        enough=pooled.imputations >= needed,
        relative_error=relative_error,
        largest_fmi=fmi,
        fmi_high=high,
    )


def r_hat(means: Matrix) -> float | None:
    """Gelman & Rubin's (1992) potential scale reduction of the second half of chains (iterations, M)."""
    half = means[means.shape[0] // 2 :]
    length = half.shape[0]
    if length < SHORTEST or half.shape[1] < 2:
        return None
    within = float(half.var(axis=0, ddof=1).mean())
    between = float(half.mean(axis=0).var(ddof=1))
    if within <= 1e-24 * max(float(np.abs(half).max()) ** 2, 1e-300):
        return None
    return math.sqrt((length - 1) / length + between / within)


def autocorrelation(means: Matrix) -> float | None:
    """Correlation over imputations of successive iterations, averaged over the second half; None if that is short."""
    half = means[means.shape[0] // 2 :]
    if half.shape[0] < SHORTEST or half.shape[1] < 3:
        return None
    centered = half - half.mean(axis=1, keepdims=True)
    size = np.sqrt((centered**2).sum(axis=1))
    if (size <= 1e-12 * max(float(np.abs(half).max()), 1e-300)).any():
        return None
    unit = centered / size[:, None]
    return float((unit[1:] * unit[:-1]).sum(axis=1).mean())


def summarized(
    values: Matrix,
    completed: NDArray[np.float64],
    *,
    names: Sequence[str],
    kinds: Sequence[Kind],
    levels: Sequence[Vector | None],
    convergence: Mapping[int, tuple[float | None, float | None]],
) -> tuple[ColumnSummary, ...]:
    """Summaries of all columns; `values` (n, p) with nan, `completed` (M, n, p), both with categories as 0, 1, 2 …."""
    return tuple(
        _summary(
            values[:, j],
            completed[:, np.isnan(values[:, j]), j],
            name=name,
            kind=kind,
            levels=level,
            convergence=convergence.get(j, (None, None)),
        )
        for j, (name, kind, level) in enumerate(zip(names, kinds, levels, strict=True))
    )


def _summary(
    column: Vector,
    imputed: Matrix,
    *,
    name: str,
    kind: Kind,
    levels: Vector | None,
    convergence: tuple[float | None, float | None],
) -> ColumnSummary:
    seen = column[~np.isnan(column)]
    number = levels is None
    filled = number and imputed.size > 0
    return ColumnSummary(
        name=name,
        kind=kind,
        n_observed=int(seen.size),
        n_missing=int(column.size - seen.size),
        share_missing=(column.size - seen.size) / column.size,
        mean_observed=float(seen.mean()) if number else None,
        sd_observed=float(seen.std(ddof=1)) if number and seen.size > 1 else None,
        mean_imputed=float(imputed.mean()) if filled else None,
        sd_imputed=float(imputed.std(ddof=1)) if filled else None,
        shares=()
        if levels is None
        else tuple(
            LevelShares(
                level=float(level),
                share_observed=float((seen == code).mean()),
                share_imputed=float((imputed == code).mean()) if imputed.size else None,
            )
            for code, level in enumerate(levels)
        ),
        r_hat=convergence[0],
        autocorrelation=convergence[1],
    )
