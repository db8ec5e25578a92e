"""A variant: a modified or short form that says what it changes against the full one.

`variants/<id>.toml` beside the full form's files. Items are dropped, numbered anew or reworded, the range
changes, scores and cut scores go or come. Scores of the full form whose items all survive are kept, their items
under the new numbers; a score that rests on a dropped item has to be dropped or redefined, never quietly kept.
"""

from __future__ import annotations

from dataclasses import replace

from casearc.instruments._draft import Draft, ItemLine, ScoreDraft
from casearc.instruments._read import read_cut_sets, read_range, read_scores, read_sources
from casearc.instruments._toml import TomlTable
from casearc.instruments.definition import Change


def apply_variant(draft: Draft, variant: TomlTable, *, version_required: bool) -> None:
    """Change the draft as the variant's file says; what is wrong goes into the draft's faults."""
    draft.variant = variant.text("id")
    draft.title = f"{draft.title}, {variant.text('title')}"
    draft.variant_version = variant.text("version", required=version_required)
    draft.sources.update(read_sources(variant))
    draft.cite(variant, variant.text("source"))
    variant.text("confidence")
    if note := variant.text("note", required=False):
        draft.notes = (*draft.notes, note)
    if languages := variant.texts("languages", required=False):
        draft.languages = languages
    numbers = _change_items(draft, variant)
    _change_range(draft, variant)
    _change_scores(draft, variant, numbers)
    _change_cut_sets(draft, variant)
    variant.refuse_unknown()
    if not draft.changes:
        variant.fault("the variant changes nothing.", "Say what is different, or use the full form.")


def _change_items(draft: Draft, variant: TomlTable) -> dict[str, str]:
    """Drop, renumber and reword items; returns official number -> number in the variant."""
    known = {line.item.id for line in draft.items}
    dropped = variant.texts("dropped", required=False)
    for item in dropped:
        if item not in known:
            variant.fault(f"`dropped` names item {item}, which the full form does not have.", key="dropped")
    kept = [line for line in draft.items if line.item.id not in dropped]
    if dropped:
        draft.changes.append(Change(kind="items dropped", detail=", ".join(dropped)))
    numbers = _renumbering(draft, variant, [line.item.id for line in kept])
    reworded = _texts_of(variant.table("reworded"))
    for item in reworded:
        if item not in numbers.values():
            variant.fault(f"[reworded] names item {item}, which this form does not have.", key="reworded")
    if reworded:
        draft.changes.append(Change(kind="items reworded", detail=", ".join(reworded)))
    draft.items = [
        ItemLine(
            item=replace(
                line.item,
                id=numbers.get(line.item.id, line.item.id),
                official=line.item.id,
                gist=reworded.get(numbers.get(line.item.id, ""), line.item.gist),
            ),
            row=line.row,
        )
        for line in kept
    ]
    order = {new: place for place, new in enumerate(numbers.values())}
    draft.items.sort(key=lambda line: order.get(line.item.id, len(order)))
    return numbers


def _renumbering(draft: Draft, variant: TomlTable, kept: list[str]) -> dict[str, str]:
    """Official number -> number in the variant, in the variant's order."""
    table = variant.table("renumbered")
    if table is None:
        return {item: item for item in kept}
    numbers = {old: new for new, old in _numbers_of(table).items()}
    for item in numbers:
        if item not in kept:
            table.fault(f"[renumbered] gives item {item} a number, but this form does not have it.")
    for item in kept:
        if item not in numbers:
            table.fault(f"[renumbered] leaves out item {item} of the full form.", "List every item kept.")
    if len(numbers) != len(table.values):
        table.fault("[renumbered] gives one item of the full form two numbers.")
    draft.changes.append(
        Change(kind="items renumbered", detail=", ".join(f"{new} was {old}" for old, new in numbers.items()))
    )
    return {old: new for old, new in numbers.items() if old in kept}


def _numbers_of(table: TomlTable) -> dict[str, str]:
    numbers = {}
    for key in table.values:
        number = table.whole(key)
        if number is not None:
            numbers[key] = str(number)
    return numbers


def _texts_of(table: TomlTable | None) -> dict[str, str]:
    return {} if table is None else {key: table.text(key) for key in table.values}


def _change_range(draft: Draft, variant: TomlTable) -> None:
    """Another response range. Cut scores of the full form lose their meaning with it."""
    table = variant.table("range")
    if table is None:
        return
    low, high = read_range(table, variant)
    draft.cite(table, table.text("source"))
    if low is None or high is None:
        return
    draft.changes.append(Change(kind="range", detail=f"{low} to {high} instead of {draft.low} to {draft.high}"))
    draft.low, draft.high = low, high
    gone = set(variant.texts("drop_cut_sets", required=False))
    redefined = {str(table.values.get("id")) for table in variant.tables("cut_set")}
    for cut_set in draft.cut_sets:
        if cut_set.id not in gone | redefined:
            variant.fault(
                f"the range changes, so the cut scores `{cut_set.id}` of the full form no longer hold.",
                "Name them in `drop_cut_sets`, or define them anew here.",
                key="range",
            )
    for score in draft.scores:
        score.published = None


def _change_scores(draft: Draft, variant: TomlTable, numbers: dict[str, str]) -> None:
    """Drop scores, carry the others over to the new numbers, add or replace those the variant defines."""
    dropped = variant.texts("drop_scores", required=False)
    known = {score.id for score in draft.scores}
    for score_id in dropped:
        if score_id not in known:
            variant.fault(f"`drop_scores` names `{score_id}`, which the full form does not have.", key="drop_scores")
    own = read_scores(variant, draft)
    own_ids = {score.id for score in own}
    kept = [score for score in draft.scores if score.id not in own_ids and score.id not in dropped]
    for score in kept:
        _carry_over(score, variant, numbers)
    if dropped:
        draft.changes.append(Change(kind="scores dropped", detail=", ".join(dropped)))
    if own:
        draft.changes.append(Change(kind="scores defined", detail=", ".join(score.id for score in own)))
    draft.scores = [*own, *kept]
    left = {score.id for score in draft.scores}
    for use in draft.uses:
        use.scores = tuple(score for score in use.scores if score in left)
        use.show_beside = tuple(score for score in use.show_beside if score in left)
    draft.uses = [use for use in draft.uses if use.scores]


def _carry_over(score: ScoreDraft, variant: TomlTable, numbers: dict[str, str]) -> None:
    """Put a score of the full form on the variant's item numbers."""
    remedy = "Define the score anew in this variant, or name it in `drop_scores`."
    if score.items is None:
        variant_drops = variant.texts("dropped", required=False)
        if variant_drops:
            variant.fault(f"the score `{score.id}` rests on all items of the full form.", remedy, key="dropped")
        return
    lost = [item for item in score.items if item not in numbers]
    if lost:
        variant.fault(f"the score `{score.id}` rests on dropped item {', '.join(lost)}.", remedy, key="dropped")
    score.items = tuple(numbers[item] for item in score.items if item in numbers)


def _change_cut_sets(draft: Draft, variant: TomlTable) -> None:
    """Drop cut sets whose scores went, and those named; add or replace those the variant defines."""
    dropped = variant.texts("drop_cut_sets", required=False)
    known = {cut_set.id for cut_set in draft.cut_sets}
    for cut_set_id in dropped:
        if cut_set_id not in known:
            variant.fault(
                f"`drop_cut_sets` names `{cut_set_id}`, which the full form does not have.", key="drop_cut_sets"
            )
    own = read_cut_sets(variant, draft)
    own_ids = {cut_set.id for cut_set in own}
    left = {score.id for score in draft.scores}
    kept = []
    for cut_set in draft.cut_sets:
        cut_set.scores = tuple(score for score in cut_set.scores if score in left)
        if cut_set.scores and cut_set.id not in own_ids and cut_set.id not in dropped:
            kept.append(cut_set)
    if own or dropped:
        named = ", ".join([*dropped, *(cut_set.id for cut_set in own)])
        draft.changes.append(Change(kind="cut scores", detail=named))
    draft.cut_sets = [*own, *kept]
