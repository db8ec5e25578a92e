"""Mixed models: three waves of each participant, some missing depending on what was measured before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from cells import Cell

from casearc.statistics import _distributions as dist
from casearc.statistics.mixed import MixedReplicates, mixed_many
from casearc.statistics.mixed._likelihood import Look, look
from casearc.statistics.mixed._maximize import maximize
from casearc.statistics.mixed._pivot import pivot_of
from casearc.statistics.mixed._profile import ratio_limits
from casearc.statistics.mixed._structure import Structure
from casearc.statistics.mixed._sufficient import Sufficient, many
from casearc.statistics.mixed.fit import DfMethod

Array = np.ndarray
SIZES = (30, 95, 300)
MONTHS = np.array([0.0, 6.0, 12.0])
BEFORE, DURING = np.minimum(MONTHS, 6.0), np.maximum(MONTHS - 6.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Truth:
    """SDs of a participant's level and monthly course, the residual one being 1; the rate a month before and during.

    `fading`: neighboring waves correlate .6, the first and the last .36, as no level and course of one's own make it.
    """

    name: str
    level: float = 1.0
    course: float = 0.0
    before: float = 0.05
    during: float = 0.12
    missing: bool = True
    uneven: bool = False
    fading: bool = False

    def level_rate(self) -> Truth:
        """The same with one rate throughout, which the model of one line takes for granted."""
        return replace(self, before=0.1, during=0.1)

    def outcomes(self, rng: np.random.Generator, draws: int, n: int) -> tuple[Array, Array]:
        """A baseline covariate (draws, n) and outcomes (draws, n, 3), nan where a wave is missing.

        About a quarter of the later waves are missing, more often after a low score; a second wave missed makes a
        missed third likelier.
        """
        covariate = rng.normal(size=(draws, n))
        own = rng.normal(size=(draws, n, 2)) * [self.level, self.course]
        noise = rng.normal(size=(draws, n, 3))
        if self.fading:
            for wave in (1, 2):
                noise[..., wave] = 0.6 * noise[..., wave - 1] + 0.8 * noise[..., wave]
        if self.uneven:
            noise = (rng.exponential(size=(draws, n, 3)) - 1.0) * np.sqrt([0.7, 1.0, 1.3])
        mean = 4.0 + self.before * BEFORE + self.during * DURING
        y = mean + 0.3 * covariate[..., None] + own[..., :1] + own[..., 1:] * MONTHS + noise
        if self.missing:
            first = rng.random((draws, n)) < 1.0 / (1.0 + np.exp(1.4 + 0.6 * (y[..., 0] - 4.0)))
            last = np.where(first, y[..., 0], y[..., 1])
            second = rng.random((draws, n)) < 1.0 / (1.0 + np.exp(1.5 - 1.0 * first + 0.6 * (last - 4.5)))
            y[..., 1][first], y[..., 2][second] = np.nan, np.nan
        return covariate, y


PLAIN = Truth(name="random intercept, a quarter of later waves missing at random")
WHOLE = Truth(name="random intercept, nothing missing", missing=False)
LITTLE = Truth(name="participants hardly differ (ICC .04), waves missing at random", level=0.2)
ALIKE = Truth(name="participants do not differ, waves missing at random", level=0.0)
COURSES = Truth(name="random intercept and course, waves missing at random", course=0.08)
SKEWED = Truth(name="skewed errors of growing spread, waves missing at random", uneven=True)
WHOLE_LITTLE = Truth(name="participants hardly differ (ICC .04), nothing missing", level=0.2, missing=False)
WHOLE_ALIKE = Truth(name="participants do not differ, nothing missing", level=0.0, missing=False)
MANAGERS = Truth(name="case loads of 3 to 9, ICC .2", level=0.5)
MANAGERS_LITTLE = Truth(name="case loads of 3 to 9, ICC .04", level=0.2)
FADING = Truth(name="correlations that fade with time, waves missing at random", level=0.0, fading=True)
FLAT = Truth(name="no change, waves missing at random", before=0.0, during=0.0)
FLAT_COURSES = replace(FLAT, name="no change on average, courses differ, waves missing at random", course=0.08)
DF: dict[str, DfMethod] = {"Kenward-Roger": "kenward-roger", "Satterthwaite": "satterthwaite"}
ERROR = "type I error"


def _fit(
    truth: Truth,
    rng: np.random.Generator,
    draws: int,
    *,
    n: int,
    pieces: bool,
    df: DfMethod,
    contrast: list[float],
) -> MixedReplicates:
    covariate, y = truth.outcomes(rng, draws, n)
    design = np.empty((draws, n, 3, 4 if pieces else 3))
    design[..., 0], design[..., 1] = 1.0, BEFORE if pieces else MONTHS
    design[..., -1] = covariate[..., None]
    if pieces:
        design[..., 2] = DURING
    course = np.column_stack([np.ones(3), MONTHS]) if truth.course else None
    return mixed_many(design, y, random=course, contrasts=[contrast], df=df)


def _covers(found: MixedReplicates, true: float, *, level: float = 0.95) -> Array:
    kept = ~found.failed
    se, df = found.standard_errors, found.df
    assert se is not None
    assert df is not None
    half = dist.t_quantiles(0.5 + level / 2.0, df[kept, 0]) * se[kept, 0]
    return np.asarray(np.abs(found.estimate[kept, 0] - true) <= half)


def _slope(rng: np.random.Generator, draws: int, *, truth: Truth, n: int, df: DfMethod) -> Array:
    """The slope of one line, where the rate is the same before and during."""
    return _covers(_fit(truth, rng, draws, n=n, pieces=False, df=df, contrast=[0, 1, 0]), truth.during)


def _difference(rng: np.random.Generator, draws: int, *, truth: Truth, n: int, df: DfMethod) -> Array:
    """Change a month during service less that before it."""
    found = _fit(truth, rng, draws, n=n, pieces=True, df=df, contrast=[0, -1, 1, 0])
    return _covers(found, truth.during - truth.before)


def _whole(rng: np.random.Generator, draws: int, *, truth: Truth, n: int, course: bool) -> Array:
    """Change from the first wave to the last, each wave with a mean of its own."""
    _, y = truth.outcomes(rng, draws, n)
    design = np.broadcast_to(np.array([[1.0, 0, 0], [1, 1, 0], [1, 0, 1]]), (n, 3, 3))
    own = np.column_stack([np.ones(3), MONTHS]) if course else None
    found = mixed_many(design, y, random=own, contrasts=[[0, 0, 1]])
    return _covers(found, float(truth.before * BEFORE[-1] + truth.during * DURING[-1]))


def _dose(rng: np.random.Generator, draws: int, *, truth: Truth, n: int, course: bool) -> Array:
    """A dose by time that does nothing."""
    dose, (_, y) = rng.gamma(2.0, size=(draws, n, 1)), truth.outcomes(rng, draws, n)
    columns = (1.0, MONTHS, dose, dose * MONTHS)
    design = np.stack(np.broadcast_arrays(*columns, y)[:4], axis=-1)
    own = np.column_stack([np.ones(3), MONTHS]) if course else None
    return _covers(mixed_many(design, y, random=own, contrasts=[[0, 0, 0, 1]]), 0.0)


def _covariate(rng: np.random.Generator, draws: int, *, truth: Truth, n: int, df: DfMethod) -> Array:
    """A coefficient between participants."""
    return _covers(_fit(truth, rng, draws, n=n, pieces=True, df=df, contrast=[0, 0, 0, 1]), 0.3)


def _error(simulate: Callable[..., Array]) -> Callable[..., Array]:
    def rejected(rng: np.random.Generator, draws: int, **options: object) -> Array:
        return ~simulate(rng, draws, **options)

    return rejected


def _sums(truth: Truth, rng: np.random.Generator, draws: int, n: int) -> Sufficient:
    """Sums of the model that is true: two pieces of time, the covariate and a random intercept."""
    covariate, y = truth.outcomes(rng, draws, n)
    there = np.isfinite(y)
    columns = (1.0, BEFORE / 6.0, DURING / 6.0, covariate[..., None], np.where(there, y - 4.0, 0.0))
    tables = np.stack(np.broadcast_arrays(*columns), axis=-1)
    return many(np.where(there[..., None], tables, 0.0), np.ones((1, 3, 1)), there)


def _optimum(data: Sufficient) -> Look:
    one = Structure(1)
    return look(data, one.factor(one.snapped(maximize(data, one, reml=True).parameters)[0]), reml=True)


def _exact(rng: np.random.Generator, draws: int, *, truth: Truth, n: int) -> Array:
    """The exact interval of the intraclass correlation, on the scale of the ratio of variances."""
    low, high = pivot_of(_sums(truth, rng, draws, n)).limits(0.95)
    return np.asarray((low <= truth.level**2) & (truth.level**2 <= high))


def _profile(rng: np.random.Generator, draws: int, *, truth: Truth, n: int) -> Array:
    """The same by the profile of the restricted likelihood."""
    data = _sums(truth, rng, draws, n)
    low, high = ratio_limits(data, _optimum(data), 0.95, reml=True)
    return np.asarray((low <= truth.level**2) & (truth.level**2 <= high))


def _f_test(rng: np.random.Generator, draws: int, *, truth: Truth, n: int) -> Array:
    """The exact test that participants do not differ."""
    return np.asarray(pivot_of(_sums(truth, rng, draws, n)).p_zero()[1] < 0.05)


def _lr_test(rng: np.random.Generator, draws: int, *, truth: Truth, n: int) -> Array:
    """The same by the likelihood ratio, half of whose distribution is zero."""
    data = _sums(truth, rng, draws, n)
    statistic = look(data, np.zeros((draws, 1, 1)), reml=True).deviance - _optimum(data).deviance
    return np.asarray(statistic > dist.normal_quantile(0.95) ** 2)


def _managers(rng: np.random.Generator, draws: int, *, truth: Truth, n: int) -> Array:
    """The interval of the intraclass correlation of case managers whose case loads differ, one row a person."""
    loads = np.resize([3, 5, 7, 9], max(n // 6, 4))
    widest = int(loads.max())
    there = np.broadcast_to(np.arange(widest) < loads[:, None], (draws, loads.size, widest))
    y = truth.level * rng.normal(size=(draws, loads.size, 1)) + rng.normal(size=there.shape)
    tables = np.stack(np.broadcast_arrays(1.0, y), axis=-1) * there[..., None]
    low, high = pivot_of(many(tables, np.ones((1, widest, 1)), there)).limits(0.95)
    return np.asarray((low <= truth.level**2) & (truth.level**2 <= high))


def _cells() -> Iterator[Cell]:
    for n in SIZES:
        for label, df in DF.items():
            for truth in (PLAIN, LITTLE, COURSES, SKEWED):
                yield _cell(f"slope, {label}", truth.level_rate(), n, _slope, df=df)
            for truth in (PLAIN, WHOLE, LITTLE, COURSES, SKEWED):
                yield _cell(f"difference of slopes, {label}", truth, n, _difference, df=df)
            for truth in (PLAIN, LITTLE):
                yield _cell(f"baseline covariate, {label}", truth, n, _covariate, df=df)
            for truth in (FLAT, FLAT_COURSES):
                yield _cell(f"difference of slopes, {label}", truth, n, _error(_difference), measure=ERROR, df=df)
        yield from _courses(n)
        for truth in (WHOLE, WHOLE_LITTLE):
            yield _cell("intraclass correlation, exact", truth, n, _exact)
        for truth in (PLAIN, LITTLE):
            yield _cell("intraclass correlation, profile", truth, n, _profile)
        yield _cell("intraclass correlation, profile", ALIKE, n, _profile, exact=True)
        for truth in (MANAGERS, MANAGERS_LITTLE):
            yield _cell("intraclass correlation of case managers, exact", truth, n, _managers)
        yield _cell("F test of a random intercept", WHOLE_ALIKE, n, _f_test, measure=ERROR)
        for truth in (WHOLE_ALIKE, ALIKE):
            yield _cell("likelihood-ratio test of a random intercept", truth, n, _lr_test, measure=ERROR)


def _courses(n: int) -> Iterator[Cell]:
    for course, own in ((False, "level"), (True, "level and course")):
        for truth in (PLAIN, COURSES, FADING):
            yield _cell(f"first to last wave, {own} of one's own", truth, n, _whole, course=course)
        for truth in (FADING.level_rate(), COURSES.level_rate()):
            yield _cell(f"dose by time, {own} of one's own", truth, n, _error(_dose), measure=ERROR, course=course)


def _cell(
    method: str,
    truth: Truth,
    n: int,
    simulate: Callable[..., Array],
    *,
    measure: str = "coverage",
    exact: bool = False,
    **options: object,
) -> Cell:
    why = WHY.get((method, truth.name, n), WHY.get((method, truth.name, None), ""))
    bound = partial(simulate, truth=truth, n=n, **options)
    return Cell(
        family="mixed", method=method, truth=truth.name, n=n, measure=measure, simulate=bound, exact=exact, why=why
    )


BIASED = (
    "skewed errors with waves missing after low scores: the normal model no longer makes the missing waves ignorable, "
    "and the slope is biased, by 0.2 of its standard error at n = 95 and 0.4 at n = 300; with all waves it is not"
)
TOGETHER = (
    "standard errors ignore that with waves missing at random fixed effects and variances are estimated together "
    "(Kenward & Molenberghs 1998); "
)
NEAR_ZERO = (
    "the lower limit stops at 0, so only the upper one errs, and the chi-square quantile of the profile is too wide"
)
ALIKE_FOR_EVER = (
    "a level alone takes two waves for as alike a year apart as half a year apart, which they are not here; this cell "
    "shows why a course of one's own is the default from three waves on"
)
WHY: dict[tuple[str, str, int | None], str] = {
    ("first to last wave, level and course of one's own", PLAIN.name, 30): "where people's courses do not differ, some "
    "variance of courses is found in few people nonetheless, for it cannot be negative: a little cautious",
    ("first to last wave, level and course of one's own", COURSES.name, 95): "simulation error: .0002 beyond the bound",
    ("first to last wave, level of one's own", COURSES.name, None): ALIKE_FOR_EVER,
    ("first to last wave, level of one's own", FADING.name, None): ALIKE_FOR_EVER,
    ("dose by time, level of one's own", COURSES.name, None): ALIKE_FOR_EVER,
    ("dose by time, level of one's own", FADING.name, None): ALIKE_FOR_EVER,
    ("slope, Kenward-Roger", SKEWED.name, 95): BIASED,
    ("slope, Kenward-Roger", SKEWED.name, 300): BIASED,
    ("slope, Satterthwaite", SKEWED.name, None): BIASED,
    ("difference of slopes, Kenward-Roger", SKEWED.name, 300): BIASED,
    ("difference of slopes, Kenward-Roger", COURSES.name, 30): TOGETHER
    + "20,000 further simulations cover .946, and .950 with nothing missing",
    ("difference of slopes, Kenward-Roger", FLAT_COURSES.name, 95): "simulation error for the most part: "
    "50,000 further simulations err in .053",
    ("difference of slopes, Satterthwaite", FLAT_COURSES.name, 30): TOGETHER
    + "20,000 further simulations err in .059, and in .051 with nothing missing",
    ("difference of slopes, Satterthwaite", LITTLE.name, 30): "simulation error for the most part: 20,000 further "
    "simulations cover .948",
    (
        "slope, Satterthwaite",
        PLAIN.name,
        30,
    ): "simulation error for the most part: 20,000 further simulations cover .948",
    ("intraclass correlation, profile", LITTLE.name, None): NEAR_ZERO,
}
"""Why a cell lies outside the bounds, by method, truth and size (None: every size)."""

CELLS: tuple[Cell, ...] = tuple(_cells())
