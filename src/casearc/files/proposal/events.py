"""Contacts, services, goals and needs: rows of things that happened on a day in somebody's stay."""

from __future__ import annotations

from collections.abc import Mapping

from casearc.files.identity import why_identifying
from casearc.files.proposal.amounts import say_unit, take_minutes
from casearc.files.proposal.codes import propose_codes
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.links import Link, take_stay
from casearc.files.proposal.marks import Mark
from casearc.files.proposal.parts import Part
from casearc.files.proposal.people import Stays
from casearc.files.proposal.row_ids import make_id, once
from casearc.files.proposal.when import take_date
from casearc.files.proposal.words import plain_words
from casearc.language import say, say_many
from casearc.tables import TABLES, Kind

_OWN_IDS = {"contacts": "contact_id", "goals": "goal_id"}
_MANY = 0.1
_KINDS = {"contacts": ("contact_type", "medium", "staff_id"), "goals": ("domain",)}
"""What a row is, beside whose it is and when; not how it went, which a later export may tell otherwise."""


def propose_events(
    draft: Draft, part: Part, table: str, marks: Mapping[str, Mark], *, link: Link, stays: Stays, alone: bool = True
) -> FeedDraft:
    """One feed for one table of events. `alone`: no part with other columns feeds the same table."""
    feed = FeedDraft(table=table, file=part.file, where=list(part.where))
    dates = [name for name in marks if name.endswith("date")]
    for name, mark in marks.items():
        if mark.source == link.source or why_identifying(part.sheet.field(mark.source), part.rows[mark.source]):
            continue
        if name in dates:
            take_date(draft, feed, part, name, mark.source)
        elif name == "minutes":
            take_minutes(draft, feed, part, mark)
        else:
            feed.take(name, mark.source, mark.reason.said, mark.reason.confidence)
    take_stay(feed, link, stays, when=feed.columns.get("date", feed.columns.get("opened_date")))
    _own_id(feed, part, link, prefix="-".join([table, *([] if alone else plain_words(part.name)), ""]))
    _copies(draft, feed, part)
    if table == "services":
        say_unit(feed, list(part.profiles.values()))
    _needed_codes(draft, feed, part)
    propose_codes(draft, feed, part.profiles)
    draft.feeds.append(feed)
    return feed


def _own_id(feed: FeedDraft, part: Part, link: Link, *, prefix: str) -> None:
    name = _OWN_IDS.get(feed.table)
    if name is None:
        return
    source = feed.columns.get(name)
    if source is not None and _tells_apart(part, source):
        return
    feed.columns.pop(name, None)
    if part.keys:
        how = {"join": list(part.keys), "with": "-", "prefix": f"{part.name}-"}
        feed.make(name, how, say("record, event and repetition tell one from another"))
        return
    whens = ("date", "opened_date", "day", "opened_day")
    when = next((feed.columns[each] for each in whens if each in feed.columns), None)
    kinds = [feed.columns[each] for each in _KINDS[feed.table] if feed.columns.get(each) in part.profiles]
    said = say("the file has no id for each row: it is made of person, day and kind")
    make_id(feed, name, [link.key.column, *([] if when is None else [when])], said=said, prefix=prefix, kind=kinds)


def _tells_apart(part: Part, source: str) -> bool:
    """Whether a column is an id of each row; copies of a row have the same."""
    ids = part.rows.unique()[source]
    return ids.null_count() == 0 and ids.is_unique().all()


def _copies(draft: Draft, feed: FeedDraft, part: Part) -> None:
    """Rows that say the same in every column: copies where they have the same id, else a person says."""
    copies = part.rows.height - part.rows.n_unique()
    if not copies or (feed.table == "services" and copies < _MANY * part.rows.height):
        return  # the same service may be delivered twice on a day; the import says how many say the same
    keep = "first"
    if feed.table != "needs" and feed.columns.get(_OWN_IDS.get(feed.table, "")) is None:
        keep = draft.ask(
            f"{part.file}-copies".replace(" ", "-"),
            say_many(
                "{count:,} row of {file} says the same as another in every column. Does only the first of them count, "
                "or do all?",
                "{count:,} rows of {file} say the same as others in every column. Does only the first of such rows "
                "count, or do all?",
                copies,
                file=part.sheet.in_words,
            ),
            why=say("The same twice on a day may be two; a row that was entered or exported twice is one."),
            answers=("first", "all"),
        )
    filled = [name for name in part.rows.columns if part.rows[name].null_count() < part.rows.height]
    once(feed, filled, reason=say("a copy: the same in every column"), keep=keep)


def _needed_codes(draft: Draft, feed: FeedDraft, part: Part) -> None:
    """Codes that every row must have and no column gives."""
    for column in TABLES[feed.table].columns:
        if not (column.must_fill and column.kind in (Kind.CODE, Kind.TEXT)) or column.name in feed.targets:
            continue
        asked = draft.ask(
            f"{feed.table}-{part.name}-{column.name}",
            say(
                "{file} says nothing of {name}. Which one is true of all its rows?",
                file=part.sheet.in_words,
                name=column.name,
            ),
            why=say("Every row of {table} needs it.", table=feed.table),
            answers=column.codes,
        )
        feed.make(column.name, {"value": asked}, say("to be answered"), Confidence.GUESS)
