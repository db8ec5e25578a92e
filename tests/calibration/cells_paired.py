"""Change within participants, waves, groups and cross tables.

Each cell asks the public function itself, one simulated study at a time; d_z alone takes a shortcut, which it checks.
Truths: normal changes; skewed ones (exponential, shifted); answers on a scale of five; stages in tables.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from cells import Cell
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import contingency as tables
from casearc.statistics import groups, paired

SIZES = (30, 95, 300)
Rng = np.random.Generator
Draw = Callable[[Rng, int], np.ndarray]
Simulate = Callable[[Rng, int], np.ndarray]


def normal(rng: Rng, n: int, *, mean: float = 0.0) -> np.ndarray:
    return rng.normal(mean, 1.0, n)


def skewed(rng: Rng, n: int) -> np.ndarray:
    """Mean 0, skewness 2."""
    return rng.exponential(1.0, n) - 1.0


def skewed_median(rng: Rng, n: int) -> np.ndarray:
    """Median 0, skewness 2."""
    return rng.exponential(1.0, n) - math.log(2.0)


def five(rng: Rng, n: int, *, shift: float = 0.0) -> np.ndarray:
    """Whole changes on a scale of five, symmetric about `shift`: -4 to 4, many of them zero."""
    return np.clip(np.round(rng.normal(0.0, 1.0, n)), -4, 4) + shift


def covers(interval: Callable[[np.ndarray], object], draw: Draw, truth: float, n: int) -> Simulate:
    """Whether each interval holds the truth; a refused study (all changes one way) is left out."""

    def simulate(rng: Rng, times: int) -> np.ndarray:
        hits = []
        for _ in range(times):
            try:
                found = interval(draw(rng, n))
            except StatisticsRefusedError:
                continue
            hits.append(found.low <= truth + 1e-9 and truth - 1e-9 <= found.high)
        return np.array(hits, dtype=bool)

    return simulate


def rejects(test: Callable[[np.ndarray], object], draw: Draw, n: int) -> Simulate:
    """Whether each test rejects at .05; a study with nothing to test does not reject."""

    def simulate(rng: Rng, times: int) -> np.ndarray:
        hits = []
        for _ in range(times):
            try:
                found = test(draw(rng, n))
            except StatisticsRefusedError:
                hits.append(False)
                continue
            hits.append(found.p <= 0.05)
        return np.array(hits, dtype=bool)

    return simulate


def cell(method: str, truth: str, n: int, simulate: Simulate, **more: object) -> Cell:
    why = str(more.pop("why", "")) or WHY.get((method, truth, n), "")
    measure = str(more.pop("measure", "coverage"))
    return Cell(family="paired", method=method, truth=truth, n=n, measure=measure, simulate=simulate, why=why, **more)


# ---- two waves

PAIR = np.linalg.cholesky(np.array([[1.0, 0.6 * 1.2], [0.6 * 1.2, 1.44]]))


def two_waves(rng: Rng, n: int, *, shift: float) -> np.ndarray:
    """Standard deviations 1 and 1.2, correlation .6, shape (n, 2)."""
    return rng.normal(size=(n, 2)) @ PAIR.T + np.array([0.0, shift])


def t_interval(d: np.ndarray) -> object:
    return paired.paired_t(np.zeros(d.size), d)


def pairs_sign(draw: Draw) -> float:
    """P(D1 + D2 > 0) - P(D1 + D2 < 0) among those who changed, from the whole distribution of `five` or many draws."""
    values = draw(np.random.default_rng(1), 400_000)
    level, count = np.unique(values[values != 0], return_counts=True)
    share = count / count.sum()
    return float(share @ np.sign(level[:, None] + level[None, :]) @ share)


def tilted_five(rng: Rng, n: int) -> np.ndarray:
    return np.clip(np.round(rng.normal(0.4, 1.0, n)), -4, 4)


def two_wave_cells(n: int) -> Iterator[Cell]:
    yield cell("paired t", "normal changes", n, covers(t_interval, normal, 0.0, n))
    yield cell("paired t", "skewed changes", n, covers(t_interval, skewed, 0.0, n))
    yield cell("paired t", "five-point changes", n, covers(t_interval, five, 0.0, n))
    for dz in (0.0, 0.3, 0.8):
        yield cell("d_z, noncentral t", f"normal, d_z {dz}", n, dz_coverage(dz, n))
        truth = dz / math.sqrt(1.22)
        waves = partial(two_waves, shift=dz)
        yield cell("d_av, Bonett", f"normal, shift {dz}", n, covers(lambda y: paired.cohen_d_av(*y.T), waves, truth, n))
    for shift in (0.0, 0.3, 0.6, 1.0):
        truth = float(2.0 * special.ndtr(shift * math.sqrt(2.0)) - 1.0)
        draw = partial(normal, mean=shift)
        yield cell("rank-biserial, Sen", f"normal, {truth:.2f}", n, covers(paired.rank_biserial, draw, truth, n))
    draw = skewed_median
    middle = 1.0 - 2.0 * special.gammainc(2.0, 2.0 * math.log(2.0))
    yield cell("rank-biserial, Sen", "skewed changes", n, covers(paired.rank_biserial, draw, middle, n))
    truth = pairs_sign(tilted_five)
    yield cell("rank-biserial, Sen", "five-point changes", n, covers(paired.rank_biserial, tilted_five, truth, n))


def dz_coverage(dz: float, n: int) -> Simulate:
    """The limits hold d_z exactly where the noncentral distribution at d_z puts t between its tails."""
    low, high = (float(special.nctdtrit(n - 1, dz * math.sqrt(n), p)) for p in (0.025, 0.975))

    def simulate(rng: Rng, times: int) -> np.ndarray:
        d = rng.normal(dz, 1.0, (times, n))
        t = d.mean(axis=1) / d.std(axis=1, ddof=1) * math.sqrt(n)
        found = (low <= t) & (t <= high)
        for i in range(0, times, 50):  # the function itself, on some of them
            interval = paired.cohen_dz(d[i])
            if (interval.low <= dz <= interval.high) != found[i]:
                raise AssertionError("the shortcut is not the function")
        return found

    return simulate


def ranks_cells(n: int) -> Iterator[Cell]:
    exact = {"measure": "type I error", "exact": True}
    for truth, draw in (("normal changes", normal), ("five-point changes", five)):
        yield cell("signed rank, exact", truth, n, rejects(paired.wilcoxon_signed_rank, draw, n), **exact)
        flips = rejects(paired.paired_permutation, draw, n) if draw is five else rejects(rounded_flips, draw, n)
        yield cell("sign flips, exact", truth, n, flips, **exact)
        yield cell("sign test, exact", truth, n, rejects(paired.sign_test, draw, n), **exact)
        yield cell("Hodges-Lehmann, closed", truth, n, covers(paired.hodges_lehmann, draw, 0.0, n), exact=True)
    pratt = partial(paired.wilcoxon_signed_rank, zeros="pratt")
    yield cell("signed rank, Pratt, exact", "five-point changes", n, rejects(pratt, five, n), **exact)
    given = partial(paired.hodges_lehmann, interval="conditional")
    yield cell("Hodges-Lehmann, given ties", "five-point changes", n, covers(given, five, 0.0, n), exact=True)
    normal_p = partial(paired.wilcoxon_signed_rank, method="asymptotic", continuity=False)
    yield cell("signed rank, asymptotic", "normal changes", n, rejects(normal_p, normal, n), measure="type I error")
    yield cell("signed rank, asymptotic", "five-point changes", n, rejects(normal_p, five, n), measure="type I error")
    for truth, draw in (("normal changes", normal), ("skewed changes", skewed_median), ("five-point changes", five)):
        yield cell("median, order statistics", truth, n, covers(paired.sign_test, draw, 0.0, n), exact=True)
    yield cell("sign test, exact", "skewed changes", n, rejects(paired.sign_test, skewed_median, n), **exact)


def rounded_flips(d: np.ndarray) -> object:
    """Scores to two decimals, as scores are: then all sign patterns can be counted."""
    return paired.paired_permutation(np.round(d, 2))


# ---- three waves or more

UNEVEN = np.linalg.cholesky(
    np.array([[1.0, 0.8, 0.4, 0.1], [0.8, 1.2, 0.7, 0.4], [0.4, 0.7, 1.6, 1.2], [0.1, 0.4, 1.2, 2.5]])
)
"""Four waves whose differences have variances from .6 to 3.3: Greenhouse-Geisser epsilon .62."""


def uneven_waves(rng: Rng, n: int) -> np.ndarray:
    return rng.normal(size=(n, 4)) @ UNEVEN.T


def even_waves(rng: Rng, n: int, *, k: int = 3) -> np.ndarray:
    return rng.normal(size=(n, 1)) + rng.normal(size=(n, k))


def five_waves(rng: Rng, n: int) -> np.ndarray:
    return np.clip(np.round(3 + even_waves(rng, n)), 1, 5)


def skewed_waves(rng: Rng, n: int) -> np.ndarray:
    return rng.exponential(size=(n, 1)) + rng.exponential(size=(n, 3))


class P:
    """A p under the name the cells look for."""

    def __init__(self, p: float) -> None:
        self.p = p


def wave_cells(n: int) -> Iterator[Cell]:
    error = {"measure": "type I error"}
    anova = paired.repeated_measures_anova
    for truth, draw in (("sphericity holds", even_waves), ("epsilon .62", uneven_waves)):
        for name in ("greenhouse_geisser", "huynh_feldt", "corrected"):
            test = lambda y, name=name: P(getattr(anova(y), f"p_{name}"))  # noqa: E731
            yield cell(f"repeated measures, {name.replace('_', '-')}", truth, n, rejects(test, draw, n), **error)
        multivariate = lambda y: P(anova(y).multivariate_p)  # noqa: E731
        yield cell("repeated measures, multivariate", truth, n, rejects(multivariate, draw, n), **error)
    yield cell("repeated measures, uncorrected", "sphericity holds", n, rejects(anova, even_waves, n), **error)
    yield cell("Mauchly", "sphericity holds", n, rejects(lambda y: P(anova(y).mauchly_p), even_waves, n), **error)
    for truth, draw in (("normal waves", even_waves), ("five-point waves", five_waves), ("skewed waves", skewed_waves)):
        for method in ("f", "chi_square"):
            test = partial(paired.friedman, method=method)
            yield cell(f"Friedman, {method.replace('_', '-')}", truth, n, rejects(test, draw, n), **error)
    if n == SIZES[0]:
        exact = partial(paired.friedman, method="exact")
        yield cell("Friedman, exact", "five-point waves", n, rejects(exact, five_waves, n), exact=True, **error)
    holm = lambda y: P(float(paired.paired_contrasts(y, waves="abcd"[: y.shape[1]]).p_holm.min()))  # noqa: E731
    yield cell("contrasts, Holm, any", "epsilon .62", n, rejects(holm, uneven_waves, n), exact=True, **error)


# ---- groups


def two_groups(rng: Rng, n: int, *, spread: float = 1.0, five_point: bool = False) -> np.ndarray:
    """A third in the first group, with its own spread; the group is the second column."""
    first = n // 3
    y = rng.normal(size=n) * np.where(np.arange(n) < first, spread, 1.0)
    y = np.clip(np.round(3 + y), 1, 5) if five_point else y
    return np.column_stack([y, np.arange(n) < first])


def split(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return data[data[:, 1] > 0, 0], data[data[:, 1] == 0, 0]


def thirds(data: np.ndarray) -> list[np.ndarray]:
    first, rest = split(data)
    return [first, rest[: rest.size // 2], rest[rest.size // 2 :]]


def group_cells(n: int) -> Iterator[Cell]:
    error = {"measure": "type I error"}
    uneven = partial(two_groups, spread=2.0)
    welch = lambda data: groups.two_sample_t(*split(data))  # noqa: E731
    equal = lambda data: groups.two_sample_t(*split(data), equal_variances=True)  # noqa: E731
    yield cell("Welch's t", "equal spread", n, covers(welch, two_groups, 0.0, n))
    yield cell("Welch's t", "double spread in the smaller group", n, covers(welch, uneven, 0.0, n))
    yield cell("Student's t", "equal spread", n, covers(equal, two_groups, 0.0, n))
    yield cell("one-way F", "equal spread", n, rejects(lambda d: groups.one_way(thirds(d)), two_groups, n), **error)
    test = lambda d: groups.welch_one_way(thirds(d))  # noqa: E731
    yield cell("Welch's F", "double spread in one group", n, rejects(test, uneven, n), **error)
    if n < SIZES[2]:
        test = lambda d: groups.two_sample_permutation(*split(d), method="exact")  # noqa: E731
        five_point = partial(two_groups, five_point=True)
        simulate = rejects(test, five_point, n)
        yield cell("permutation of two groups", "five-point scores", n, simulate, exact=True, **error)


# ---- tables

SYMMETRIC = np.array([[0.25, 0.10, 0.03], [0.10, 0.20, 0.08], [0.03, 0.08, 0.13]])
HALVES = np.array([[0.40, 0.15], [0.15, 0.30]])
LEVELS = np.outer([0.3, 0.7], [0.15, 0.35, 0.5])


def counted(shares: np.ndarray) -> Draw:
    def draw(rng: Rng, n: int) -> np.ndarray:
        return rng.multinomial(n, shares.ravel()).reshape(shares.shape)

    return draw


def associated(strength: float) -> tuple[np.ndarray, float]:
    """Three by three: a share of people whose column follows the row; and its V."""
    margin = np.array([0.3, 0.4, 0.3])
    shares = (1.0 - strength) * np.outer(margin, margin) + strength * np.diag(margin)
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    return shares, math.sqrt(float(((shares - expected) ** 2 / expected).sum()) / 2.0)


def agreeing(strength: float) -> tuple[np.ndarray, float, float]:
    """Three by three ratings; kappa, plain and quadratic, is `strength` for both."""
    return associated(strength)[0], strength, strength


class Share:
    """The interval of a share under the names the cells look for."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high


def table_cells(n: int) -> Iterator[Cell]:
    error = {"measure": "type I error"}
    square, halves = counted(SYMMETRIC), counted(HALVES)
    for method in ("exact", "mid-p", "chi_square", "corrected"):
        test = partial(tables.mcnemar, method=method)
        promise = method in ("exact", "corrected")
        name = f"McNemar, {method.replace('_', '-')}"
        yield cell(name, "15 % move each way", n, rejects(test, halves, n), exact=promise, **error)
    yield cell("McNemar, difference of shares", "15 % move each way", n, covers(tables.mcnemar, halves, 0.0, n))
    drift = counted(np.array([[0.40, 0.25], [0.10, 0.25]]))
    yield cell("McNemar, difference of shares", "25 % up, 10 % down", n, covers(tables.mcnemar, drift, 0.15, n))
    odds = lambda t: odds_interval(tables.mcnemar(t))  # noqa: E731
    yield cell("McNemar, odds ratio", "25 % up, 10 % down", n, covers(odds, drift, 2.5, n), exact=True)
    yield cell("Bowker", "three stages, symmetric", n, rejects(tables.bowker, square, n), **error)
    test = tables.bowker_exact
    yield cell("Bowker, exact", "three stages, symmetric", n, rejects(test, square, n), exact=True, **error)
    yield cell("Stuart-Maxwell", "three stages, symmetric", n, rejects(tables.stuart_maxwell, square, n), **error)
    test = tables.ordered_homogeneity
    yield cell("ordered stages, exact", "three stages, symmetric", n, rejects(test, square, n), exact=True, **error)
    chi = partial(test, method="chi_square")
    yield cell("ordered stages, chi-square", "three stages, symmetric", n, rejects(chi, square, n), **error)
    test = tables.moved_up_or_down
    yield cell("up or down, exact", "three stages, symmetric", n, rejects(test, square, n), exact=True, **error)
    yield cell("share moved up", "three stages, symmetric", n, covers(test, square, 0.5, n), exact=True)
    crossed = counted(LEVELS)
    yield cell("chi-square", "two by three, independent", n, rejects(tables.chi_square, crossed, n), **error)
    exact = rejects(tables.fisher_exact, crossed, n)
    yield cell("Fisher-Freeman-Halton", "two by three, independent", n, exact, exact=True, **error)
    for strength in (0.0, 0.15, 0.3, 0.6):
        shares, v = associated(strength)
        yield cell("Cramér's V", f"three by three, V {v:.2f}", n, covers(tables.cramers_v, counted(shares), v, n))
    for weights in (None, "quadratic"):
        for strength in (0.3, 0.6):
            shares, *_ = agreeing(strength)
            test = lambda t, weights=weights: tables.kappa(t, weights)  # noqa: E731
            name = "kappa" if weights is None else "kappa, quadratic"
            yield cell(name, f"three levels, kappa {strength}", n, covers(test, counted(shares), strength, n))


def odds_interval(found: tables.McNemar) -> Share:
    high = math.inf if found.odds_ratio_high is None else found.odds_ratio_high
    return Share(found.odds_ratio_low, high)


T_SKEWED = "changes of skewness 2 tie the mean to the SD, so that t misses on one side; sign_test's interval holds"
U_EDGE = "few participants changed the other way, on whom the variance rests; with no such pair it is refused"
Q_DISCRETE = (
    "the statistic takes few values: the exact tail beyond the chi-square's limit is .055, and this run drew a little "
    "more; F and exact tests are the default"
)
BOWKER = "about {} people move between two of the stages, where the chi-square is too cautious; see bowker_exact"
V_ZERO = "no association: the lower limit is then 0 and cannot miss, the upper one does in 2.5 of 100"
V_LOW = "near no association the lower limit is cut off at 0, so that it misses less"
V_SPREAD = "the root of the statistic has {} the SD that a noncentral chi-square supposes, for these shares"

WHY: dict[tuple[str, str, int], str] = {
    **{("paired t", "skewed changes", n): T_SKEWED for n in (30, 95)},
    ("rank-biserial, Sen", "normal, 0.84", 30): U_EDGE,
    ("rank-biserial, Sen", "skewed changes", 30): "at the bound: a little cautious in the smallest studies",
    **{("Friedman, chi-square", f"{kind} waves", 30): Q_DISCRETE for kind in ("normal", "skewed")},
    ("McNemar, difference of shares", "15 % move each way", 30): "at the bound: nine movers can fall in few ways",
    ("McNemar, difference of shares", "25 % up, 10 % down", 30): "ten movers can fall in few ways; no interval is even",
    ("Bowker", "three stages, symmetric", 30): BOWKER.format("two"),
    ("Bowker", "three stages, symmetric", 95): BOWKER.format("six"),
    **{("Cramér's V", "three by three, V 0.00", n): V_ZERO for n in SIZES},
    ("Cramér's V", "three by three, V 0.15", 30): V_LOW,
    **{("Cramér's V", "three by three, V 0.15", n): V_SPREAD.format("1.06 times") for n in (95, 300)},
    **{("Cramér's V", "three by three, V 0.30", n): V_SPREAD.format("1.07 times") for n in (95, 300)},
    **{("Cramér's V", "three by three, V 0.60", n): V_SPREAD.format("0.95 times") for n in SIZES},
    ("kappa", "three levels, kappa 0.6", 30): (
        "six of nine cells hold about one participant each: too few for large-sample theory"
    ),
    ("kappa, quadratic", "three levels, kappa 0.6", 30): (
        "the variance rests on about two participants who are two levels apart; one study in ten has none"
    ),
}
"""Why a share lies outside its bounds, by method, truth and n; the figures are those of `grid/paired.csv`."""

PARTS = (two_wave_cells, ranks_cells, wave_cells, group_cells, table_cells)
CELLS: tuple[Cell, ...] = tuple(each for n in SIZES for make in PARTS for each in make(n))
