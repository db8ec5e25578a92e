"""`power`: the plan's tests on made-up studies of each size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from casearc.power.all_waves import mixed_test
from casearc.power.draw import CHUNK, LARGEST, SHARE_OF_INDICATOR, Drawn, draw
from casearc.power.one_effect import tests_at_the_effect
from casearc.power.result import PlannedTest, PowerResult
from casearc.power.tests_of_plan import Simulated, change_test, linear_test
from casearc.study import ModelKind, StudyPlan
from casearc.study.wording import model_label, outcome_label

if TYPE_CHECKING:
    from casearc.instruments import Instrument


def power(plan: StudyPlan, instruments: Sequence[Instrument], *, simulations: int | None = None) -> PowerResult:
    """What the plan can show, by simulation of its tests with people who leave and items they skip.

    Parameters
    ----------
    plan
        A checked plan; its [power] section says what is assumed, its seed makes the answer repeatable.
    instruments
        The instruments in use, for their rules on skipped items.
    simulations
        Studies made up for each n; the plan's number when None.

    Notes
    -----
    Power of linear tests is exact at every effect from one set of studies, since an effect moves the estimate and not
    its error. Checked against R's ``power.t.test`` (paired) and against a loop of ``lm`` with ``sandwich``.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> from casearc.study import parse_plan, template_plan
    >>> known = [load(name) for name in ("mspss", "cop_se", "urica")]
    >>> found = power(parse_plan(template_plan()), known, simulations=50)
    >>> found.tests[0].kind
    'paired t'
    """
    studies = plan.power.simulations if simulations is None else simulations
    tests = [test for n in plan.power.n for test in _at(plan, instruments, n, studies)]
    return PowerResult(
        tests=tuple(sorted(tests, key=lambda test: (_place(plan, test), test.n_enrolled))),
        alpha=plan.inference.alpha,
        target=plan.power.target,
        simulations=studies,
        seed=plan.seed,
        assumptions=tuple(_assumptions(plan)),
    )


def _place(plan: StudyPlan, test: PlannedTest) -> int:
    items = [f"outcome.{each.id}" for each in plan.outcomes] + [f"model.{each.id}" for each in plan.models]
    return items.index(test.plan_item)


def _at(plan: StudyPlan, instruments: Sequence[Instrument], n: int, studies: int) -> Iterator[PlannedTest]:
    rng = np.random.default_rng([plan.seed, n])
    parts: dict[tuple[str, str, str, str, float], list[Simulated]] = {}
    for start in range(0, studies, CHUNK):
        drawn = draw(plan, instruments, n, min(CHUNK, studies - start), rng)
        for name, simulated in _simulate(plan, instruments, drawn):
            parts.setdefault(name, []).append(simulated)
    for (item, label, kind, unit, effect), each in parts.items():
        yield _summed(plan, _joined(each), item=item, label=label, kind=kind, unit=unit, effect=effect, n=n)
    yield from tests_at_the_effect(plan, instruments, n, studies)


def _simulate(
    plan: StudyPlan, instruments: Sequence[Instrument], drawn: Drawn
) -> Iterator[tuple[tuple[str, str, str, str, float], Simulated]]:
    scores = {score.id: score for instrument in instruments for score in instrument.scores}
    assumed = plan.power
    for outcome in plan.outcomes:
        score = scores.get(outcome.score)
        if score is None or score.kind == "stage":
            continue
        effect = assumed.effects.get(outcome.id, assumed.effect)
        name = (f"outcome.{outcome.id}", outcome_label(outcome, score), "paired t", "SD of the change (d_z)", effect)
        yield name, change_test(drawn, outcome)
    for model in plan.models:
        effect = assumed.effects.get(model.id, assumed.effect)
        label = model_label(model)
        if model.kind is ModelKind.LINEAR and model.doses:
            unit = "SD of the outcome for one SD of the dose"
            how = "cluster-robust t" if model.cluster else "HC3 t"
            yield (f"model.{model.id}", label, how, unit, effect), linear_test(drawn, plan, model, icc=assumed.icc)
        elif model.kind is ModelKind.MIXED and model.doses:
            unit = "SD of the outcome, by the last wave, for one SD of the dose"
            yield (f"model.{model.id}", label, "t of dose by time", unit, effect), mixed_test(drawn, plan, model)


def _joined(parts: Sequence[Simulated]) -> Simulated:
    return Simulated(
        estimate=np.concatenate([each.estimate for each in parts]),
        error=np.concatenate([each.error for each in parts]),
        df=np.concatenate([each.df for each in parts]),
        analyzed=np.concatenate([each.analyzed for each in parts]),
        scale=float(np.mean([each.scale for each in parts])),
    )


def _summed(
    plan: StudyPlan, simulated: Simulated, *, item: str, label: str, kind: str, unit: str, effect: float, n: int
) -> PlannedTest:
    alpha = plan.inference.alpha
    share = float(simulated.found(effect, alpha).mean())
    fitted = np.isfinite(simulated.estimate)
    return PlannedTest(
        plan_item=item,
        label=label,
        kind=kind,
        n_enrolled=n,
        n_analyzed=float(simulated.analyzed.mean()),
        effect=effect,
        unit=unit,
        power=share,
        power_error=float(np.sqrt(share * (1.0 - share) / fitted.size)),
        smallest=_smallest(simulated, plan.power.target, alpha),
        half_width=simulated.half_width(alpha) if fitted.any() else None,
        not_fitted=float(1.0 - fitted.mean()),
    )


def _smallest(simulated: Simulated, target: float, alpha: float) -> float | None:
    """The effect at which the target is reached, by bisection on the same studies."""
    if simulated.found(LARGEST, alpha).mean() < target:
        return None
    low, high = 0.0, LARGEST
    for _ in range(40):
        middle = 0.5 * (low + high)
        reached = simulated.found(middle, alpha).mean() >= target
        low, high = (low, middle) if reached else (middle, high)
    return high


def _assumptions(plan: StudyPlan) -> Iterator[str]:
    assumed = plan.power
    yield f"{assumed.attrition:.0%} of those enrolled are gone by the last wave, whoever they are."
    yield f"{assumed.missing_items:.1%} of items are skipped; each instrument's rule says when that costs the score."
    if any(model.kind in (ModelKind.MULTINOMIAL, ModelKind.ORDINAL) for model in plan.models):
        yield (
            "Stages are a latent score cut by the shares assumed, and the dose moves that score; ordinal models are "
            "told by the multinomial test, which asks for more people."
        )
    if any(model.kind is ModelKind.COUNT and model.doses for model in plan.models):
        yield (
            f"Counts average {assumed.mean_count:g} and vary by {assumed.overdispersion:g} times the squared mean more "
            "than Poisson's; they are told by a Poisson model with HC3 errors."
        )
    without = [model.label or model.id for model in plan.models if not model.doses]
    if without:
        yield f"Not simulated, for no dose is in them: {', '.join(without)}."
    yield (
        f"Scores at neighboring waves correlate {assumed.retest:g}, and less the farther apart; doses are skewed as "
        "months of service are, and unrelated to the level before."
    )
    if any(covariate.reference is not None for covariate in plan.covariates):
        yield f"Each characteristic with levels enters as one indicator that {SHARE_OF_INDICATOR:.0%} of people have."
    if any(model.cluster for model in plan.models):
        yield (
            f"{assumed.clusters} clusters of like size hold {assumed.icc:.0%} of the outcome's variance; "
            "cluster-robust errors with as many degrees of freedom, less one."
        )
