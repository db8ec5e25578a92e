"""Contacts, services, goals and needs: rows of things that happened on a day in somebody's stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any as Anything

from casearc.files.identity import why_identifying
from casearc.files.proposal.codes import propose_codes
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.keys import Key, key_into
from casearc.files.proposal.marks import Mark
from casearc.files.proposal.parts import Part
from casearc.files.proposal.people import Source, Stays
from casearc.files.proposal.vocabulary import NAMES
from casearc.files.proposal.when import take_date
from casearc.tables import TABLES

_OWN_IDS = {"contacts": "contact_id", "goals": "goal_id"}


def propose_events(
    draft: Draft, part: Part, table: str, marks: Mapping[str, Mark], *, people: Source, stays: Stays
) -> FeedDraft | None:
    """One feed for one table of events; None where no column leads to a person or a stay."""
    feed = FeedDraft(table=table, file=part.file, where=list(part.where))
    link = link_to_stay(part, people=people, stays=stays)
    if link is None:
        draft.notes.append(f"{part.sheet.in_words} looks like {table}, and no column of it leads to a participant.")
        return None
    dates = [name for name in marks if name.endswith("date")]
    for name, mark in marks.items():
        if mark.source == link.key.column or why_identifying(part.sheet.field(mark.source), part.rows[mark.source]):
            continue
        if name in dates:
            take_date(draft, feed, part, name, mark.source)
        else:
            feed.take(name, mark.source, mark.reason.said, mark.reason.confidence)
    take_stay(feed, link, stays, when=feed.columns.get("date", feed.columns.get("opened_date")))
    _own_id(feed, part, table)
    _needed_codes(draft, feed, part)
    propose_codes(draft, feed, part.profiles)
    draft.feeds.append(feed)
    return feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A column that leads to a stay itself, or to a person, whose stay is then looked up by the day."""

    key: Key
    to_stay: bool


def link_to_stay(part: Part, *, people: Source, stays: Stays) -> Link | None:
    """The column of a part that leads to a stay, or else to a person; None where there is none."""
    same = stays.feed.columns["enrollment_id"] == stays.feed.columns["participant_id"]
    if part.sheet.format == "redcap":
        return Link(key=people.key, to_stay=same) if people.key.column in part.profiles else None
    ids = stays.part.rows[stays.feed.columns["enrollment_id"]]
    stay = key_into(part, ids, what=stays.part.sheet.in_words, named=NAMES["enrollments"]["enrollment_id"])
    if stay is not None and not same:
        return Link(key=stay, to_stay=True)
    ids = people.part.rows[people.key.column]
    person = key_into(part, ids, what=people.part.sheet.in_words, named=NAMES["participants"]["participant_id"])
    return None if person is None else Link(key=person, to_stay=same)


def take_stay(feed: FeedDraft, link: Link, stays: Stays, *, when: str | None) -> None:
    """Fill enrollment_id: the link itself, or the stay of the person it names that had begun by the day of the row."""
    if link.to_stay:
        feed.take("enrollment_id", link.key.column, link.key.reason.said, link.key.reason.confidence)
        return
    columns = stays.feed.columns
    found: dict[str, Anything] = {
        "from": stays.part.file,
        "key": {link.key.column: columns["participant_id"]},
        "column": columns["enrollment_id"],
    }
    if stays.part.where:
        found["where"] = list(stays.part.where)
    if "start_date" not in columns or not when:
        feed.make("enrollment_id", found, f"the stay of the person; {link.key.reason.said}", Confidence.LIKELY)
        return
    start = columns["start_date"]
    feed.derive["_begun"] = found | {"pick": "last", "by": [start], "not_after": when}
    feed.derive["_first"] = found | {"pick": "first", "by": [start]}
    said = "the stay of the person that had begun by that day; before the first one, the first"
    feed.make("enrollment_id", {"first_of": ["_begun", "_first"]}, said, Confidence.LIKELY)


def _own_id(feed: FeedDraft, part: Part, table: str) -> None:
    name = _OWN_IDS.get(table)
    if name is None:
        return
    source = feed.columns.get(name)
    if source is not None and part.profiles[source].unique and part.profiles[source].filled == part.rows.height:
        return
    feed.columns.pop(name, None)
    feed.make(name, {"row_number": f"{part.name}-"}, "the file has no id of its own for each row")


def _needed_codes(draft: Draft, feed: FeedDraft, part: Part) -> None:
    """Closed lists that every row must fill and no column gives."""
    for column in TABLES[feed.table].columns:
        if not (column.must_fill and column.codes) or column.name in feed.targets:
            continue
        asked = draft.ask(
            f"{feed.table}-{part.name}-{column.name}",
            f"{part.sheet.in_words} says nothing of {column.name}. Which one is true of all its rows?",
            why=f"Every row of {feed.table} needs it.",
            answers=column.codes,
        )
        feed.make(column.name, {"value": asked}, "to be answered", Confidence.GUESS)
