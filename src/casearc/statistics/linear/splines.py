"""A curve in place of a line: restricted (natural) cubic splines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, frozen, matrix, vector
from casearc.statistics.linear._covariance import CovarianceKind
from casearc.statistics.linear.fit import LinearFit, linear
from casearc.statistics.linear.prediction import mean_and_limits
from casearc.statistics.results import Result, Row

FEW = 100
"""With fewer participants the outer knots lie at the fifth smallest and fifth largest value (Harrell 2015, 2.4.6)."""

OUTER = {3: 0.10, 4: 0.05, 5: 0.05, 6: 0.05, 7: 0.025}


@dataclass(frozen=True, slots=True)
class Even:
    """The same model on orthonormal columns, the curve's last, so that nearly collinear pieces cost no digit.

    `order` are the columns of the design in the order of the triangular factor `R`.
    """

    fit: LinearFit
    R: Matrix
    order: tuple[int, ...]

    def contrasts(self, rows: Matrix) -> Matrix:
        """Rows of the design in terms of the orthonormal columns."""
        solved = linalg.solve_triangular(self.R, rows[:, list(self.order)].T, trans="T")
        return np.asarray(solved.T, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SplineFit(Result):
    """A linear model with a restricted cubic spline in one term.

    Attributes
    ----------
    fit
        The model; the curve's further columns follow the term's own, named with one prime more each.
    column
        Place of the term among the columns; `columns` places of all columns of the curve.
    knots
        Where pieces of the curve meet; beyond the outer ones it is a line.
    nonlinearity_f, nonlinearity_df, nonlinearity_df_denominator, nonlinearity_p
        Test that the curve is a line, with the covariance of the fit; None where it cannot bear the test (`notes`).
    overall_f, overall_df, overall_df_denominator, overall_p
        Test that the curve is flat.
    """

    fit: LinearFit
    column: int
    columns: tuple[int, ...]
    knots: Vector
    nonlinearity_f: float | None
    nonlinearity_df: int
    nonlinearity_df_denominator: float | None
    nonlinearity_p: float | None
    overall_f: float | None
    overall_df: int
    overall_df_denominator: float | None
    overall_p: float | None
    even: Even = field(repr=False)
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As `Result.to_dict`, without the model's second form."""
        return {name: value for name, value in Result.to_dict(self).items() if name != "even"}

    def rows(self) -> list[Row]:
        """One row a test."""
        return [
            {
                "term": name,
                "statistic": getattr(self, f"{name}_f"),
                "df": getattr(self, f"{name}_df"),
                "df_denominator": getattr(self, f"{name}_df_denominator"),
                "p_value": getattr(self, f"{name}_p"),
            }
            for name in ("nonlinearity", "overall")
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SplineCurve(Result):
    """A fitted curve at chosen points with its pointwise interval; arrays of shape (m,).

    `mean` is the predicted mean, or, where `reference` is given, its difference from the mean at that point.
    """

    points: Vector
    mean: Vector
    se: Vector
    low: Vector
    high: Vector
    level: float
    reference: float | None
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a point."""
        names = {"points": "x", "mean": "estimate", "se": "std_error", "low": "conf_low", "high": "conf_high"}
        columns = [getattr(self, name).tolist() for name in names]
        return [dict(zip(names.values(), values, strict=True)) for values in zip(*columns, strict=True)]


def spline_knots(values: ArrayLike, count: int = 3) -> Vector:
    """Knots at Harrell's percentiles of the values, 3 to 7 of them; with fewer than 100 values the outer ones move in.

    Raises
    ------
    StatisticsRefusedError
        Fewer than ten values, or so many equal ones that knots coincide.

    Notes
    -----
    Harrell (2015), Regression Modeling Strategies, section 2.4.6. Checked against R's ``Hmisc::rcspline.eval``, which
    moves a knot where one value is shared by many (``fractied``); here such knots are refused, to be given by hand.

    Examples
    --------
    >>> spline_knots(range(1, 201), 3).round(1).tolist()
    [20.9, 100.5, 180.1]
    """
    x = np.sort(vector(values, name="The term of the curve"))
    if count not in OUTER:
        raise StatisticsRefusedError("A curve has 3 to 7 knots.", alternative="3 suit fewer than 100 participants.")
    if x.size < 10:
        raise StatisticsRefusedError(
            f"{x.size} values are too few to place knots at.", alternative="Use a line, or give the knots."
        )
    knots = np.quantile(x, np.linspace(OUTER[count], 1.0 - OUTER[count], count))
    if x.size < FEW:
        knots[0], knots[-1] = x[4], x[-5]
    return _checked_knots(knots)


def spline_basis(values: ArrayLike, knots: ArrayLike) -> Matrix:
    """Columns of a restricted cubic spline: the value itself and one column less than inner pieces, (n, knots - 1).

    Raises
    ------
    StatisticsRefusedError
        Fewer than three knots, or knots that do not increase.

    Notes
    -----
    Truncated powers, linear beyond the outer knots, divided by the squared distance of the outer knots so that columns
    keep the unit of the value: Harrell (2015), equation 2.25. Checked against R's ``Hmisc::rcspline.eval``.

    Examples
    --------
    >>> spline_basis([0.0, 1.0, 2.0], [0.0, 1.0, 2.0]).tolist()
    [[0.0, 0.0], [1.0, 0.25], [2.0, 1.5]]
    """
    x = vector(values, name="The term of the curve")
    t = _checked_knots(vector(knots, name="The knots"))
    unit = (t[-1] - t[0]) ** (2.0 / 3.0)

    def cubed(knot: float) -> Vector:
        return np.asarray(np.maximum((x - knot) / unit, 0.0) ** 3, dtype=np.float64)

    gap = t[-1] - t[-2]
    last, before = cubed(t[-1]), cubed(t[-2])
    curved = [cubed(knot) + ((t[-2] - knot) * last - (t[-1] - knot) * before) / gap for knot in t[:-2]]
    return np.column_stack([x, *curved])


def linear_spline(
    design: ArrayLike,
    response: ArrayLike,
    *,
    terms: Sequence[str],
    column: int,
    knots: int | ArrayLike = 3,
    covariance: CovarianceKind = "HC3",
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> SplineFit:
    """Fit a linear model in which one term is a curve, and test whether the curve is needed.

    Parameters
    ----------
    design, response, terms, covariance, clusters, level
        As in `linear`; the design has the term as a plain column.
    column
        Which column becomes the curve, from 0.
    knots
        How many (placed by `spline_knots`), or where.

    Raises
    ------
    StatisticsRefusedError
        What `linear` and `spline_knots` refuse; a term of fewer distinct values than knots.

    Examples
    --------
    >>> x = np.linspace(0.0, 10.0, 60)
    >>> score = np.sqrt(x) + 0.1 * np.sin(7.0 * x)
    >>> found = linear_spline(np.column_stack([np.ones(60), x]), score, terms=["constant", "months"], column=1)
    >>> found.fit.terms, found.nonlinearity_p < 0.001
    (('constant', 'months', "months'"), True)
    """
    X, names = _design.checked_design(design, terms)
    if not 0 <= column < X.shape[1]:
        raise StatisticsRefusedError(f"The design matrix has {X.shape[1]} columns, counted from 0.")
    x = X[:, column]
    places = spline_knots(x, knots) if isinstance(knots, int) else _checked_knots(vector(knots, name="The knots"))
    if np.unique(x).size < places.size:
        raise StatisticsRefusedError(
            f"The term has fewer distinct values than the {places.size} knots.", alternative="Use a line."
        )
    curved = places.size - 2
    bent = tuple(names[column] + "'" * (i + 1) for i in range(curved))
    wide = _bent(X, column, places)

    def fitted(columns: Matrix, called: Sequence[str]) -> LinearFit:
        return linear(columns, response, terms=called, covariance=covariance, clusters=clusters, level=level)

    fit = fitted(wide, (*names[: column + 1], *bent, *names[column + 1 :]))
    curve = range(column, column + curved + 1)
    order = (*(i for i in range(wide.shape[1]) if i not in curve), *curve)
    Q, R = np.linalg.qr(wide[:, list(order)])
    return _tested(fit, Even(fitted(Q, fit.terms), R, order), column, places)


def spline_curve(
    model: SplineFit, points: ArrayLike, *, rows: ArrayLike, reference: float | None = None
) -> SplineCurve:
    """The curve at chosen points, the other terms averaged over `rows`, with a pointwise interval.

    Parameters
    ----------
    points
        Values of the term, shape (m,).
    rows
        Rows of the design as given to `linear_spline`, shape (r, k); the other terms are averaged over them, the
        term's own column is not read.
    reference
        A value of the term: the curve then tells the difference from the mean there.

    Raises
    ------
    StatisticsRefusedError
        Rows that do not fit the model, or no point.

    Examples
    --------
    >>> x = np.linspace(0.0, 10.0, 60)
    >>> design = np.column_stack([np.ones(60), x])
    >>> found = linear_spline(design, np.sqrt(x) + 0.1 * np.sin(7.0 * x), terms=["constant", "months"], column=1)
    >>> spline_curve(found, [0.0, 5.0], rows=design, reference=0.0).mean.round(1).tolist()
    [0.0, 1.7]
    """
    at = vector(points, name="The points of the curve")
    X = matrix(rows, name="The rows to average over")
    if X.shape[0] == 0 or X.shape[1] != len(model.fit.terms) - model.knots.size + 2:
        raise StatisticsRefusedError("The rows do not have the columns the model was given.")
    others = np.tile(X.mean(axis=0), (at.size, 1))
    others[:, model.column] = at
    contrasts = _bent(others, model.column, model.knots)
    if reference is not None:
        there = others[:1].copy()
        there[:, model.column] = reference
        contrasts = contrasts - _bent(there, model.column, model.knots)
    mean, se, low, high, notes = mean_and_limits(model.even.fit, model.even.contrasts(contrasts))
    outside = (at < model.knots[0]).any() or (at > model.knots[-1]).any()
    return SplineCurve(
        points=frozen(at.copy()),
        mean=frozen(mean),
        se=frozen(se),
        low=frozen(low),
        high=frozen(high),
        level=model.fit.level,
        reference=reference,
        notes=(*notes, *(("Beyond the outer knots the curve is a line.",) if outside else ())),
    )


def _checked_knots(knots: Vector) -> Vector:
    if knots.size < 3:
        raise StatisticsRefusedError("A curve needs at least three knots.", alternative="Use a line.")
    if not (np.diff(knots) > 0.0).all():
        raise StatisticsRefusedError(
            "Knots must increase; so many participants share one value that some coincide, or they are out of order.",
            alternative="Use fewer knots, give them by hand, or use a line.",
        )
    return knots


def _bent(X: Matrix, column: int, knots: Vector) -> Matrix:
    """The design with the curve's further columns after the term's own."""
    basis = spline_basis(X[:, column], knots)
    return np.column_stack([X[:, : column + 1], basis[:, 1:], X[:, column + 1 :]])


def _tested(fit: LinearFit, even: Even, column: int, knots: Vector) -> SplineFit:
    columns = tuple(range(column, column + knots.size - 1))
    identity = np.eye(len(fit.terms))
    bent, overall = (even.fit.f_test(identity[-count:]) for count in (len(columns) - 1, len(columns)))
    note = "There are too few clusters or participants to test the curve."
    return SplineFit(
        fit=fit,
        column=column,
        columns=columns,
        knots=frozen(knots),
        nonlinearity_f=None if bent is None else bent[0],
        nonlinearity_df=len(columns) - 1,
        nonlinearity_df_denominator=None if bent is None else bent[1],
        nonlinearity_p=None if bent is None else dist.f_upper(bent[0], len(columns) - 1, bent[1]),
        overall_f=None if overall is None else overall[0],
        overall_df=len(columns),
        overall_df_denominator=None if overall is None else overall[1],
        overall_p=None if overall is None else dist.f_upper(overall[0], len(columns), overall[1]),
        even=even,
        notes=(*fit.notes, *((note,) if bent is None or overall is None else ())),
    )
