"""Power of a study plan by simulation beside the same simulation in R: the first thing an evaluator asks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from side_by_side import Line, Peer, PeerAbsentError, median_seconds, r_peer, times

from casearc.instruments import find_score, load
from casearc.power import PowerResult, power
from casearc.power.draw import share_of_scores_lost
from casearc.study import StudyPlan, parse_plan, template_plan

STUDIES = 2000
PEERS_STUDIES = 500
BAR = 40
INSTRUMENTS = [load(name) for name in ("mspss", "cop_se", "urica")]
SECTION = """
[power]
n = [95]
effect = 0.3
retest = 0.6
attrition = 0.25
missing_items = 0.02
stages = { precontemplation = 0.3, contemplation = 0.5, preparation_action = 0.2 }
"""


def lines() -> Iterator[Line]:
    """The template's plan at 95 people: four paired tests, three linear models with HC3, one of stages."""
    plan = parse_plan(template_plan().split("[power]")[0] + SECTION)
    what = "power of a plan at n = 95: 4 paired tests, 3 linear models with HC3, 1 multinomial; a simulated study"
    against = "R: t.test, lm with sandwich, nnet in a loop"
    try:
        theirs = r_peer("power.R", assumptions(plan), str(PEERS_STUDIES))
    except PeerAbsentError as absent:
        yield Line(what=what, against=against, ratio="", remark=f"skipped: {absent}")
        return
    furthest = agreement(power(plan, INSTRUMENTS, simulations=STUDIES), theirs)
    seconds = median_seconds(lambda: power(plan, INSTRUMENTS, simulations=STUDIES), runs=3) / STUDIES
    yield Line(
        what=what,
        against=against,
        ratio=f"{times(theirs.seconds / PEERS_STUDIES / seconds)}x faster",
        remark=f"bar {BAR}; {STUDIES:,} studies here and {PEERS_STUDIES} there, by the study;"
        f" all 8 powers within {furthest:.1f} standard errors of each other",
    )


def assumptions(plan: StudyPlan) -> dict[str, np.ndarray]:
    """One row of what the R script needs to know, and cannot read from the plan."""
    assumed = plan.power
    lost = {
        f"lost_{each.id}": share_of_scores_lost(find_score(INSTRUMENTS, each.score)[1], each, assumed.missing_items)
        for each in plan.outcomes
    }
    stages = {f"stage{i}": share for i, share in enumerate(assumed.stages.values(), start=1)}
    row = {"n": 95, "effect": assumed.effect, "retest": assumed.retest, "attrition": assumed.attrition}
    return {name: np.array([value], dtype=float) for name, value in (row | lost | stages).items()}


def agreement(ours: PowerResult, theirs: Peer) -> float:
    """The largest difference between two powers in standard errors of both simulations; refused beyond 4."""
    found = {test.plan_item.split(".")[1]: test.power for test in ours.tests}
    if set(found) != set(theirs.answers):
        raise AssertionError(f"not the same tests: {sorted(found)} and {sorted(theirs.answers)}")
    gaps = {name: gap(found[name], theirs.answers[name]) for name in found}
    if max(gaps.values()) > 4.0:
        raise AssertionError(f"powers differ by more than 4 standard errors: {gaps}")
    return max(gaps.values())


def gap(ours: float, theirs: float) -> float:
    """Difference of two shares in standard errors under one common share."""
    common = (ours * STUDIES + theirs * PEERS_STUDIES) / (STUDIES + PEERS_STUDIES)
    error = np.sqrt(common * (1.0 - common) * (1.0 / STUDIES + 1.0 / PEERS_STUDIES))
    return abs(ours - theirs) / max(float(error), 1.0 / STUDIES)
