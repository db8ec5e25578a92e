"""Whether there are people enough for what a model of levels asks: people at its rarest level for each term."""

from __future__ import annotations

import numpy as np

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.analyses.model_frame import ModelFrame, level_key
from casearc.analyses.stage_models.words import level_phrase
from casearc.findings import CountRef, Evidence, Number, Quantity, Sentence, Threat, Verdict
from casearc.statistics.categorical import MultinomialFit, OrdinalFit, events_per_variable
from casearc.statistics.categorical.performance import ENOUGH, FEW
from casearc.study.wording import model_label

UNPENALIZED = {"enough": Verdict.CLEAR, "few": Verdict.OPEN, "too few": Verdict.FOUND}
PENALIZED = {"enough": Verdict.CLEAR, "few": Verdict.WEAKENED, "too few": Verdict.OPEN}
"""A penalty helps most where people are few, and makes no people."""

SAID = {
    "enough": "as many as is commonly asked for, {enough}",
    "few": "fewer than the {enough} commonly asked for, though intervals are mostly sound from {few}",
    "too few": "fewer than the {few} below which odds ratios come out too large and intervals cannot be relied on",
}


def demand(
    data: StudyData, frame: ModelFrame, ledger: Ledger, fit: MultinomialFit | OrdinalFit
) -> tuple[Sentence, Evidence]:
    """A sentence, and the same as evidence on precision."""
    slopes = len(frame.terms) - 1
    groups = _groups(frame, in_order=isinstance(fit, OrdinalFit))
    codes = np.select([np.isin(frame.outcome, group) for group in groups], range(len(groups)))
    found = events_per_variable(codes, levels=[str(group[0]) for group in groups], slopes=slopes)
    place = int(np.argmin(found.per_equation)) + 1
    whose, key = _who(data, frame, ledger, groups[place if found.counts[place] <= found.counts[0] else 0])
    penalized = fit.penalty != "none"
    verdict = (PENALIZED if penalized else UNPENALIZED)[found.verdict]
    title = model_label(frame.model)
    after = " The fit is penalized, which helps most where people are few." if penalized else ""
    if verdict in (Verdict.FOUND, Verdict.OPEN):
        after += " Read it as exploratory."
    said = Sentence(
        f"“{title}” has {{people}} people {whose} for {{slopes}} terms, {{each}} for each: "
        f"{SAID[found.verdict]}.{after}",
        {
            "people": CountRef(key),
            "slopes": Number(float(slopes), Quantity.LEVEL),
            "each": Number(float(found.per_equation.min()), Quantity.DF, frame.key),  # with the terms it gives n away
            "enough": Number(ENOUGH, Quantity.LEVEL),
            "few": Number(FEW, Quantity.LEVEL),
        },
    )
    return said, Evidence(threat=Threat.PRECISION, verdict=verdict, said=said)


def _groups(frame: ModelFrame, *, in_order: bool) -> tuple[range, ...]:
    """What is held against what: levels one by one, or, in order, the two sides of the split nearest to even."""
    size = len(frame.outcome_levels)
    if not in_order:
        return tuple(range(level, level + 1) for level in range(size))
    later = [int((frame.outcome >= split).sum()) for split in range(1, size)]
    split = 1 + int(np.argmax([min(count, frame.n - count) for count in later]))
    return range(split), range(split, size)


def _who(data: StudyData, frame: ModelFrame, ledger: Ledger, group: range) -> tuple[str, str]:
    """In words whom the terms are held against, and their key."""
    parts = [level_key(frame, "outcome", frame.outcome_levels[level]) for level in group]
    if len(parts) == 1:
        return f"at {level_phrase(data, frame, group[0])}", parts[0]
    key = f"{frame.key}:outcome={'+'.join(frame.outcome_levels[level] for level in group)}"
    ledger.split(key, {part: ledger.counts[part] for part in parts})
    return f"at {level_phrase(data, frame, group[0])} to {level_phrase(data, frame, group[-1])}", key
