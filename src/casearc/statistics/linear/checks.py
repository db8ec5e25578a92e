"""What a linear model supposes, checked and told in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, confidence, frozen, listed
from casearc.statistics._least_squares import solve
from casearc.statistics.linear._normality import LARGEST, shapiro_wilk
from casearc.statistics.linear._problem import Problem, checked_problem
from casearc.statistics.linear.influence import influence
from casearc.statistics.results import Result, Row

INDEPENDENT = 1e-8
"""A squared or crossed column that the others explain but for this share adds nothing to White's test."""

COLLINEAR_VIF = 10.0
"""The usual bound: a standard error more than three times what it would be without the other terms."""

FAR_COOK = 1.0
"""Leaving out a participant with so large a distance moves the coefficients to the edge of their 50 % region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Result):
    """One check of an assumption.

    Attributes
    ----------
    name
        The test or measure, by its name in the literature.
    assumption
        ``"equal spread"``, ``"normal errors"``, ``"linear form"``, ``"separate terms"`` or ``"no single participant"``.
    statistic, df, df_denominator, p
        None where the measure has none.
    concern
        Whether it speaks against the assumption (p below alpha, or beyond the bound).
    sentence
        What was found, and what to do about it, for a reader.
    """

    name: str
    assumption: str
    statistic: float
    df: float | None
    df_denominator: float | None
    p: float | None
    concern: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionChecks(Result):
    """Checks of what a linear model supposes."""

    checks: tuple[Check, ...]
    n: int
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a check."""
        return [
            {
                "check": check.name,
                "statistic": check.statistic,
                "df": check.df,
                "p_value": check.p,
                "finding": check.sentence,
            }
            for check in self.checks
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VarianceInflation(Result):
    """Variance inflation: how much the other terms widen each coefficient's variance.

    `factor` is 1 / (1 - R2 of the term on the others); arrays are in the order of `terms`, without the constant.
    """

    terms: tuple[str, ...]
    factor: Vector

    def rows(self) -> list[Row]:
        """One row a term."""
        return [{"term": term, "vif": float(value)} for term, value in zip(self.terms, self.factor, strict=True)]


def assumption_checks(
    design: ArrayLike, response: ArrayLike, *, terms: Sequence[str], alpha: float = 0.05
) -> AssumptionChecks:
    """Check equal spread, normal errors, linear form, collinearity and the pull of single participants.

    Use it beside a model whose inference has been chosen already (HC3 by default): choosing the errors by such a test
    spoils their level. At n = 30 these tests see only gross faults; at n = 1,000 they see harmless ones.

    Parameters
    ----------
    design, response, terms
        As in `linear`; the model has a constant.
    alpha
        p below which a test counts as a concern.

    Returns
    -------
    AssumptionChecks
        Koenker's and White's test, Shapiro-Wilk and Jarque-Bera, RESET, the largest variance inflation, Cook's distance
        and the largest studentized residual. Those that these data do not allow are named in `notes`.

    Raises
    ------
    StatisticsRefusedError
        What `linear` refuses; no constant or no term beside it; fewer than three participants more than terms.

    Notes
    -----
    Koenker (1981), Journal of Econometrics 17:107-112; White (1980), Econometrica 48:817-838; Jarque & Bera (1987),
    International Statistical Review 55:163-172; Ramsey (1969), Journal of the Royal Statistical Society B 31:350-371,
    with the squares and cubes of the fitted values. Checked against R's ``lmtest::bptest`` and ``resettest``,
    ``shapiro.test``, ``tseries::jarque.bera.test``, ``car::vif`` and ``outlierTest``.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> months = rng.exponential(6.0, 60)
    >>> score = 2.0 + 0.1 * months + rng.normal(size=60)
    >>> found = assumption_checks(np.column_stack([np.ones(60), months]), score, terms=["constant", "months"])
    >>> found.checks[0].name, found.checks[0].concern
    ('Koenker', False)
    """
    confidence(1.0 - alpha)
    problem = checked_problem(design, response, terms=terms)
    _design.refuse_redundant(problem.X, problem.terms)
    slopes = _slopes(problem)
    if problem.n - problem.k < 3:
        raise StatisticsRefusedError(
            f"{problem.n} participants and {problem.k} terms leave no residuals to check.", alternative="Drop terms."
        )
    residuals = problem.solve().residuals
    made: list[Check] = []
    notes: list[str] = []
    _spread(problem, residuals, slopes, alpha=alpha, made=made, notes=notes)
    _normality(residuals, alpha=alpha, made=made, notes=notes)
    _form(problem, residuals, alpha=alpha, made=made, notes=notes)
    _collinearity(problem, slopes, made=made, notes=notes)
    _pull(problem, alpha=alpha, made=made, notes=notes)
    return AssumptionChecks(checks=tuple(made), n=problem.n, notes=tuple(notes))


def variance_inflation(design: ArrayLike, *, terms: Sequence[str]) -> VarianceInflation:
    """Variance inflation factor of each term of a design with a constant.

    Raises
    ------
    StatisticsRefusedError
        No constant, no term beside it, or terms that repeat each other.

    Notes
    -----
    Checked against R's ``car::vif``.

    Examples
    --------
    >>> design = [[1, 0, 1], [1, 1, 0], [1, 2, 2], [1, 3, 1]]
    >>> variance_inflation(design, terms=["constant", "months", "level"]).factor.round(4).tolist()
    [1.1111, 1.1111]
    """
    X, names = _design.checked_design(design, terms)
    if X.shape[0] == 0:
        raise StatisticsRefusedError("The design matrix has no rows.", alternative="Give at least as many as terms.")
    _design.refuse_redundant(X, names)
    places = [i for i in range(X.shape[1]) if np.ptp(X[:, i]) > 0.0]
    if len(places) != X.shape[1] - 1 or not places:
        raise StatisticsRefusedError(
            "Variance inflation is that of a model with a constant and terms beside it.",
            alternative="Give the design with its column of ones.",
        )
    centered = X[:, places] - X[:, places].mean(axis=0)
    scaled = centered / np.linalg.norm(centered, axis=0)
    R = np.linalg.qr(scaled, mode="r")
    factor = (np.linalg.inv(R) ** 2).sum(axis=1)
    return VarianceInflation(terms=tuple(names[i] for i in places), factor=frozen(factor))


def _slopes(problem: Problem) -> list[int]:
    """Columns other than the constant."""
    places = [i for i in range(problem.k) if np.ptp(problem.X[:, i]) > 0.0]
    if problem.constant is None or not places:
        raise StatisticsRefusedError(
            "The checks are those of a model with a constant and at least one term beside it.",
            alternative="Add the constant or a term.",
        )
    return places


def _spread(
    problem: Problem,
    residuals: Vector,
    slopes: list[int],
    *,
    alpha: float,
    made: list[Check],
    notes: list[str],
) -> None:
    """Koenker on the terms, White on their squares and products too, where there are participants enough."""
    squared = residuals**2 / float((residuals**2).mean())
    if np.ptp(squared) <= 1e-12:
        notes.append("The residuals all have one size, so the tests of equal spread say nothing.")
        return
    both = (
        "the spread of the outcome differs along the terms, so that only robust errors (HC3) can be trusted.",
        "no sign that the spread of the outcome differs along the terms.",
    )
    koenker = _explained(problem.X, squared)
    made.append(_chi_square("Koenker", "equal spread", koenker, problem.k - 1, alpha=alpha, sentences=both))
    wide = _with_products(problem.X, slopes)
    if wide.shape[1] == problem.k or problem.n < 2 * wide.shape[1]:
        notes.append("White's test needs at least two participants for each square and product of the terms.")
        return
    white = _explained(wide, squared)
    made.append(_chi_square("White", "equal spread", white, wide.shape[1] - 1, alpha=alpha, sentences=both))


def _explained(X: Matrix, y: Vector) -> float:
    """n R2 of `y` on a design with a constant."""
    left = solve(X, y, np.ones(y.size)).residuals
    deviations = y - y.mean()
    return max(0.0, y.size * (1.0 - float(left @ left) / float(deviations @ deviations)))


def _with_products(X: Matrix, slopes: list[int]) -> Matrix:
    """The design with squares and products of its terms, those left out that the others already make."""
    standard = {i: (X[:, i] - X[:, i].mean()) / X[:, i].std() for i in slopes}
    columns = [np.ones(X.shape[0]) / np.sqrt(X.shape[0]), *(standard[i] for i in slopes)]
    Q = np.linalg.qr(np.column_stack(columns))[0]
    kept = [X]
    for a, first in enumerate(slopes):
        for second in slopes[a:]:
            product = standard[first] * standard[second]
            left = product - Q @ (Q.T @ product)
            left -= Q @ (Q.T @ left)
            size = float(np.linalg.norm(left))
            if size > INDEPENDENT * float(np.linalg.norm(product)) and Q.shape[1] < X.shape[0]:
                kept.append(product[:, None])
                Q = np.column_stack([Q, left / size])
    return np.column_stack(kept)


def _normality(residuals: Vector, *, alpha: float, made: list[Check], notes: list[str]) -> None:
    sentences = (
        "the residuals are not normal; with so few participants compare the bootstrap's intervals.",
        "no sign that the residuals depart from a normal distribution.",
    )
    if residuals.size <= LARGEST:
        w, p = shapiro_wilk(residuals)
        made.append(_check("Shapiro-Wilk", "normal errors", w, p=p, concern=p < alpha, sentences=sentences))
    else:
        notes.append("Shapiro and Wilk's test is not defined for more than 5,000 participants.")
    z = residuals / residuals.std()
    skewness, kurtosis = float((z**3).mean()), float((z**4).mean())
    statistic = residuals.size / 6.0 * (skewness**2 + (kurtosis - 3.0) ** 2 / 4.0)
    made.append(_chi_square("Jarque-Bera", "normal errors", statistic, 2, alpha=alpha, sentences=sentences))


def _form(problem: Problem, residuals: Vector, *, alpha: float, made: list[Check], notes: list[str]) -> None:
    fitted = problem.y - residuals
    spread = float(fitted.std())
    size = float(np.abs(problem.y).max())
    wide = problem.X
    if spread > 1e-12 * size:
        z = (fitted - fitted.mean()) / spread
        wide = np.column_stack([problem.X, z**2, z**3])
    df = problem.n - wide.shape[1]
    if wide.shape[1] == problem.k or df < 1 or not _full_rank(wide):
        notes.append("RESET says nothing here: powers of the fitted values add nothing to the terms.")
        return
    reduced, full = float(residuals @ residuals), solve(wide, residuals, np.ones(problem.n)).residuals
    left = float(full @ full)
    if left <= 1e-24 * reduced:
        notes.append("RESET says nothing here: with powers of the fitted values nothing is left to test by.")
        return
    f = max(0.0, (reduced - left) / 2.0 / (left / df))
    p = dist.f_upper(f, 2, df)
    sentences = (
        "the outcome bends along the terms, so that a line misses a part: look at a curve or at products of terms.",
        "no sign of a curve or of missing products of the terms.",
    )
    made.append(_check("RESET", "linear form", f, df=2, df_denominator=df, p=p, concern=p < alpha, sentences=sentences))


def _full_rank(X: Matrix) -> bool:
    try:
        _design.refuse_redundant(X, [str(i) for i in range(X.shape[1])])
    except StatisticsRefusedError:
        return False
    return True


def _collinearity(problem: Problem, slopes: list[int], *, made: list[Check], notes: list[str]) -> None:
    if len(slopes) != problem.k - 1:
        notes.append("Variance inflation is not defined without one constant column.")
        return
    found = variance_inflation(problem.X, terms=problem.terms)
    largest = float(found.factor.max())
    high = [term for term, value in zip(found.terms, found.factor, strict=True) if value > COLLINEAR_VIF]
    sentences = (
        f"the other terms largely repeat {listed(high or found.terms)}, so that separate effects are told poorly.",
        "no term largely repeats the others.",
    )
    made.append(_check("variance inflation", "separate terms", largest, concern=bool(high), sentences=sentences))


def _pull(problem: Problem, *, alpha: float, made: list[Check], notes: list[str]) -> None:
    try:
        found = influence(problem.X, problem.y, terms=problem.terms)
    except StatisticsRefusedError as refused:
        notes.append(refused.reason)
        return
    cook = float(found.cook.max())
    far = int(np.count_nonzero(found.cook > FAR_COOK))
    who = "one participant" if far == 1 else f"{far} participants"
    sentences = (
        f"the coefficients hang on {who}: tell the model without as well.",
        "no single participant moves the coefficients far.",
    )
    made.append(_check("Cook's distance", "no single participant", cook, concern=far > 0, sentences=sentences))
    worst = float(np.abs(found.studentized).max())
    sentences = (
        "one participant's outcome lies farther from the model than chance allows among so many: check its record.",
        "no participant's outcome lies farther from the model than chance allows among so many.",
    )
    p = found.outlier_p
    df = float(problem.n - problem.k - 1)
    made.append(
        _check("largest residual", "no single participant", worst, df=df, p=p, concern=p < alpha, sentences=sentences)
    )


def _chi_square(
    name: str, assumption: str, statistic: float, df: int, *, alpha: float, sentences: tuple[str, str]
) -> Check:
    p = dist.chi_square_upper(statistic, df)
    return _check(name, assumption, statistic, df=df, p=p, concern=p < alpha, sentences=sentences)


def _check(
    name: str,
    assumption: str,
    statistic: float,
    *,
    df: float | None = None,
    df_denominator: float | None = None,
    p: float | None = None,
    concern: bool,
    sentences: tuple[str, str],
) -> Check:
    """`sentences`: what is said where there is a concern, and where not."""
    sentence = sentences[0] if concern else sentences[1]
    return Check(
        name=name,
        assumption=assumption,
        statistic=statistic,
        df=df,
        df_denominator=df_denominator,
        p=p,
        concern=concern,
        sentence=sentence[0].upper() + sentence[1:],
    )
