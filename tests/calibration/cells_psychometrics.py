"""Calibration of psychometrics: alpha, omega, intraclass and retest correlations, one factor, reliable change.

Items have one factor: ``parallel`` of equal loadings 0.7, ``congeneric`` of loadings 0.4 to 0.8, ``skewed`` the
congeneric ones cut into five answers of which the lowest takes six in ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import chain

import numpy as np
from cells import Cell
from scipy import special

from casearc.change import ReliableChangeMethod, reliable_changes
from casearc.errors import StatisticsRefusedError
from casearc.psychometrics import IntraclassForm, cronbach_alpha, omega_total, one_factor, retest_reliability
from casearc.psychometrics._maximum_likelihood import maximum_likelihood
from casearc.psychometrics._minres import minres
from casearc.psychometrics._weighted import alphas
from casearc.psychometrics.consistency import _omegas
from casearc.psychometrics.intraclass import intraclass, mean_squares
from casearc.statistics.resampling import bca_interval, case_weights, jackknife_weights, percentile_interval

SIZES = (30, 95, 300)
DRAWS = 999
PARALLEL = np.full(6, 0.7)
CONGENERIC = np.array([0.4, 0.5, 0.6, 0.7, 0.7, 0.8])
CUTS = special.ndtri(np.array([0.6, 0.8, 0.9, 0.96]))
RELIABILITY = 0.8

Draw = Callable[[np.random.Generator, int, int], np.ndarray]


def normal(loadings: np.ndarray, rng: np.random.Generator, times: int, n: int) -> np.ndarray:
    """(times, n, k) standardized items of one factor."""
    factor = rng.normal(size=(times, n, 1))
    return factor * loadings + rng.normal(size=(times, n, loadings.size)) * np.sqrt(1.0 - loadings**2)


def skewed(rng: np.random.Generator, times: int, n: int) -> np.ndarray:
    return (normal(CONGENERIC, rng, times, n)[..., None] > CUTS).sum(axis=-1).astype(float)


def skewed_covariance() -> np.ndarray:
    """Of the answers, by quadrature over the factor."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(201)
    weights = weights / weights.sum()
    own = np.sqrt(1.0 - CONGENERIC**2)
    above = special.ndtr((nodes[:, None, None] * CONGENERIC[:, None] - CUTS) / own[:, None])
    means = above.sum(axis=-1)
    overall = weights @ means
    covariance = (means - overall).T @ ((means - overall) * weights[:, None])
    squares = weights @ (above * (2 * np.arange(CUTS.size) + 1)).sum(axis=-1)
    covariance[np.diag_indices(6)] = squares - overall**2
    return covariance


def alpha_of(covariance: np.ndarray) -> float:
    k = covariance.shape[0]
    return float(k / (k - 1) * (1.0 - np.trace(covariance) / covariance.sum()))


def omega_of(covariance: np.ndarray) -> float:
    sd = np.sqrt(np.diag(covariance))
    R = covariance / np.outer(sd, sd)
    return float(1.0 - (1.0 - minres(R[None])[0] ** 2).sum() / R.sum())


def one_factor_covariance(loadings: np.ndarray) -> np.ndarray:
    return np.outer(loadings, loadings) + np.diag(1.0 - loadings**2)


ITEMS: dict[str, tuple[Draw, np.ndarray]] = {
    "parallel normal items": (partial(normal, PARALLEL), one_factor_covariance(PARALLEL)),
    "congeneric normal items": (partial(normal, CONGENERIC), one_factor_covariance(CONGENERIC)),
    "skewed answers of five": (skewed, skewed_covariance()),
}


def alpha_covers(interval: str, draw: Draw, truth: float, n: int, rng: np.random.Generator, times: int) -> np.ndarray:
    found = [cronbach_alpha(X, interval=interval) for X in draw(rng, times, n)]
    return np.array([each.low <= truth <= each.high for each in found])


def omega_covers(draw: Draw, truth: float, n: int, rng: np.random.Generator, times: int) -> np.ndarray:
    """Heywood cases are refused or, where leaving a person out makes one, lack an interval: no part of the share."""
    covered = []
    for X in draw(rng, times, n):
        try:
            found = omega_total(X)
        except StatisticsRefusedError:
            continue
        if found.low is not None and found.high is not None:
            covered.append(found.low <= truth <= found.high)
    return np.array(covered)


def resampled(
    values: Callable[[np.ndarray, np.ndarray], np.ndarray],
    method: str,
    draw: Draw,
    truth: float,
    n: int,
    rng: np.random.Generator,
    times: int,
) -> np.ndarray:
    """All data sets of a chunk share their resamples: each is judged by draws that know nothing of it."""
    data = draw(rng, times, n)
    weights = case_weights(n, draws=DRAWS, rng_or_seed=rng)
    replicates = np.column_stack([values(X, weights) for X in data])
    estimate = np.concatenate([values(X, np.ones((1, n))) for X in data])
    if method == "percentile":
        found = percentile_interval(replicates, estimate=estimate)
    else:
        left_out = np.column_stack([values(X, jackknife_weights(n)) for X in data])
        found = bca_interval(estimate, replicates, jackknife_values=left_out)
    return (found.low <= truth) & (truth <= found.high)


def omegas(X: np.ndarray, weights: np.ndarray) -> np.ndarray:
    start = minres(np.corrcoef(X, rowvar=False)[None])[0]
    return _omegas(X, weights, start)


PEOPLE, MEASUREMENTS, ERROR = 1.0, 0.3, 1.0


def rated(n: int, k: int, shift: str, rng: np.random.Generator) -> np.ndarray:
    """People by measurements; `shift` of the measurements is drawn anew, fixed, or absent."""
    column = {"random": rng.normal(size=k) * np.sqrt(MEASUREMENTS), "fixed": np.arange(k) * 0.5, "none": np.zeros(k)}
    return rng.normal(size=(n, 1)) * np.sqrt(PEOPLE) + column[shift] + rng.normal(size=(n, k)) * np.sqrt(ERROR)


def true_icc(form: IntraclassForm, k: int) -> float:
    error = ERROR + (MEASUREMENTS if form.value[4] == "2" else 0.0)
    return PEOPLE / (PEOPLE + error / (k if form.average else 1))


def icc_covers(form: IntraclassForm, k: int, shift: str, n: int, rng: np.random.Generator, times: int) -> np.ndarray:
    truth = true_icc(form, k)
    found = [intraclass(mean_squares(rated(n, k, shift, rng)), form, 0.95) for _ in range(times)]
    return np.array([each.low <= truth <= each.high for each in found])


def icc_test_errs(k: int, n: int, rng: np.random.Generator, times: int) -> np.ndarray:
    form = IntraclassForm.CONSISTENCY_SINGLE
    return np.array([intraclass(mean_squares(rng.normal(size=(n, k))), form, 0.95).p < 0.05 for _ in range(times)])


def retest_covers(kind: str, n: int, rng: np.random.Generator, times: int) -> np.ndarray:
    truth = {"agreement": 1 / 2.3}.get(kind, 0.5)
    shift = {"agreement": "random"}.get(kind, "fixed")
    found = [retest_reliability(*rated(n, 2, shift, rng).T, kind=kind) for _ in range(times)]
    return np.array([each.low <= truth <= each.high for each in found])


def sem_covers(n: int, rng: np.random.Generator, times: int) -> np.ndarray:
    found = [retest_reliability(*rated(n, 2, "fixed", rng).T) for _ in range(times)]
    return np.array([each.sem_low <= 1.0 <= each.sem_high for each in found])


MISFIT = one_factor_covariance(CONGENERIC)
MISFIT[0, 1] = MISFIT[1, 0] = MISFIT[0, 1] + 0.25


@cache
def true_rmsea() -> float:
    return float(np.sqrt(maximum_likelihood(MISFIT, CONGENERIC).discrepancy / 9))


def fitted(covariance: np.ndarray, n: int, rng: np.random.Generator, times: int, **how: object) -> Iterator[object]:
    """Fits of those samples that have one: a Heywood case is refused, and is no part of the share."""
    root = np.linalg.cholesky(covariance)
    for X in rng.normal(size=(times, n, 6)) @ root.T:
        try:
            yield one_factor(X, **how)  # type: ignore[arg-type]
        except StatisticsRefusedError:
            continue


def fit_errs(correction: str, n: int, rng: np.random.Generator, times: int) -> np.ndarray:
    covariance = one_factor_covariance(CONGENERIC)
    return np.array([fit.p < 0.05 for fit in fitted(covariance, n, rng, times, correction=correction)])


def rmsea_covers(correction: str, n: int, rng: np.random.Generator, times: int) -> np.ndarray:
    found = fitted(MISFIT, n, rng, times, correction=correction, rmsea_level=0.95)
    return np.array([fit.rmsea_low <= true_rmsea() <= fit.rmsea_high for fit in found])


def loading_covers(n: int, rng: np.random.Generator, times: int) -> np.ndarray:
    found = fitted(one_factor_covariance(CONGENERIC), n, rng, times)
    return np.array([fit.low[3] <= CONGENERIC[3] <= fit.high[3] for fit in found])


def unchanged_called_changed(
    method: ReliableChangeMethod, others: float, n: int, rng: np.random.Generator, times: int
) -> np.ndarray:
    """Whether the first person, whose true score stayed, is called changed; a refusal calls nobody so."""
    true = rng.normal(size=(times, n)) * np.sqrt(RELIABILITY)
    error = rng.normal(size=(2, times, n)) * np.sqrt(1.0 - RELIABILITY)
    before, after = true + error[0], true + error[1]
    after[:, 1:] += rng.normal(size=(times, n - 1)) * others
    called = []
    for x, y in zip(before, after, strict=True):
        try:
            called.append(reliable_changes(x, y, reliability=RELIABILITY, method=method).classes[0] != 0)
        except StatisticsRefusedError:
            called.append(False)
    return np.array(called)


OTHER_RULES = tuple(each.value for each in ReliableChangeMethod if each is not ReliableChangeMethod.JACOBSON_TRUAX)
FEW = "percentiles of resamples of few participants are too narrow, as for means; the jackknife is the default"
SKEWED = "skewed answers: thirty or a hundred participants tell little of the tail; nearer .95 as n grows"
NORMAL = "Feldt's limits suppose normal items; the jackknife is the default"
SHIFTS = (
    "agreement where occasions shift: two or four occasions tell little of how much they shift, the more so the "
    "less else is uncertain, and McGraw and Wong's limits are approximate"
)
SMALL = "Bartlett's correction takes off a little too much in thirty participants"
UNCORRECTED = "chi-square comes late for twelve items or so in few participants; Bartlett's correction is the default"
ANOTHER_RULE = (
    "no test of a person's change: the method corrects for regression to the mean, or sets its band otherwise, and so "
    "calls other shares of unchanged people changed; Jacobson and Truax's rule, the headline's, errs as it says"
)
REASONS = (
    # method starts with, truth starts with, largest n it holds for, the reason
    ("alpha, percentile", "", 300, FEW),
    ("alpha, BCa", "", 300, FEW),
    ("omega, percentile", "", 300, FEW),
    ("omega, BCa", "", 300, FEW),
    ("alpha, Feldt", "skewed", 300, NORMAL),
    ("alpha, jackknife", "skewed", 95, SKEWED),
    ("omega, jackknife", "skewed", 95, SKEWED),
    ("ICC(2,1)", "normal", 300, SHIFTS),
    ("one factor, chi-square, Bartlett", "", 30, SMALL),
    ("one factor, RMSEA, Bartlett", "", 30, SMALL),
    ("one factor, chi-square, none", "", 95, UNCORRECTED),
    ("one factor, RMSEA, none", "", 95, UNCORRECTED),
    ("reliable change, jacobson_truax", "", 30, "the band rests on an SD estimated from thirty people"),
    *((f"reliable change, {method}", "", 300, ANOTHER_RULE) for method in OTHER_RULES),
)


def _why(method: str, truth: str, n: int) -> str:
    """The reason why a cell may lie outside the bounds."""
    for start, law, largest, reason in REASONS:
        if method.startswith(start) and truth.startswith(law) and n <= largest:
            return reason
    return ""


Made = tuple[str, str, str, bool, Callable[[int], Callable[[np.random.Generator, int], np.ndarray]]]


def of_items() -> Iterator[Made]:
    for truth, (draw, covariance) in ITEMS.items():
        alpha, omega = alpha_of(covariance), omega_of(covariance)
        for interval in ("Feldt", "jackknife"):
            exact = interval == "Feldt" and truth.startswith("parallel")
            make = partial(partial, alpha_covers, interval, draw, alpha)
            yield f"alpha, {interval}", truth, "coverage", exact, make
        for method in ("percentile", "BCa"):
            yield f"alpha, {method}", truth, "coverage", False, partial(partial, resampled, alphas, method, draw, alpha)
        yield "omega, jackknife", truth, "coverage", False, partial(partial, omega_covers, draw, omega)
    for method in ("percentile", "BCa"):
        truth = "congeneric normal items"
        make = partial(partial, resampled, omegas, method, ITEMS[truth][0], omega_of(ITEMS[truth][1]))
        yield f"omega, {method}", truth, "coverage", False, make


def of_repeats() -> Iterator[Made]:
    for form, k, shift in (
        (IntraclassForm.ONE_WAY_SINGLE, 3, "none"),
        (IntraclassForm.AGREEMENT_SINGLE, 2, "random"),
        (IntraclassForm.AGREEMENT_SINGLE, 4, "random"),
        (IntraclassForm.CONSISTENCY_SINGLE, 2, "fixed"),
        (IntraclassForm.CONSISTENCY_AVERAGE, 4, "fixed"),
    ):
        truth = f"normal, {k} measurements, shift {shift}"
        yield form.value, truth, "coverage", shift != "random", partial(partial, icc_covers, form, k, shift)
    yield "ICC(3,1), F test", "no correlation, 3 measurements", "type I error", True, partial(partial, icc_test_errs, 3)
    half = "normal, correlation 0.5"
    for kind in ("consistency", "pearson"):
        yield f"retest, {kind}", half, "coverage", kind == "consistency", partial(partial, retest_covers, kind)
    yield "standard error of measurement", half, "coverage", True, partial(partial, sem_covers)


def of_one_factor() -> Iterator[Made]:
    truth = "congeneric normal items"
    for correction in ("Bartlett", "none"):
        name = f"chi-square, {correction}"
        yield f"one factor, {name}", truth, "type I error", False, partial(partial, fit_errs, correction)
        name = f"RMSEA, {correction}"
        yield (
            f"one factor, {name}",
            "one pair shares more",
            "coverage",
            False,
            partial(partial, rmsea_covers, correction),
        )
    yield "one factor, loading", truth, "coverage", False, partial(partial, loading_covers)


def of_change() -> Iterator[Made]:
    for method in ReliableChangeMethod:
        for truth, others in (("nobody changed", 0.0), ("only others changed", 1.0)):
            make = partial(partial, unchanged_called_changed, method, others)
            yield f"reliable change, {method.value}", truth, "type I error", False, make


CELLS: tuple[Cell, ...] = tuple(
    Cell(
        family="psychometrics",
        method=method,
        truth=truth,
        n=n,
        measure=measure,
        simulate=make(n),
        exact=exact,
        why=_why(method, truth, n),
    )
    for method, truth, measure, exact, make in chain(of_items(), of_repeats(), of_one_factor(), of_change())
    for n in SIZES
)
