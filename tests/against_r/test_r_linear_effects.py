"""Promise: effects, influence, checks and splines of linear models are those of lm, car, lmtest, tseries and Hmisc."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.linear import (
    assumption_checks,
    influence,
    linear_spline,
    spline_basis,
    spline_curve,
    spline_knots,
    term_effects,
    variance_inflation,
)

SETS = load("linear_effects")
TERMS = ["constant", "months", "level", "housed", "s1", "s2"]
CLOSED = 1e-8
SPLINES = [(data, knots) for data in SETS for knots in (3, 5) if f"spline{knots}.bend" in data.reference]


def design(data: DataSet) -> np.ndarray:
    return np.column_stack([np.ones(data.columns["months"].size), *(data.columns[name] for name in TERMS[1:])])


@pytest.mark.parametrize("data", SETS, ids=str)
def test_effects(data: DataSet) -> None:
    found = term_effects(design(data), data.columns["outcome"], terms=TERMS, groups={"stage": ["s1", "s2"]})
    assert found.terms == ("months", "level", "housed", "stage")
    assert gap(found.partial_r_squared, data.numbered("partial")) < CLOSED
    assert gap(found.semipartial_r_squared, data.numbered("semi")) < CLOSED
    assert gap(found.cohen_f_squared, data.numbered("f2_")) < CLOSED
    assert gap(found.beta[:3], data.numbered("beta")) < CLOSED
    assert found.beta[3] is None
    assert found.two_valued == (False, False, True, False)


@pytest.mark.parametrize("data", SETS, ids=str)
def test_influence(data: DataSet) -> None:
    found = influence(design(data), data.columns["outcome"], terms=TERMS)
    few = [0, 1, found.n - 1]
    assert gap(found.hat[few], data.numbered("hat")) < CLOSED
    assert gap(found.standardized[few], data.numbered("standardized")) < CLOSED
    assert gap(found.studentized[few], data.numbered("student")) < CLOSED
    assert gap(found.cook[few], data.numbered("cook")) < CLOSED
    assert gap(found.dffits[few], data.numbered("dffits")) < CLOSED
    assert gap(found.dfbetas[few, 1], data.numbered("dfbetas")) < CLOSED
    assert gap(found.without[few, 1], data.numbered("without")) < CLOSED
    assert gap(found.outlier_p, data.reference["outlier"]) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_checks(data: DataSet) -> None:
    found = {
        check.name: check for check in assumption_checks(design(data), data.columns["outcome"], terms=TERMS).checks
    }
    theirs = data.reference
    for name, key in (("Koenker", "koenker"), ("RESET", "reset"), ("Jarque-Bera", "jb"), ("Shapiro-Wilk", "shapiro")):
        assert gap([found[name].statistic, found[name].p], [theirs[key], theirs[f"{key}_p"]]) < CLOSED, name
    if "White" in found:
        assert gap([found["White"].statistic, found["White"].df], [theirs["white"], theirs["white_df"]]) < CLOSED
    factors = variance_inflation(design(data), terms=TERMS).factor
    assert gap(factors, data.numbered("vif")) < CLOSED
    assert found["variance inflation"].statistic == factors.max()


@pytest.mark.parametrize(("data", "knots"), SPLINES, ids=str)
def test_splines(data: DataSet, knots: int) -> None:
    def theirs(name: str) -> np.ndarray:
        return data.numbered(f"spline{knots}.{name}")

    months, level = data.columns["months"], data.columns["level"]
    places = spline_knots(months, knots)
    assert gap(places, theirs("knot")) < CLOSED
    assert gap(spline_basis(months, places)[:3, 1:].T, theirs("basis")) < CLOSED
    X = np.column_stack([np.ones(months.size), months, level])
    model = linear_spline(X, data.columns["outcome"], terms=["constant", "months", "level"], column=1, knots=knots)
    bend, overall = (data.reference[f"spline{knots}.{name}"] for name in ("bend", "overall"))
    assert gap([model.nonlinearity_f, model.overall_f], [bend, overall]) < CLOSED
    points = np.linspace(months.min(), months.max(), 3)
    curve = spline_curve(model, points, rows=X)
    assert gap(curve.mean, theirs("mean")) < CLOSED
    assert gap(curve.se, theirs("mean_se")) < CLOSED
    difference = spline_curve(model, points, rows=X, reference=float(points[0]))
    assert gap(difference.se, theirs("difference_se")) < CLOSED
    assert (difference.mean[0], difference.se[0]) == (0.0, 0.0)


def test_white_is_compared_in_most_sets() -> None:
    """Where participants are few it is not offered, and says so."""
    small = [data for data in SETS if data.columns["months"].size < 36]
    for data in small:
        found = assumption_checks(design(data), data.columns["outcome"], terms=TERMS)
        assert "White" not in {check.name for check in found.checks}
        assert any("White" in note for note in found.notes)
    assert len(small) == 25
