"""Reading the files of an instrument folder into a draft."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

from casearc.errors import Fault
from casearc.instruments._draft import CutSetDraft, Draft, ItemLine, ScoreDraft, UseDraft
from casearc.instruments._toml import TomlTable, read_toml
from casearc.instruments.definition import (
    Confidence,
    Cut,
    Item,
    Kind,
    MissingRule,
    PublishedStatistics,
    UseLimit,
)

ITEM_COLUMNS = ["item", "gist", "scored", "reverse"]
_YES_NO = {"yes": True, "no": False}
_FIGURES = ("mean", "sd", "alpha", "retest")


def read_folder(folder: Path, *, faults: list[Fault]) -> Draft | None:
    """Read the four files that define an instrument; None where instrument.toml itself cannot be read."""
    head = read_toml(folder / "instrument.toml", faults=faults)
    if head is None:
        return None
    draft = _read_head(head, faults)
    draft.items = read_items(folder / "items.csv", faults=faults)
    if scoring := read_toml(folder / "scoring.toml", faults=faults):
        draft.scores = read_scores(scoring, draft)
        scoring.refuse_unknown()
        if not draft.scores:
            scoring.fault("no [[score]] is defined.")
    if cuts := read_toml(folder / "cut_scores.toml", faults=faults):
        draft.cut_sets = read_cut_sets(cuts, draft)
        cuts.refuse_unknown()
    return draft


def _read_head(head: TomlTable, faults: list[Fault]) -> Draft:
    """instrument.toml."""
    low, high = read_range(head.table("range"), head)
    draft = Draft(
        at=head,
        id=head.text("id"),
        title=head.text("title"),
        version=head.text("version"),
        languages=head.texts("languages"),
        rights=head.text("rights", required=False),
        notes=head.texts("notes", required=False),
        low=low if low is not None else 0,
        high=high if high is not None else 1,
        sources=read_sources(head),
        uses=[],
        faults=faults,
    )
    draft.uses = read_uses(head, draft)
    if range_table := head.table("range"):
        draft.cite(range_table, range_table.text("source"))
    head.refuse_unknown()
    return draft


def read_range(table: TomlTable | None, parent: TomlTable) -> tuple[int | None, int | None]:
    """The response range: whole numbers, low under high."""
    if table is None:
        parent.fault("the table [range] with `low` and `high` is missing.")
        return None, None
    low, high = table.whole("low"), table.whole("high")
    table.text("source")
    table.choice("confidence", Confidence, default=Confidence.UNVERIFIED)
    if low is not None and high is not None and low >= high:
        table.fault("`low` must be below `high`.", key="low")
    table.refuse_unknown()
    return low, high


def read_sources(head: TomlTable) -> dict[str, str]:
    """[[reference]]: id -> citation. A `source` elsewhere names one of these ids."""
    sources: dict[str, str] = {}
    for table in head.tables("reference"):
        source_id, citation = table.text("id"), table.text("citation")
        table.refuse_unknown()
        if source_id in sources:
            table.fault(f"the reference `{source_id}` is defined twice.", key="id")
        sources[source_id] = citation
    return sources


def read_uses(head: TomlTable, draft: Draft) -> list[UseDraft]:
    """[[permitted_use]]."""
    uses = []
    for table in head.tables("permitted_use"):
        use = UseDraft(
            at=table,
            limit=table.choice("limit", UseLimit, default=UseLimit.NOT_SIMPLY_BETTER),
            warning=table.text("warning"),
            scores=table.texts("scores"),
            show_beside=table.texts("show_beside", required=False),
            source=draft.cite(table, table.text("source")),
            confidence=table.choice("confidence", Confidence, default=Confidence.UNVERIFIED),
        )
        table.refuse_unknown()
        uses.append(use)
    return uses


def read_items(path: Path, *, faults: list[Fault]) -> list[ItemLine]:
    """items.csv: item, gist, scored, reverse."""
    name = path.name
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except FileNotFoundError:
        faults.append(Fault(problem="the file is missing.", file=name))
        return []
    except (OSError, UnicodeDecodeError, csv.Error):
        faults.append(Fault(problem="the file cannot be read.", remedy="Save it as CSV in UTF-8.", file=name))
        return []
    if not rows or rows[0] != ITEM_COLUMNS:
        remedy = f"The first line must be: {','.join(ITEM_COLUMNS)}"
        faults.append(Fault(problem="the columns are not the expected ones.", remedy=remedy, file=name, row=1))
        return []
    lines = [_read_item(row, number, name, faults) for number, row in enumerate(rows[1:], start=2) if row]
    return [line for line in lines if line is not None]


def _read_item(row: list[str], number: int, file: str, faults: list[Fault]) -> ItemLine | None:
    """One line of items.csv."""
    if len(row) != len(ITEM_COLUMNS):
        problem = f"{len(ITEM_COLUMNS)} cells are expected, there are {len(row)}."
        remedy = "A gist with a comma in it stands in double quotes."
        faults.append(Fault(problem=problem, remedy=remedy, file=file, row=number))
        return None
    item, gist, scored, reverse = (cell.strip() for cell in row)
    for column, cell in (("scored", scored), ("reverse", reverse)):
        if cell not in _YES_NO:
            faults.append(Fault(problem="write yes or no.", file=file, row=number, column=column))
    made = Item(id=item, gist=gist, scored=_YES_NO.get(scored, True), reverse=_YES_NO.get(reverse, False))
    return ItemLine(item=made, row=number)


def read_scores(scoring: TomlTable, draft: Draft) -> list[ScoreDraft]:
    """[[score]]."""
    return [_read_score(table, draft) for table in scoring.tables("score")]


def _read_score(table: TomlTable, draft: Draft) -> ScoreDraft:
    kind = table.choice("kind", Kind, default=Kind.MEAN)
    rests_on_items = kind in (Kind.MEAN, Kind.SUM) or (kind is Kind.STAGE and "items" in table.values)
    missing = table.table("missing")
    if missing is None and kind in (Kind.MEAN, Kind.SUM):
        table.fault(
            "`missing` is missing: what happens when items are skipped.",
            'For example: missing = { rule = "person_mean", minimum_answered = 3, source = "…", confidence = "D" }',
        )
    rule, minimum = MissingRule.COMPLETE, None
    missing_source, missing_confidence = "", Confidence.DECISION
    if missing is not None:
        rule = missing.choice("rule", MissingRule, default=MissingRule.COMPLETE)
        minimum = missing.whole("minimum_answered", required=rule is MissingRule.PERSON_MEAN)
        missing_source = draft.cite(missing, missing.text("source"))
        missing_confidence = missing.choice("confidence", Confidence, default=Confidence.UNVERIFIED)
        missing.refuse_unknown()
    score = ScoreDraft(
        at=table,
        id=table.text("id"),
        label=table.text("label"),
        kind=kind,
        items=table.items_or_all("items") if rests_on_items else (),
        direction=table.text("direction"),
        unit=table.text("unit", required=False),
        source=draft.cite(table, table.text("source")),
        confidence=table.choice("confidence", Confidence, default=Confidence.UNVERIFIED),
        missing_rule=rule,
        minimum=minimum,
        missing_source=missing_source,
        missing_confidence=missing_confidence,
        add=table.texts("add") if kind is Kind.COMPOSITE else (),
        subtract=table.texts("subtract", required=False) if kind is Kind.COMPOSITE else (),
        of=table.text("of") if kind is Kind.STAGE and not rests_on_items else "",
        cut_set=table.text("cut_set") if kind is Kind.STAGE and not rests_on_items else "",
        levels=table.texts("levels") if kind is Kind.STAGE and rests_on_items else (),
        level_labels=table.texts("level_labels", required=False) if kind is Kind.STAGE else (),
        published=_read_published(table.table("published"), draft),
        note=table.text("note", required=False),
    )
    table.refuse_unknown()
    return score


def _read_published(table: TomlTable | None, draft: Draft) -> PublishedStatistics | None:
    if table is None:
        return None
    figures = {name: _as_float(table.number(name, required=False)) for name in _FIGURES}
    for name in ("alpha", "retest"):
        value = figures[name]
        if value is not None and not 0 < value <= 1:
            table.fault(f"`{name}` must lie between 0 and 1.", key=name)
    unverified = table.texts("unverified", required=False)
    for name in unverified:
        if name not in ("n", *_FIGURES):
            table.fault(
                "`unverified` names a figure that is not known.",
                f"Known: n, {', '.join(_FIGURES)}.",
                key="unverified",
            )
    published = PublishedStatistics(
        n=table.whole("n"),
        **figures,
        population=table.text("population"),
        source=draft.cite(table, table.text("source")),
        confidence=table.choice("confidence", Confidence, default=Confidence.UNVERIFIED),
        unverified=unverified,
    )
    table.refuse_unknown()
    return published


def _as_float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def read_cut_sets(cuts: TomlTable, draft: Draft) -> list[CutSetDraft]:
    """[[cut_set]]."""
    return [_read_cut_set(table, draft) for table in cuts.tables("cut_set")]


def _read_cut_set(table: TomlTable, draft: Draft) -> CutSetDraft:
    use = table.text("use", required=False) or "band"
    if use not in ("band", "stage"):
        table.fault('`use` must be "band" or "stage".', key="use")
    made = CutSetDraft(
        at=table,
        id=table.text("id"),
        label=table.text("label"),
        scores=table.texts("scores"),
        stage=use == "stage",
        levels=table.texts("levels"),
        level_labels=table.texts("level_labels", required=False),
        cuts=_read_cuts(table),
        default=table.flag("default"),
        on_sum=table.flag("on_sum"),
        source=draft.cite(table, table.text("source")),
        confidence=table.choice("confidence", Confidence, default=Confidence.UNVERIFIED),
        note=table.text("note", required=False),
    )
    table.refuse_unknown()
    return made


def _read_cuts(table: TomlTable) -> tuple[Cut, ...]:
    cuts = []
    for cut in table.tables("cuts"):
        at, side = cut.number("at"), cut.text("boundary_belongs_to")
        cut.refuse_unknown()
        if at is not None:
            cuts.append(Cut(at=at, boundary_belongs_to=side))
    return tuple(cuts)
