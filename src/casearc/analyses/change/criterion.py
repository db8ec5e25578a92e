"""From what size on a change is more than measurement error, and what that error rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.design.before_service import served_early, unserved_among
from casearc.analyses.ledger import Ledger, present_pairs
from casearc.analyses.wording import wave_label
from casearc.change import ErrorSource, ReliableChange, choose_error_source, reliable_change
from casearc.findings import Number, Quantity, Sentence
from casearc.psychometrics import RetestReliability, retest_reliability
from casearc.study import Design, Outcome, in_time

Floats = npt.NDArray[np.float64]

LONGEST_RETEST = 92
"""Days between two pretests up to which they tell of error alone; published retests of these scores lie as far apart
(MSPSS: two to three months, Zimet et al. 1988)."""

WIDEST_RETEST = 0.4
"""A retest correlation whose 95 % interval is wider says less than a published one."""

NOT_USED = "The correlation of the two pretests was not used: "
TOO_FAR_APART = NOT_USED + "they lie more than {days} days apart, in which people may really change."
TOO_UNCERTAIN = NOT_USED + "its interval is wider than {widest}."
NOT_HAD = NOT_USED + "it could not be computed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """The criterion of reliable change, in words where it comes from, and what was passed over.

    `retested` is how many of those with both pretests a reliability of the program's own rests on, else None.
    """

    reliable: ReliableChange
    source: str
    passed_over: tuple[Sentence, ...] = ()
    retested: int | None = None


def criterion_of(data: StudyData, outcome: Outcome, before: Floats, wave: str) -> Criterion | None:
    """Criterion by Jacobson and Truax, from the error source that is best for change; None where there is none."""
    if len(before) < 2 or np.ptp(before) == 0:
        return None
    retest, passed_over = _own_retest(data, outcome)
    source = attempt(lambda: _source(data, outcome, before, None if retest is None else retest.reliability))
    if source is None:
        return None
    return Criterion(
        reliable=reliable_change(source.sd, source.reliability),
        source=f"{source.words} at {wave_label(wave)}",
        passed_over=passed_over,
        retested=retest.n if retest is not None and source.reliability_origin == "own" else None,
    )


def _source(data: StudyData, outcome: Outcome, before: Floats, retest: float | None) -> ErrorSource:
    published = data.score_definition(outcome).published
    return choose_error_source(
        own_retest=retest,
        published_retest=None if published is None else published.retest,
        published_alpha=None if published is None else published.alpha,
        own_sd=float(np.std(before, ddof=1)),
    )


def retest_key(data: StudyData, outcome: Outcome, criterion: Criterion, ledger: Ledger) -> str | None:
    """Key of those whose own retest the criterion rests on: with both pretests, and not served before the second."""
    if criterion.retested is None:
        return None
    both = ledger.paired(outcome, *_pretests(data))
    return ledger.base(unserved_among(ledger, both, ledger.counts[both] - criterion.retested))


def _pretests(data: StudyData) -> tuple[str, str]:
    first, second = in_time(data.plan.waves)[:2]
    return first.name, second.name


def _own_retest(data: StudyData, outcome: Outcome) -> tuple[RetestReliability | None, tuple[Sentence, ...]]:
    """What two pretests close to each other say of stability, where that is certain enough; else why not."""
    if data.plan.design is not Design.DOUBLE_PRETEST or len(data.plan.waves) < 3:
        return None, ()
    first, second = in_time(data.plan.waves)[:2]
    if second.target_day - first.target_day > LONGEST_RETEST:
        return None, (Sentence(TOO_FAR_APART, {"days": Number(LONGEST_RETEST, Quantity.LEVEL)}),)
    unserved = replace(data, people=data.people.filter(~served_early(data, outcome)))
    frame = present_pairs(unserved, outcome, first.name, second.name)
    found = attempt(lambda: retest_reliability(frame["before"].to_numpy(), frame["after"].to_numpy()))
    if found is None:
        return None, (Sentence(NOT_HAD),)
    if found.high - found.low > WIDEST_RETEST:
        return None, (Sentence(TOO_UNCERTAIN, {"widest": Number(WIDEST_RETEST, Quantity.LEVEL)}),)
    return found, ()
