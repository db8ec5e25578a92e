"""Repeated-measures analysis of variance over waves, with the corrections for waves that are not alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import SAME, Matrix, Vector, frozen, matrix
from casearc.statistics.results import Result, Row

GIRDEN = 0.75
"""Below this Greenhouse-Geisser epsilon its correction is used, else Huynh and Feldt's (Girden 1992)."""

Correction = Literal["none", "Greenhouse-Geisser", "Huynh-Feldt"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepeatedMeasures(Result):
    """Repeated-measures analysis of variance.

    Attributes
    ----------
    n, waves, means
        Participants, waves, and the mean at each wave.
    f, df, df_error
        The F of waves and its df, before correction.
    p, p_greenhouse_geisser, p_huynh_feldt
        Uncorrected, and with both df multiplied by each epsilon.
    epsilon_greenhouse_geisser, epsilon_huynh_feldt
        1 where all differences between waves have the same variance, down to 1 / (waves - 1).
    correction, p_corrected
        The correction advised for these data (`GIRDEN`), and its p.
    mauchly_w, mauchly_p
        Mauchly's test of sphericity; None with two waves or with no more participants than waves.
    multivariate_f, multivariate_df, multivariate_p
        Hotelling's T squared as F, which needs no sphericity; None with fewer participants than waves, or where waves
        differ by a constant.
    partial_eta_squared, generalized_eta_squared
        Share of the variance left when participants are taken out; share with participants left in, which compares with
        designs between groups.
    ss_waves, ss_participants, ss_error
        Sums of squares.
    """

    n: int
    waves: int
    means: Vector
    f: float
    df: int
    df_error: int
    p: float
    epsilon_greenhouse_geisser: float
    p_greenhouse_geisser: float
    epsilon_huynh_feldt: float
    p_huynh_feldt: float
    correction: Correction
    p_corrected: float
    mauchly_w: float | None
    mauchly_p: float | None
    multivariate_f: float | None
    multivariate_df: tuple[int, int] | None
    multivariate_p: float | None
    partial_eta_squared: float
    generalized_eta_squared: float
    ss_waves: float
    ss_participants: float
    ss_error: float
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a correction, and one for the multivariate test."""
        found = [
            ("none", 1.0, self.p),
            ("Greenhouse-Geisser", self.epsilon_greenhouse_geisser, self.p_greenhouse_geisser),
            ("Huynh-Feldt", self.epsilon_huynh_feldt, self.p_huynh_feldt),
        ]
        rows: list[Row] = [
            {"term": "waves", "correction": name, "epsilon": epsilon, "statistic": self.f, "df": epsilon * self.df,
             "df_residual": epsilon * self.df_error, "p_value": p}
            for name, epsilon, p in found
        ]  # fmt: skip
        if self.multivariate_df is not None:
            df, df_error = self.multivariate_df
            rows.append(
                {"term": "waves", "correction": "multivariate", "epsilon": None, "statistic": self.multivariate_f,
                 "df": float(df), "df_residual": float(df_error), "p_value": self.multivariate_p}
            )  # fmt: skip
        return rows


@dataclass(frozen=True, slots=True)
class _Sphericity:
    greenhouse_geisser: float
    huynh_feldt: float
    mauchly_w: float | None
    mauchly_p: float | None


def repeated_measures_anova(scores: ArrayLike) -> RepeatedMeasures:
    """Test whether the means differ between waves of the same participants.

    Parameters
    ----------
    scores
        Shape (n, k): participants by waves, k >= 2, n >= 2, none missing. It speaks of those with every wave; the mixed
        model speaks of everybody enrolled.

    Raises
    ------
    StatisticsRefusedError
        Missing values, too few participants or waves, the same change for everybody.

    Notes
    -----
    Greenhouse & Geisser (1959), Psychometrika 24:95-112; Huynh & Feldt (1976), Journal of Educational Statistics
    1:69-82, as corrected by Lecoutre (1991), which with one group of participants is the same; Mauchly (1940), Annals
    of Mathematical Statistics 11:204-209, with Anderson's second-order term; generalized eta squared: Olejnik & Algina
    (2003), Psychological Methods 8:434-447. Checked against R's ``anova.mlm(test = "Spherical")``, ``mauchly.test`` and
    ``aov``.

    Examples
    --------
    >>> result = repeated_measures_anova([[1.0, 2.0, 4.0], [2.0, 3.0, 3.0], [1.0, 3.0, 4.0], [2.0, 2.0, 5.0]])
    >>> round(result.f, 4), round(result.epsilon_greenhouse_geisser, 4)
    (11.4, 0.7812)
    """
    values = matrix(scores, name="The scores")
    n, k = values.shape
    sums = _sums(values)
    df, df_error = k - 1, (n - 1) * (k - 1)
    f = (sums.waves / df) / (sums.error / df_error)
    contrasts = values @ _orthonormal(k)
    covariance = np.atleast_2d(np.cov(contrasts, rowvar=False))
    shape = _sphericity(covariance, n)
    gg, hf = shape.greenhouse_geisser, shape.huynh_feldt
    epsilon: dict[Correction, float] = {"none": 1.0, "Greenhouse-Geisser": gg, "Huynh-Feldt": hf}
    p = {name: dist.f_upper(f, e * df, e * df_error) for name, e in epsilon.items()}
    advised: Correction = "none" if k == 2 else "Greenhouse-Geisser" if gg < GIRDEN else "Huynh-Feldt"
    multivariate = _hotelling(contrasts.mean(axis=0), covariance, n)
    return RepeatedMeasures(
        n=n,
        waves=k,
        means=frozen(values.mean(axis=0)),
        f=f,
        df=df,
        df_error=df_error,
        p=p["none"],
        epsilon_greenhouse_geisser=gg,
        p_greenhouse_geisser=p["Greenhouse-Geisser"],
        epsilon_huynh_feldt=hf,
        p_huynh_feldt=p["Huynh-Feldt"],
        correction=advised,
        p_corrected=p[advised],
        mauchly_w=shape.mauchly_w,
        mauchly_p=shape.mauchly_p,
        multivariate_f=multivariate,
        multivariate_df=None if multivariate is None else (df, n - df),
        multivariate_p=None if multivariate is None else dist.f_upper(multivariate, df, n - df),
        partial_eta_squared=sums.waves / (sums.waves + sums.error),
        generalized_eta_squared=sums.waves / (sums.waves + sums.people + sums.error),
        ss_waves=sums.waves,
        ss_participants=sums.people,
        ss_error=sums.error,
        notes=_notes(shape, multivariate, k),
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    waves: float
    people: float
    error: float


def _sums(values: Matrix) -> _Sums:
    """Sums of squares of waves, participants and what they leave."""
    n, k = values.shape
    if n < 2 or k < 2:
        raise StatisticsRefusedError(
            f"Waves are compared within at least 2 participants and 2 waves; here are {n} and {k}.",
            alternative="Describe the participants in words instead of testing.",
        )
    centered = values - values.mean()
    waves, people = centered.mean(axis=0), centered.mean(axis=1)
    residuals = centered - waves - people[:, None]
    if float(np.abs(residuals).max()) <= SAME * float(np.abs(values).max()):
        raise StatisticsRefusedError(
            "Every participant changed by exactly the same amounts, so there is no error to compare the waves with.",
            alternative="Check how the later waves were recorded; otherwise report the change in words.",
        )
    return _Sums(
        waves=n * float((waves**2).sum()), people=k * float((people**2).sum()), error=float((residuals**2).sum())
    )


def _orthonormal(k: int) -> Matrix:
    """Helmert contrasts of length one, (k, k - 1)."""
    columns = np.zeros((k, k - 1))
    for j in range(1, k):
        columns[:j, j - 1], columns[j, j - 1] = 1.0, -float(j)
        columns[:, j - 1] /= math.sqrt(j * (j + 1))
    return columns


def _sphericity(covariance: Matrix, n: int) -> _Sphericity:
    """Epsilons and Mauchly's test from the covariance of orthonormal contrasts, (k - 1, k - 1)."""
    d, df = covariance.shape[0], n - 1
    trace = float(np.trace(covariance))
    scaled = covariance / trace
    gg = max(1.0 / d, min(1.0, 1.0 / (d * float((scaled**2).sum()))))
    below = d * (df - d * gg)
    hf = 1.0 if below <= 0.0 else max(gg, min(1.0, (n * d * gg - 2.0) / below))
    eigenvalues = np.linalg.eigvalsh(scaled)
    if d < 2 or df < d or eigenvalues[0] <= 1e-12 * eigenvalues[-1]:
        return _Sphericity(gg, hf, None, None)
    log_w = float(np.log(eigenvalues * d).sum())
    return _Sphericity(gg, hf, math.exp(log_w), _mauchly_p(log_w, d, df))


def _mauchly_p(log_w: float, d: int, df: int) -> float:
    """Box's expansion to second order: a chi-square, and a share of one with four df more."""
    rho = 1.0 - (2.0 * d**2 + d + 2.0) / (6.0 * d * df)
    second = (d + 2.0) * (d - 1.0) * (d - 2.0) * (2.0 * d**3 + 6.0 * d**2 + 3.0 * d + 2.0)
    second /= 288.0 * (df * d * rho) ** 2
    z, f = -df * rho * log_w, d * (d + 1) // 2 - 1
    plain, further = dist.chi_square_upper(z, f), dist.chi_square_upper(z, f + 4)
    return min(1.0, max(0.0, plain + second * (further - plain)))


def _hotelling(mean: Vector, covariance: Matrix, n: int) -> float | None:
    d = mean.size
    if n <= d or np.linalg.matrix_rank(covariance, tol=1e-12 * float(np.trace(covariance))) < d:
        return None
    t_squared = n * float(mean @ np.linalg.solve(covariance, mean))
    return t_squared * (n - d) / (d * (n - 1))


def _notes(shape: _Sphericity, multivariate: float | None, k: int) -> tuple[str, ...]:
    notes = []
    if k > 2 and shape.mauchly_w is None:
        notes.append("Too few participants, or waves that differ by a constant: Mauchly's test could not be had.")
    if multivariate is None:
        notes.append("Too few participants, or waves that differ by a constant: no multivariate test.")
    return tuple(notes)
