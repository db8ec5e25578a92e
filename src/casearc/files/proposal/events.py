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
from casearc.files.proposal.when import take_date
from casearc.language import say
from casearc.tables import TABLES, Kind

_OWN_IDS = {"contacts": "contact_id", "goals": "goal_id"}


def propose_events(
    draft: Draft, part: Part, table: str, marks: Mapping[str, Mark], *, link: Link, stays: Stays
) -> FeedDraft:
    """One feed for one table of events."""
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
    _own_id(feed, part, table)
    if table == "services":
        say_unit(feed, list(part.profiles.values()))
    _needed_codes(draft, feed, part)
    propose_codes(draft, feed, part.profiles)
    draft.feeds.append(feed)
    return feed


def _own_id(feed: FeedDraft, part: Part, table: str) -> None:
    name = _OWN_IDS.get(table)
    if name is None:
        return
    source = feed.columns.get(name)
    if source is not None and part.profiles[source].unique and part.profiles[source].filled == part.rows.height:
        return
    feed.columns.pop(name, None)
    if part.keys:
        how = {"join": list(part.keys), "with": "-", "prefix": f"{part.name}-"}
        feed.make(name, how, say("record, event and repetition tell one from another"))
        return
    said = say("the file has no id for each row: its number is taken, so new rows must come after these")
    feed.make(name, {"row_number": f"{part.name}-"}, said, Confidence.LIKELY)


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
