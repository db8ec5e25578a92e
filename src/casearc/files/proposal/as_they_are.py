"""Sheets that are tables of the contract already, by the names of their columns."""

from __future__ import annotations

from collections.abc import Mapping

from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.parts import Part
from casearc.language import say
from casearc.tables import TABLES, TableSchema, item_columns

_ID = "administration_id"


def contract_table(part: Part) -> str:
    """The table whose needed columns the part has under their own names; empty where there is none."""
    if part.sheet.format == "htcds":
        return ""  # Casearc's ids stand there beside fields of the standard
    names = set(part.profiles)
    fitting = [schema for schema in TABLES.values() if _has(schema, names)]
    if not fitting:
        return ""
    return max(fitting, key=lambda schema: len(names & set(schema.accepted))).name


def _has(schema: TableSchema, names: set[str]) -> bool:
    if schema.name == "responses" and item_columns(sorted(names)):
        return "administration_id" in names and "enrollment_id" not in names
    needed = [column for column in schema.columns if column.required]
    return all(column.name in names or column.date_column in names for column in needed)


def take_as_it_is(draft: Draft, part: Part, table: str) -> FeedDraft:
    """A feed in which every column keeps its name."""
    feed = FeedDraft(table=table, file=part.file, where=list(part.where))
    known = (*TABLES[table].accepted, *(item_columns(list(part.profiles)) if table == "responses" else ()))
    for name in part.profiles:
        if name in known or (table == "responses" and name.endswith("_missing_reason")):
            feed.take(name, name, say("it has the name already"), Confidence.SURE)
    draft.feeds.append(feed)
    return feed


def told_again(part: Part, known: Mapping[str, tuple[FeedDraft, Part]]) -> bool:
    """Whether a part only tells again, in a row an administration, what the tables known already hold: Casearc's own
    exports have such sheets beside the long ones."""
    if "administrations" not in known or "responses" not in known or _ID not in part.profiles:
        return False
    ids = known["administrations"][1].rows[_ID]
    return bool(part.rows[_ID].drop_nulls().is_in(ids.drop_nulls().implode()).all())
