"""Checking and building sets of cut scores."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from casearc.instruments._draft import CutSetDraft, Draft, ScoreDraft
from casearc.instruments.definition import CutSet, Kind

_FINEST = 1000


def build_cut_set(made: CutSetDraft, draft: Draft) -> CutSet:
    """Check one [[cut_set]] against itself and the scores it names, and make it."""
    _check_levels(made)
    _check_cuts(made)
    scores = {score.id: score for score in draft.scores}
    for name in made.scores:
        score = scores.get(name)
        if score is None:
            made.at.fault(f"`scores` names `{name}`, which is not a score defined here.", key="scores")
        elif score.kind is Kind.STAGE:
            made.at.fault(f"`{name}` is a stage already and cannot be cut.", key="scores")
        else:
            _check_reach(made, score, draft)
    return CutSet(
        id=made.id,
        label=made.label,
        scores=made.scores,
        levels=made.levels,
        level_labels=made.level_labels or made.levels,
        cuts=made.cuts,
        default=made.default,
        on_sum=made.on_sum,
        source=draft.sources.get(made.source, made.source),
        confidence=made.confidence,
        note=made.note,
    )


def _check_levels(made: CutSetDraft) -> None:
    if len(set(made.levels)) != len(made.levels):
        made.at.fault("`levels` names a level twice.", key="levels")
    if made.level_labels and len(made.level_labels) != len(made.levels):
        made.at.fault("`level_labels` must be as many as `levels`.", key="level_labels")
    if len(made.cuts) != len(made.levels) - 1:
        made.at.fault(
            f"{len(made.levels)} levels need {len(made.levels) - 1} cuts, there are {len(made.cuts)}.", key="cuts"
        )
    if made.stage and (made.default or made.on_sum):
        made.at.fault("`default` and `on_sum` are for bands, not for stages.", key="use")


def _check_cuts(made: CutSetDraft) -> None:
    if any(lower.at >= upper.at for lower, upper in pairwise(made.cuts)):
        made.at.fault("the cuts must rise from one to the next.", key="cuts")
    for cut in made.cuts:
        if cut.at.denominator > _FINEST:
            made.at.fault("a cut has at most three decimals.", key="cuts")
    for cut, neighbors in zip(made.cuts, pairwise(made.levels), strict=False):
        if cut.boundary_belongs_to not in neighbors:
            made.at.fault(
                f"the boundary at {plain(cut.at)} must belong to one of its neighbors, "
                f"`{neighbors[0]}` or `{neighbors[1]}`.",
                key="cuts",
            )


def _check_reach(made: CutSetDraft, score: ScoreDraft, draft: Draft) -> None:
    """A cut outside the possible range of a mean or sum can never divide anybody."""
    if made.on_sum and score.kind is not Kind.MEAN:
        made.at.fault(f"`on_sum` is for means; `{score.id}` is not one.", key="on_sum")
    if score.kind is Kind.COMPOSITE:
        return
    count = len(draft.scored_items() if score.items is None else score.items)
    factor = count if made.on_sum or score.kind is Kind.SUM else 1
    low, high = draft.low * factor, draft.high * factor
    for cut in made.cuts:
        if not low <= cut.at <= high:
            made.at.fault(
                f"the cut {plain(cut.at)} lies outside the possible range of `{score.id}`, {low} to {high}.",
                key="cuts",
            )


def plain(value: Fraction) -> str:
    """A fraction for messages: 8, 10.15 or 59/7."""
    if value.denominator == 1:
        return str(value.numerator)
    decimal = float(value)
    return f"{decimal:g}" if Fraction(f"{decimal:g}") == value else str(value)
