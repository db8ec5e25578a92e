"""Contrasts of a mixed model's fixed effects."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, frozen, matrix
from casearc.statistics.mixed._inference import kenward_roger, satterthwaite
from casearc.statistics.mixed.fit import DfMethod, MixedFit, checked_df
from casearc.statistics.results import Result, Row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MixedContrast(Result):
    """Contrasts of fixed effects. One row a contrast, arrays of shape (m,); `f` tests all of them at once.

    The four are None with one contrast, whose F is the square of its t, and where contrasts overlap.
    """

    estimate: Vector
    standard_errors: Vector
    t: Vector
    df: Vector
    p: Vector
    low: Vector
    high: Vector
    level: float
    df_method: DfMethod
    f: float | None
    f_df: int | None
    f_df_denominator: float | None
    f_p: float | None
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a contrast."""
        columns = {
            "estimate": self.estimate,
            "std_error": self.standard_errors,
            "statistic": self.t,
            "df": self.df,
            "p_value": self.p,
            "conf_low": self.low,
            "conf_high": self.high,
        }
        return [{name: float(values[i]) for name, values in columns.items()} for i in range(self.estimate.size)]


def mixed_contrast(fit: MixedFit, contrasts: ArrayLike) -> MixedContrast:
    """Estimate and test combinations of the fixed effects, for example change during service less change before it.

    Parameters
    ----------
    fit
        A fit of `mixed`; its method of degrees of freedom holds here too.
    contrasts
        Shape (m, k): each row holds the weights of the k fixed effects.

    Raises
    ------
    StatisticsRefusedError
        Rows that do not have the columns of the fit, or are zero; variances too uncertain for any df.

    Notes
    -----
    Several contrasts at once: with Kenward-Roger their F and its scaling (1997), with Satterthwaite the df of Fai &
    Cornelius (1996), Journal of Statistical Computation and Simulation 54:363-378. Checked against R's
    ``lmerTest::contest`` and ``pbkrtest::KRmodcomp``.

    Examples
    --------
    >>> time = np.tile([0.0, 6.0, 12.0], 8)
    >>> X = np.column_stack([np.ones(24), np.minimum(time, 6.0), np.maximum(time - 6.0, 0.0)])
    >>> score = np.random.default_rng(1).normal(0.0, 1.0, 24) + 0.1 * time
    >>> from casearc.statistics.mixed import mixed
    >>> fit = mixed(X, score, groups=np.repeat(np.arange(8), 3), terms=["constant", "before", "during"])
    >>> round(float(mixed_contrast(fit, [[0.0, -1.0, 1.0]]).df[0]), 1)
    14.0
    """
    C = matrix(contrasts, name="The contrasts")
    if C.shape[1] != len(fit.terms):
        raise StatisticsRefusedError(
            f"The model has {len(fit.terms)} terms and the contrasts have {C.shape[1]} columns."
        )
    if not C.any(axis=1).all():
        raise StatisticsRefusedError("A contrast is zero for every term.", alternative="Leave it out.")
    apart = bool(np.linalg.matrix_rank(C) == C.shape[0])
    se = np.sqrt(np.einsum("mi,ij,mj->m", C, fit.covariance, C))
    estimate = C @ fit.coefficients
    df = checked_df(satterthwaite(fit.inference, C))
    half = dist.t_quantiles(0.5 + fit.level / 2.0, df) * se
    joint = _joint(fit, C) if C.shape[0] > 1 and apart else (None, None, None, None)
    return MixedContrast(
        estimate=frozen(estimate),
        standard_errors=frozen(se),
        t=frozen(estimate / se),
        df=frozen(df),
        p=frozen(dist.t_two_sided(estimate / se, df)),
        low=frozen(estimate - half),
        high=frozen(estimate + half),
        level=fit.level,
        df_method=fit.df_method,
        f=joint[0],
        f_df=joint[1],
        f_df_denominator=joint[2],
        f_p=joint[3],
        notes=_notes(fit, C, apart=apart, joint=joint),
    )


def _notes(fit: MixedFit, C: np.ndarray, *, apart: bool, joint: tuple[object, ...]) -> tuple[str, ...]:
    if not apart:
        return (*fit.notes, "The contrasts overlap, so they are not tested at once.")
    if C.shape[0] > 1 and joint[0] is None:
        return (*fit.notes, "Too few participants inform the contrasts for a test of all at once.")
    return fit.notes


def _joint(fit: MixedFit, C: np.ndarray) -> tuple[float, int, float, float] | tuple[None, None, None, None]:
    m = C.shape[0]
    estimate = C @ fit.coefficients
    f = float(estimate @ np.linalg.solve(C @ fit.covariance @ C.T, estimate)) / m
    if fit.df_method == "kenward-roger":
        found = kenward_roger(fit.inference, C)
        df, scaling = float(found[0]), float(found[1])
        if not (math.isfinite(df) and df > 0.0 and scaling > 0.0):
            return None, None, None, None
        return scaling * f, m, df, dist.f_upper(scaling * f, m, df)
    vectors = np.linalg.eigh(C @ fit.inference.phi @ C.T)[1]
    single = satterthwaite(fit.inference, vectors.T @ C)
    expected = float((single / (single - 2.0))[single > 2.0].sum())
    df = 2.0 * expected / (expected - m) if expected > m else 2.0
    return f, m, df, dist.f_upper(f, m, df)
