"""2,000 bootstrap refits of a multinomial model, n = 95, 8 predictors, 4 stages, beside nnet, statsmodels, brglm2."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from side_by_side import Line, Peer, PeerAbsentError, every_core, median_seconds, python_peer, r_peer, times

from casearc.statistics.categorical import MultinomialDraws, multinomial, multinomial_draws, profile_intervals
from casearc.statistics.resampling import case_weights

DRAWS = 2000
SOME = 400  # fits of statsmodels that are timed
FEW = 40  # fits of brglm2 that are timed
TERMS = ["constant", *(f"x{j}" for j in range(1, 9))]
LEVELS = ["0", "1", "2", "3"]


def made_up() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A program of 95 people: six numbers and two indicators, stages of 36, 22, 27 and 10 people or so, and draws."""
    rng = np.random.default_rng(11)
    X = np.column_stack([np.ones(95), rng.normal(size=(95, 6)), rng.random((95, 2)) < 0.4])
    b = np.array([[-0.4], [-0.2], [-1.1]]) * np.eye(1, 9) + 0.25 * rng.normal(size=(3, 9)) * (np.arange(9) > 0)
    odds = np.exp(np.column_stack([np.zeros(95), X @ b.T]))
    shares = odds / odds.sum(axis=1, keepdims=True)
    y = (shares.cumsum(axis=1) < rng.random((95, 1))).sum(axis=1)
    return X, y, case_weights(95, draws=DRAWS, rng_or_seed=1)


def lines() -> Iterator[Line]:
    """Maximum likelihood and Firth, then the profile of a Firth fit."""
    X, y, draws = made_up()
    table = {f"x{j}": X[:, j] for j in range(1, 9)} | {"y": y} | {f"w{d + 1}": draws[d] for d in range(DRAWS)}
    model = {"design": X, "outcome": y, "terms": TERMS, "levels": LEVELS}
    found = multinomial_draws(**model, draws=draws)
    yield from maximum_likelihood(model, draws, table, found, every=True)
    kept = draws[~_separated(found)]
    some = {name: column for name, column in table.items() if not name.startswith("w")}
    some |= {f"w{d + 1}": row for d, row in enumerate(kept)}
    yield from maximum_likelihood(model, kept, some, multinomial_draws(**model, draws=kept), every=False)
    yield firth(model, draws, table)
    yield from profile(model)


def _separated(found: MultinomialDraws) -> np.ndarray:
    """Which of all draws maximum likelihood has no answer for."""
    out = np.ones(found.draws, dtype=bool)
    out[found.fitted] = found.separated
    return out


def maximum_likelihood(
    model: dict[str, object], draws: np.ndarray, table: dict[str, np.ndarray], found: MultinomialDraws, *, every: bool
) -> Iterator[Line]:
    """Beside nnet and statsmodels: all draws, or those that maximum likelihood has an answer for."""
    seconds = median_seconds(lambda: multinomial_draws(**model, draws=draws), runs=9)
    with every_core():
        threads = median_seconds(lambda: multinomial_draws(**model, draws=draws), runs=9)
    count = len(draws)
    what = f"{count:,} bootstrap refits of the multinomial model" + ("" if every else ", none of them separated")
    apart = f"; {found.separated.mean():.0%} separated, fitted again by Firth; the peers report those as fits"
    for name, peer, fits in (
        ("nnet", lambda: r_peer("multinomial.R", table, "nnet", str(count)), count),
        ("statsmodels", lambda: python_peer("multinomial.py", table, str(SOME)), SOME),
    ):
        try:
            theirs = peer()
        except PeerAbsentError as absent:
            yield Line(what=what, against=name, ratio="", remark=f"skipped: {absent}")
            continue
        checked = same_likelihood(found, theirs)
        ratio = theirs.seconds / fits * count / seconds
        yield Line(
            what=what,
            against=name + ("" if fits == count else f" ({fits} fits, scaled)"),
            ratio=f"{times(ratio)}x faster",
            remark=f"bar 40; {times(ratio * seconds / threads)} with a second core, which only Casearc uses"
            f"{apart if every else ''}; log-likelihood equal in {checked} draws",
        )


def firth(model: dict[str, object], draws: np.ndarray, table: dict[str, np.ndarray]) -> Line:
    found = multinomial_draws(**model, draws=draws, penalty="firth")
    seconds = median_seconds(lambda: multinomial_draws(**model, draws=draws, penalty="firth"), runs=3)
    try:
        theirs = r_peer("multinomial.R", table, "brglm2", str(FEW))
    except PeerAbsentError as absent:
        return Line(what="2,000 Firth refits", against="brglm2", ratio="", remark=f"skipped: {absent}")
    ours = dict(zip((found.fitted + 1).tolist(), found.coefficients[:, 0, 1], strict=True))
    both = {d: value for name, value in theirs.answers.items() if (d := int(name.removeprefix("draw"))) in ours}
    equal = sum(abs(ours[d] - value) < 1e-3 * max(1.0, abs(value)) for d, value in both.items())
    if equal < 0.8 * len(both):
        raise AssertionError(f"{equal} of {len(both)} coefficients are equal")
    ratio = theirs.seconds / FEW * DRAWS / seconds
    return Line(
        what="2,000 bootstrap refits with Firth's penalty",
        against=f"brglm2 ({FEW} fits, scaled)",
        ratio=f"{times(ratio)}x faster",
        remark=f"bar 500; a coefficient equal in {equal} of the {len(both)} draws where brglm2 converged;"
        f" {found.draws - found.fitted.size} of 2,000 without a fit",
    )


def profile(model: dict[str, object]) -> Iterator[Line]:
    """No peer fits these: seconds, beside one Wald fit."""
    every = median_seconds(lambda: multinomial(**model, penalty="firth"))
    plain = median_seconds(lambda: multinomial(**model, penalty="firth", interval="wald"))
    one = median_seconds(lambda: profile_intervals(**model, term="x1"))
    yield Line(
        what="Firth fit with all 54 profile limits and 27 tests",
        against="the fit alone",
        ratio=times(every / plain),
        remark=f"{every:.2f} s; of one term {one:.3f} s (seconds of this machine)",
    )


def same_likelihood(ours: MultinomialDraws, theirs: Peer) -> int:
    """How many log-likelihoods agree; refuses to go on where one of an overlapping draw does not."""
    sound = ~ours.separated
    mine = dict(zip((ours.fitted[sound] + 1).tolist(), ours.log_likelihood[sound], strict=True))
    both = {d: value for name, value in theirs.answers.items() if (d := int(name.removeprefix("draw"))) in mine}
    apart = [d for d, value in both.items() if abs(mine[d] - value) > 0.01]
    if apart or not both:
        raise AssertionError(f"{len(apart)} of {len(both)} log-likelihoods differ")
    return len(both)
