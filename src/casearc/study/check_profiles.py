"""Checks of [[profiles]]: scores of one wave that are numbers, and numbers of profiles within reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from casearc.language import say
from casearc.study.draft import Draft, Placed
from casearc.study.faults import PlanFaults
from casearc.study.plan import Profiles
from casearc.tables import suggestion

if TYPE_CHECKING:
    from casearc.instruments import ScoreDefinition

STAGE = "stage"
MOST = range(2, 7)


def check_profiles(draft: Draft, faults: PlanFaults) -> None:
    """Note what is wrong with profiles and shows without instruments."""
    waves = draft.declared.get("wave", ())
    for placed in draft.profiles:
        asked = placed.item
        if asked.at not in waves:
            remedy = suggestion(asked.at, waves) or say("Waves: {waves}.", waves=", ".join(waves))
            faults.add(placed.entry, say('There is no wave "{name}".', name=asked.at), remedy, key="at")
        if len(asked.scores) < 2:
            problem = say("Profiles need at least two scores.")
            faults.add(placed.entry, problem, say("Name the subscales of an instrument."), key="scores")
        if asked.most not in MOST:
            faults.add(placed.entry, say("The most profiles to try are 2 to 6."), say("4 are usual."), key="most")
        if asked.number is not None and not 1 <= asked.number <= asked.most:
            problem = say("The number of profiles to report lies between 1 and the most that are tried.")
            faults.add(placed.entry, problem, say("Leave it out to report the number that fits best."), key="number")


def check_profile_scores(draft: Draft, scores: Mapping[str, ScoreDefinition], faults: PlanFaults) -> None:
    """Note scores of profiles that no instrument gives, or that are stages."""
    for placed in draft.profiles:
        for name in placed.item.scores:
            _check_score(placed, name, scores, faults)


def _check_score(
    placed: Placed[Profiles], name: str, scores: Mapping[str, ScoreDefinition], faults: PlanFaults
) -> None:
    score = scores.get(name)
    if score is None:
        remedy = suggestion(name, scores) or say("Scores: {scores}.", scores=", ".join(sorted(scores)))
        faults.add(placed.entry, say('No instrument has a score "{name}".', name=name), remedy, key="scores")
    elif score.kind == STAGE:
        problem = say('Profiles are of numbers, and "{name}" is a stage.', name=name)
        faults.add(placed.entry, problem, say("Name scores that are numbers."), key="scores")
