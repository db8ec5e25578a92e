"""From a draft to an instrument: every reference resolved, every contradiction noted as a fault."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from casearc.errors import Fault
from casearc.instruments._cuts import build_cut_set
from casearc.instruments._draft import Draft, ScoreDraft
from casearc.instruments.definition import (
    CutSet,
    Instrument,
    Kind,
    MissingRule,
    PermittedUse,
    PublishedStatistics,
    ScoreDefinition,
    Term,
)

_ID = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
_VARIANT_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_ITEM_ID = re.compile(r"^[0-9]+[a-z]?$")
_VERSION = re.compile(r"^[0-9]+(\.[0-9]+){1,2}$")
_DIRECTIONS = ("higher", "lower", "none")
_GIST_WORDS = 8
_POINTS = 101
_EXACT_NUMERATOR, _EXACT_DIVISOR = 2**53, 2**27
"""Products of sums and counts stay below these, so that scores are compared and divided without losing a unit."""


@dataclass(slots=True)
class _Built:
    """Scores already built, by id."""

    scores: dict[str, ScoreDefinition]
    cut_sets: dict[str, CutSet]


def build(draft: Draft, *, variants: tuple[str, ...]) -> Instrument:
    """Check the draft and make the instrument. Only sound if ``draft.faults`` is still empty afterwards."""
    _check_head(draft)
    _check_items(draft)
    _check_scores(draft)
    built = _Built({}, {})
    for cut_draft in draft.cut_sets:
        if cut_draft.id in built.cut_sets:
            cut_draft.at.fault(f"the cut scores `{cut_draft.id}` are defined twice.", key="id")
        built.cut_sets[cut_draft.id] = build_cut_set(cut_draft, draft)
    for kinds in ((Kind.MEAN, Kind.SUM), (Kind.COMPOSITE,), (Kind.STAGE,)):
        for score in draft.scores:
            if score.kind in kinds:
                built.scores[score.id] = _build_score(score, draft, built)
    _check_use_of_items(draft, built)
    uses = _build_uses(draft)
    _check_sources(draft)
    parts = [draft.id, draft.version, draft.variant, draft.variant_version]
    return Instrument(
        id=draft.id,
        variant=draft.variant,
        title=draft.title,
        version=draft.version,
        key_version=" ".join(part for part in parts if part),
        languages=draft.languages,
        low=draft.low,
        high=draft.high,
        items=tuple(line.item for line in draft.items),
        scores=tuple(_with_use(built.scores[score.id], uses) for score in draft.scores),
        permitted_use=uses,
        sources=tuple(draft.sources.values()),
        notes=draft.notes,
        changes=tuple(draft.changes),
        variants=variants,
        rights=draft.rights,
    )


def _check_head(draft: Draft) -> None:
    if draft.id and not _ID.match(draft.id):
        draft.at.fault("`id` must be lower-case letters, digits and underscores.", key="id")
    if draft.version and not _VERSION.match(draft.version):
        draft.at.fault("`version` must look like 1.0.0.", key="version")
    if draft.variant and not _VARIANT_ID.match(draft.variant):
        draft.at.fault("the variant's `id` must be lower-case letters, digits and hyphens.")
    if draft.high - draft.low + 1 > _POINTS:
        draft.at.fault(f"[range] has more than {_POINTS} points.", key="range")


def _check_items(draft: Draft) -> None:
    """Ids as numbers, each once, with a short gist."""
    counts = Counter(line.item.id for line in draft.items)
    for line in draft.items:
        problems = []
        if not _ITEM_ID.match(line.item.id):
            problems.append(("the item's id must be a number, or a number and a letter.", "item"))
        elif counts[line.item.id] > 1:
            problems.append((f"item {line.item.id} is there more than once.", "item"))
        if not line.item.gist:
            problems.append(("the gist is empty; describe the topic in three to eight words.", "gist"))
        elif len(line.item.gist.split()) > _GIST_WORDS:
            problems.append(
                ("the gist is too long: three to eight words of your own, never the official wording.", "gist")
            )
        for problem, column in problems:
            draft.faults.append(Fault(problem=problem, file="items.csv", row=line.row, column=column))


def _check_scores(draft: Draft) -> None:
    """What can be said of each score by itself."""
    counts = Counter(score.id for score in draft.scores)
    for score in draft.scores:
        if counts[score.id] > 1:
            score.at.fault(f"the score `{score.id}` is defined more than once.", key="id")
        if not score.id.startswith(f"{draft.id}_") or not _ID.match(score.id):
            score.at.fault(
                f"`id` must start with `{draft.id}_` and go on in lower-case letters, digits and underscores.",
                key="id",
            )
        elif _ITEM_ID.match(score.id.removeprefix(f"{draft.id}_")):
            score.at.fault(f"`{score.id}` reads like an item's column.", "Give the score a name.", key="id")
        if score.id.endswith(("_answered", "_band")):
            score.at.fault("`id` must not end in `_answered` or `_band`: scoring makes such columns.", key="id")
        if score.direction not in _DIRECTIONS:
            score.at.fault(f"`direction` must be one of: {', '.join(_DIRECTIONS)}.", key="direction")


def _build_score(score: ScoreDraft, draft: Draft, built: _Built) -> ScoreDefinition:
    makers = {Kind.COMPOSITE: _composite, Kind.STAGE: _stage}
    parts = makers.get(score.kind, _of_items)(score, draft, built)
    bands = [
        built.cut_sets[cut_set.id] for cut_set in draft.cut_sets if score.id in cut_set.scores and not cut_set.stage
    ]
    defaults = [cut_set.id for cut_set in bands if cut_set.default]
    if len(defaults) > 1:
        score.at.fault(f"the score `{score.id}` has more than one default band set: {', '.join(defaults)}.")
    return ScoreDefinition(
        id=score.id,
        label=score.label,
        kind=score.kind,
        missing_rule=score.missing_rule,
        missing_source=draft.sources.get(score.missing_source, score.missing_source),
        missing_confidence=score.missing_confidence,
        direction=score.direction,
        source=draft.sources.get(score.source, score.source),
        confidence=score.confidence,
        bands=tuple(sorted(bands, key=lambda cut_set: not cut_set.default)),
        published=_resolved(score.published, draft),
        note=score.note,
        items=parts.items,
        low=parts.low,
        high=parts.high,
        minimum_answered=parts.minimum,
        unit=score.unit or parts.unit,
        levels=parts.levels,
        level_labels=parts.level_labels,
        terms=parts.terms,
        of=score.of,
        stage_cuts=parts.cuts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What differs between the kinds of score."""

    items: tuple[str, ...]
    low: float | None
    high: float | None
    minimum: int
    unit: str
    levels: tuple[str, ...] = ()
    level_labels: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    cuts: CutSet | None = None


def _of_items(score: ScoreDraft, draft: Draft, built: _Built) -> _Parts:
    """Means and sums."""
    items = _known_items(score, draft)
    minimum = len(items)
    if score.missing_rule is MissingRule.PERSON_MEAN and score.minimum is not None:
        minimum = score.minimum
    if not 1 <= minimum <= max(len(items), 1):
        score.at.fault(f"`minimum_answered` must lie between 1 and {len(items)}.", key="missing")
    factor = len(items) if score.kind is Kind.SUM else 1
    word = "sum" if score.kind is Kind.SUM else "mean"
    low, high = draft.low * factor, draft.high * factor
    return _Parts(
        items=items, low=float(low), high=float(high), minimum=minimum, unit=f"{word} of items, {low} to {high}"
    )


def _known_items(score: ScoreDraft, draft: Draft) -> tuple[str, ...]:
    """The score's items, after noting unknown, unscored and repeated ones."""
    scored = draft.scored_items()
    if score.items is None:
        return scored
    known = {line.item.id for line in draft.items}
    for item, count in Counter(score.items).items():
        if item not in known:
            score.at.fault(f"item {item} is not in items.csv.", key="items")
        elif item not in scored:
            score.at.fault(f"item {item} is marked as not scored in items.csv.", key="items")
        if count > 1:
            score.at.fault(f"item {item} is named twice.", key="items")
    if not score.items:
        score.at.fault("`items` names no item.", key="items")
    return score.items


def _composite(score: ScoreDraft, draft: Draft, built: _Built) -> _Parts:
    """Other scores added and subtracted."""
    terms = (*(Term(name, 1) for name in score.add), *(Term(name, -1) for name in score.subtract))
    low = high = 0.0
    minimum = 0
    items: list[str] = []
    denominators, numerators = 1, 0
    for term in terms:
        part = built.scores.get(term.score)
        if part is None or part.kind not in (Kind.MEAN, Kind.SUM) or part.low is None or part.high is None:
            score.at.fault(f"`{term.score}` is not a mean or sum defined here.", key="add")
            continue
        ends = sorted((term.sign * part.low, term.sign * part.high))
        low, high = low + ends[0], high + ends[1]
        minimum += part.minimum_answered
        items += [item for item in part.items if item not in items]
        denominators *= len(part.items)
        numerators += max(abs(draft.low), abs(draft.high)) * len(part.items) ** 2
    if len({term.score for term in terms}) < len(terms):
        score.at.fault("a score is named twice in `add` and `subtract`.", key="add")
    if numerators * denominators * _POINTS**2 > _EXACT_NUMERATOR or denominators * _POINTS > _EXACT_DIVISOR:
        score.at.fault("the composite has too many terms to be compared exactly with cut scores.", key="add")
    return _Parts(
        items=tuple(items), low=low, high=high, minimum=minimum, terms=terms, unit=f"sum of scores, {low:g} to {high:g}"
    )


def _stage(score: ScoreDraft, draft: Draft, built: _Built) -> _Parts:
    """Levels cut from another score, or straight from the single item."""
    if not score.of:
        return _stage_of_item(score, draft)
    base, cuts = built.scores.get(score.of), built.cut_sets.get(score.cut_set)
    if base is None or base.kind is Kind.STAGE:
        score.at.fault(f"`of` names `{score.of}`, which is not a mean, sum or composite defined here.", key="of")
    set_draft = next((c for c in draft.cut_sets if c.id == score.cut_set), None)
    if cuts is None or set_draft is None:
        score.at.fault(f"`cut_set` names `{score.cut_set}`, which cut_scores.toml does not have.", key="cut_set")
    elif not set_draft.stage:
        score.at.fault(f'the cut scores `{cuts.id}` make bands; write use = "stage" there.', key="cut_set")
    elif score.of not in cuts.scores:
        score.at.fault(f"the cut scores `{cuts.id}` do not name `{score.of}` in `scores`.", key="cut_set")
    return _Parts(
        items=base.items if base else (),
        low=None,
        high=None,
        minimum=base.minimum_answered if base else 1,
        unit="stage",
        levels=cuts.levels if cuts else (),
        level_labels=cuts.level_labels if cuts else (),
        cuts=cuts,
    )


def _stage_of_item(score: ScoreDraft, draft: Draft) -> _Parts:
    items = _known_items(score, draft)
    if len(items) != 1:
        score.at.fault(
            "levels can be taken straight from exactly one item.", "Otherwise name `of` and `cut_set`.", key="items"
        )
    points = draft.high - draft.low + 1
    if len(score.levels) != points or len(set(score.levels)) != len(score.levels):
        score.at.fault(f"`levels` must name {points} different levels, lowest response first.", key="levels")
    labels = score.level_labels or score.levels
    if len(labels) != len(score.levels):
        score.at.fault("`level_labels` must be as many as `levels`.", key="level_labels")
    return _Parts(items=items, low=None, high=None, minimum=1, unit="level", levels=score.levels, level_labels=labels)


def _check_use_of_items(draft: Draft, built: _Built) -> None:
    """A scored item that no score uses is a slip; so is a whole instrument without a score."""
    used = {item for score in built.scores.values() for item in score.items}
    for line in draft.items:
        if line.item.scored and line.item.id not in used and draft.scores:
            problem = f"item {line.item.id} is marked as scored and no score uses it."
            draft.faults.append(
                Fault(
                    problem=problem,
                    remedy="Write scored = no, or name it in a score.",
                    file="items.csv",
                    row=line.row,
                    column="scored",
                )
            )


def _build_uses(draft: Draft) -> tuple[PermittedUse, ...]:
    known = {score.id for score in draft.scores}
    limited: set[str] = set()
    for use in draft.uses:
        for score in (*use.scores, *use.show_beside):
            if score not in known:
                use.at.fault(f"`{score}` is not a score defined here.", key="scores")
        for score in use.scores:
            if score in limited:
                use.at.fault(f"`{score}` stands under two permitted uses.", "Join their warnings.", key="scores")
            limited.add(score)
    return tuple(
        PermittedUse(
            limit=use.limit,
            warning=use.warning,
            scores=use.scores,
            show_beside=use.show_beside,
            source=draft.sources.get(use.source, use.source),
            confidence=use.confidence,
        )
        for use in draft.uses
    )


def _with_use(score: ScoreDefinition, uses: tuple[PermittedUse, ...]) -> ScoreDefinition:
    found = [use for use in uses if score.id in use.scores]
    return replace(score, permitted_use=found[0]) if found else score


def _resolved(published: PublishedStatistics | None, draft: Draft) -> PublishedStatistics | None:
    if published is None:
        return None
    return replace(published, source=draft.sources.get(published.source, published.source))


def _check_sources(draft: Draft) -> None:
    for at, source in draft.cited:
        if source not in draft.sources:
            known = ", ".join(draft.sources) or "none"
            at.fault(f"`source` names `{source}`, which is not a [[reference]].", f"Ids known: {known}.", key="source")
