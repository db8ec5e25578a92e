"""How much a logistic or multinomial model asks of the data, and how well it sorts participants into levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, Whole, frozen
from casearc.statistics.categorical import _marginal as marginal
from casearc.statistics.categorical._estimation import Estimate, Penalty, estimate
from casearc.statistics.categorical._problem import problem_of
from casearc.statistics.categorical.draws import refit_all
from casearc.statistics.categorical.separation import level_codes
from casearc.statistics.resampling import case_weights, jackknife_weights
from casearc.statistics.results import Result, Row

Correction = Literal["none", "leave-one-out", "bootstrap"]

ENOUGH, FEW = 10.0, 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventsPerVariable(Result):
    """Events per variable of a logistic or multinomial model.

    Attributes
    ----------
    slopes
        Coefficients of one level's equation, its constant left out.
    counts
        Participants at each of `levels`.
    per_equation
        For each level after the first: the smaller count of it and the first level, over `slopes`. Shape (J - 1,).
    overall
        The smallest level's count over the slopes of all equations.
    verdict
        ``"enough"`` (10 or more in every equation), ``"few"`` (5 to 10) or ``"too few"``.
    explanation
        The verdict in a sentence, with its sources.
    """

    levels: tuple[str, ...]
    counts: tuple[int, ...]
    slopes: int
    per_equation: Vector
    overall: float
    verdict: Literal["enough", "few", "too few"]
    explanation: str

    def rows(self) -> list[Row]:
        """One row a level after the first."""
        return [
            {"y_level": name, "n": count, "n_first": self.counts[0], "slopes": self.slopes, "per_variable": float(each)}
            for name, count, each in zip(self.levels[1:], self.counts[1:], self.per_equation, strict=True)
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClassificationTable(Result):
    """Classification table: observed level by the most probable one.

    Attributes
    ----------
    table
        Counts, observed in rows and predicted in columns, both in the order of `levels`. Under leave-one-out each
        participant is predicted by the fit to the others.
    accuracy, balanced_accuracy
        Share on the diagonal, and the mean over levels of the share that is found; of `table`, or, under the bootstrap,
        of the fit to its own data less the optimism.
    apparent_accuracy, apparent_balanced_accuracy
        Of the fit to its own data: too good.
    no_information_rate
        Share of the most frequent level: the accuracy of knowing nothing of a participant.
    p
        Exact binomial probability of so many correct or more at the no-information rate; None under the bootstrap.
    """

    levels: tuple[str, ...]
    table: Whole
    accuracy: float
    balanced_accuracy: float
    apparent_accuracy: float
    apparent_balanced_accuracy: float
    no_information_rate: float
    p: float | None
    correction: Correction
    n: int
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a pair of levels."""
        return [
            {"observed": row, "predicted": column, "n": int(self.table[i, j])}
            for i, row in enumerate(self.levels)
            for j, column in enumerate(self.levels)
        ]


def events_per_variable(outcome: ArrayLike, *, levels: Sequence[str], slopes: int) -> EventsPerVariable:
    """Whether a model with so many coefficients has participants enough in every level.

    Parameters
    ----------
    outcome
        Whole numbers 0 to J - 1, shape (n,).
    levels
        Names of the J levels.
    slopes
        Coefficients in each level's equation, the constant not counted.

    Raises
    ------
    StatisticsRefusedError
        An outcome that does not fit its levels, a level nobody is at, no slope.

    Notes
    -----
    Each equation of a multinomial model tells two levels apart, so each is held to what logistic regression asks for:
    10 (Peduzzi et al. 1996, Journal of Clinical Epidemiology 49:1373-1379), with 5 to 10 tolerable for a confidence
    interval (Vittinghoff & McCulloch 2007, American Journal of Epidemiology 165:710-718). The ratio alone does not
    decide it (van Smeden et al. 2016, BMC Medical Research Methodology 16:163); penalties help most where it is small
    (de Jong et al. 2019, Statistics in Medicine 38:1601-1619).

    Examples
    --------
    >>> result = events_per_variable([0] * 30 + [1] * 12, levels=["same", "advanced"], slopes=2)
    >>> float(result.per_equation[0]), result.verdict
    (6.0, 'few')
    """
    codes = level_codes(outcome, levels)
    if slopes < 1:
        raise StatisticsRefusedError("A model without slopes has no variable to count events for.")
    names = tuple(str(name) for name in levels)
    counts = np.bincount(codes, minlength=len(names))
    if (counts == 0).any():
        raise StatisticsRefusedError(
            f'No participant is at the level "{names[int(counts.argmin())]}", so nothing can be said about it.',
            alternative="Leave the level out or merge it with its neighbor.",
        )
    ratios = np.minimum(counts[1:], counts[0]) / slopes
    least = float(ratios.min())
    verdict: Literal["enough", "few", "too few"] = "enough" if least >= ENOUGH else "few" if least >= FEW else "too few"
    return EventsPerVariable(
        levels=names,
        counts=tuple(counts.tolist()),
        slopes=slopes,
        per_equation=frozen(ratios),
        overall=float(counts.min() / (slopes * (len(names) - 1))),
        verdict=verdict,
        explanation=_verdict(verdict, names[1 + int(ratios.argmin())], least),
    )


def _verdict(verdict: str, level: str, least: float) -> str:
    start = f'The equation of "{level}" has {least:.1f} events per variable'
    match verdict:
        case "enough":
            return f"{start}, and the others have more: at least the 10 commonly asked for (Peduzzi et al. 1996)."
        case "few":
            return (
                f"{start}: fewer than the 10 commonly asked for (Peduzzi et al. 1996), though intervals are mostly "
                "sound from 5 (Vittinghoff & McCulloch 2007). Prefer Firth's penalty."
            )
    return (
        f"{start}: below 5 coefficients are biased away from zero and intervals unreliable (Vittinghoff & McCulloch "
        "2007). Use Firth's penalty, drop terms or merge levels, and read the model as exploratory."
    )


def classification_table(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    penalty: Penalty = "none",
    correction: Correction = "leave-one-out",
    draws: int = 200,
    rng_or_seed: np.random.Generator | int | None = None,
) -> ClassificationTable:
    """Sort participants into their most probable level and count how often that is right.

    Use it to describe, not to judge a model: a good model of rare levels may never name them.

    Parameters
    ----------
    design, outcome, terms, levels, penalty
        As in `multinomial`.
    correction
        ``"leave-one-out"``: each participant is predicted by the fit to the others. ``"bootstrap"``: the optimism of
        refits, averaged over draws, is taken off (Efron 1983; Harrell 2015). ``"none"``: the fit's own data.
    draws, rng_or_seed
        Of the bootstrap; a seed or generator is then needed.

    Raises
    ------
    StatisticsRefusedError
        What `multinomial` refuses; a bootstrap without a seed; no refit at all.

    Notes
    -----
    The no-information rate and its exact test are those of R's ``caret::confusionMatrix``. Under maximum likelihood a
    refit that is separated takes Firth's estimate. Ties go to the earlier level.

    Examples
    --------
    >>> X = [[1, dose] for dose in range(12)]
    >>> y = [0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1]
    >>> table = classification_table(X, y, terms=["constant", "dose"], levels=["same", "advanced"])
    >>> round(table.accuracy, 4), round(table.apparent_accuracy, 4)
    (0.6667, 0.6667)
    """
    problem = problem_of(design, outcome, terms, levels, None)
    if correction not in ("none", "leave-one-out", "bootstrap"):
        raise StatisticsRefusedError('The correction is "none", "leave-one-out" or "bootstrap".')
    fitted = estimate(problem, penalty)
    apparent = _table(fitted, fitted.coefficients)
    notes: tuple[str, ...] = ()
    shown, optimism = apparent, (0.0, 0.0)
    if correction == "leave-one-out":
        shown, notes = _left_out(fitted)
    elif correction == "bootstrap":
        optimism, notes = _optimism(fitted, draws, rng_or_seed)
    rate = float(problem.counts.max() / problem.n)
    n = int(shown.sum())
    p = float(special.bdtrc(float(np.trace(shown)) - 1.0, n, rate)) if np.trace(shown) > 0 else 1.0
    return ClassificationTable(
        levels=problem.levels,
        table=shown,
        accuracy=_accuracy(shown) - optimism[0],
        balanced_accuracy=_balanced(shown) - optimism[1],
        apparent_accuracy=_accuracy(apparent),
        apparent_balanced_accuracy=_balanced(apparent),
        no_information_rate=rate,
        p=None if correction == "bootstrap" else p,
        correction=correction,
        n=n,
        notes=notes,
    )


def _predicted(fitted: Estimate, b: Matrix) -> Whole:
    """Most probable level of every row, (B, n), by coefficients (B, J - 1, k)."""
    best: Whole = marginal.level_probabilities(b, fitted.problem.X).argmax(axis=1).astype(np.int64)
    return best


def _table(fitted: Estimate, b: Matrix) -> Whole:
    table: Whole = _counted(fitted, _predicted(fitted, b[None]), np.ones((1, fitted.problem.n)))[0].astype(np.int64)
    return table


def _counted(fitted: Estimate, predicted: Whole, weights: Matrix) -> np.ndarray:
    """Observed by predicted, (B, J, J), rows counted by weights (B, n)."""
    J = len(fitted.problem.levels)
    cells = fitted.problem.y * J + predicted + J * J * np.arange(predicted.shape[0])[:, None]
    flat = np.bincount(cells.ravel(), weights=weights.ravel(), minlength=predicted.shape[0] * J * J)
    return np.asarray(flat.reshape(-1, J, J))


def _left_out(fitted: Estimate) -> tuple[Whole, tuple[str, ...]]:
    n = fitted.problem.n
    refits = refit_all(fitted, jackknife_weights(n).astype(np.float64))
    found = np.flatnonzero(np.isfinite(refits.log_likelihood))
    if found.size == 0:
        raise _no_refit()
    b, J = refits.coefficients[found], len(fitted.problem.levels)
    own = fitted.problem.X[found]
    P = marginal.level_probabilities(b, own[:, None, :])[:, :, 0]
    cells = fitted.problem.y[found] * J + P.argmax(axis=1)
    table = np.bincount(cells, minlength=J * J).reshape(J, J).astype(np.int64)
    lost = n - found.size
    words = "participant" if lost == 1 else "participants"
    note = f"{lost} {words} could not be predicted: the others' data do not carry the model." if lost else ""
    return table, ((note,) if note else ()) + _separated_note(refits.separated)


def _optimism(
    fitted: Estimate, draws: int, rng_or_seed: np.random.Generator | int | None
) -> tuple[tuple[float, float], tuple[str, ...]]:
    """How much better the draws' fits do in their draw than in the sample, on average."""
    if rng_or_seed is None:
        raise StatisticsRefusedError("A bootstrap needs a seed, so that it can be repeated.", alternative="Give one.")
    n = fitted.problem.n
    weights = case_weights(n, draws=draws, rng_or_seed=rng_or_seed).astype(np.float64)
    refits = refit_all(fitted, weights)
    sound = np.isfinite(refits.log_likelihood)
    if not sound.any():
        raise _no_refit()
    predicted, kept = _predicted(fitted, refits.coefficients[sound]), weights[sound]
    there = _counted(fitted, predicted, kept)
    here = _counted(fitted, predicted, np.ones_like(kept))
    gaps = [
        float(np.mean([measure(a) - measure(b) for a, b in zip(there, here, strict=True)]))
        for measure in (_accuracy, _balanced)
    ]
    return (gaps[0], gaps[1]), _separated_note(refits.separated)


def _accuracy(table: np.ndarray) -> float:
    return float(np.trace(table) / table.sum())


def _balanced(table: np.ndarray) -> float:
    """Mean share found, over the levels that occur."""
    totals = table.sum(axis=1)
    return float((np.diag(table)[totals > 0] / totals[totals > 0]).mean())


def _separated_note(separated: np.ndarray) -> tuple[str, ...]:
    count = int(separated.sum())
    if count == 0:
        return ()
    return (f"{count:,} of {separated.size:,} refits were separated and fitted with Firth's penalty.",)


def _no_refit() -> StatisticsRefusedError:
    return StatisticsRefusedError(
        "No refit settled, so the fit's own accuracy cannot be corrected.", alternative="Drop terms or merge levels."
    )
