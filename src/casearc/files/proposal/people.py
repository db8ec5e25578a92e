"""Participants and enrollments: from a roster, from the forms of a project, or from whoever answered a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any as Anything

from casearc.files.identity import vault_field, why_identifying
from casearc.files.proposal.codes import propose_codes
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft, Reason
from casearc.files.proposal.keys import Key
from casearc.files.proposal.marks import Mark, marks_of
from casearc.files.proposal.parts import Part
from casearc.files.proposal.several import join_race_and_ethnicity, take_check_boxes
from casearc.files.proposal.vocabulary import DAY_COLUMNS
from casearc.files.proposal.when import take_date, write_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A part that a table is taken from, its key and its columns."""

    part: Part
    key: Key
    marks: dict[str, Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """The feed of the enrollments and the part it reads."""

    feed: FeedDraft
    part: Part


def propose_participants(draft: Draft, sources: Sequence[Source]) -> FeedDraft:
    """The first source gives the rows, the others columns that it lacks."""
    main = sources[0]
    feed = FeedDraft(table="participants", file=main.part.file, where=list(main.part.where))
    feed.take("participant_id", main.key.column, main.key.reason.said, main.key.reason.confidence)
    _take(draft, feed, main.part, main.marks, skip={"participant_id"})
    if not main.part.profiles[main.key.column].unique:
        feed.duplicates = {
            "key": [main.key.column],
            "keep": "first",
            "reason": "a further row of the same person; the first was kept",
        }
    propose_codes(draft, feed, main.part.profiles)
    join_race_and_ethnicity(feed, main.part)
    take_check_boxes(feed, main.part)
    for other in sources[1:]:
        _look_up(feed, main, other)
    _vault(draft, main)
    draft.feeds.append(feed)
    return feed


def _take(draft: Draft, feed: FeedDraft, part: Part, marks: dict[str, Mark], *, skip: set[str]) -> None:
    for name, mark in marks.items():
        if name in skip or why_identifying(part.sheet.field(mark.source), part.rows[mark.source]):
            continue
        if name in DAY_COLUMNS or name.endswith("_date"):
            take_date(draft, feed, part, name, mark.source)
        else:
            feed.take(name, mark.source, mark.reason.said, mark.reason.confidence)


def _look_up(feed: FeedDraft, main: Source, other: Source) -> None:
    """Columns that only another part has, where it says one thing about each person."""
    for name, mark in other.marks.items():
        if name in feed.targets or name == "participant_id":
            continue
        pairs = other.part.rows.select(other.key.column, mark.source).drop_nulls().unique()
        if pairs[other.key.column].is_unique().all():
            how: dict[str, Anything] = {
                "from": other.part.file,
                "key": {main.key.column: other.key.column},
                "column": mark.source,
            }
            if other.part.where:
                how["where"] = list(other.part.where)
            feed.make(name, how, f"{mark.reason.said}; it stands in {other.part.name}", mark.reason.confidence)


def _vault(draft: Draft, source: Source) -> None:
    part = source.part
    columns = {
        field: name
        for name in reversed(list(part.profiles))
        if (field := vault_field(name)) and why_identifying(part.sheet.field(name), part.rows[name])
    }
    if columns:
        draft.vault.append({"file": part.file, "key": source.key.column, "columns": columns})


def propose_enrollments(draft: Draft, source: Source) -> Stays:
    """One row a stay; the participant's id is the stay's where each person has one."""
    part, key = source.part, source.key
    feed = FeedDraft(table="enrollments", file=part.file, where=list(part.where))
    own = source.marks.get("enrollment_id")
    own = own if own and part.profiles[own.source].unique and own.source != key.column else None
    if own is not None:
        feed.take("enrollment_id", own.source, own.reason.said, own.reason.confidence)
    else:
        feed.take("enrollment_id", key.column, "each person has one stay", Confidence.LIKELY)
        if not part.profiles[key.column].unique:
            feed.duplicates = _first_stay(draft, feed, part, key)
    feed.take("participant_id", key.column, key.reason.said, key.reason.confidence)
    _take(draft, feed, part, source.marks, skip={"enrollment_id", "participant_id"})
    draft.feeds.append(feed)
    return Stays(feed=feed, part=part)


def _first_stay(draft: Draft, feed: FeedDraft, part: Part, key: Key) -> dict[str, object]:
    draft.notes.append(
        f"{part.sheet.in_words} has several rows of some people and no id of the stay; the first row is taken as the "
        "person's one stay."
    )
    return {"key": [key.column], "keep": "first", "reason": "a further row of the same person; the first was kept"}


def enroll_by_row(draft: Draft, part: Part) -> tuple[Source, Stays]:
    """Where no column is an id of anybody: each row, or each response, is a person of its own."""
    ids = marks_of(part, "administrations").get("administration_id")
    key = Key(ids.source, ids.reason) if ids is not None and part.profiles[ids.source].unique else None
    draft.notes.append(
        f"{part.sheet.in_words}: no column says whose row it is. Each row is taken for one person, so nobody is seen "
        "twice and no change can be measured; add a column of ids where there is one."
    )
    feeds = [
        FeedDraft(table=table, file=part.file, where=list(part.where)) for table in ("participants", "enrollments")
    ]
    for feed in feeds:
        for name in ("participant_id", "enrollment_id")[: 2 if feed.table == "enrollments" else 1]:
            if key is not None:
                feed.take(name, key.column, "each response is taken for one person", Confidence.GUESS)
            else:
                feed.make(name, {"row_number": "row-"}, "each row is taken for one person", Confidence.GUESS)
    draft.feeds += feeds
    return Source(part=part, key=key or Key("", Reason("", Confidence.GUESS)), marks={}), Stays(
        feed=feeds[1], part=part
    )


def enroll_by_survey(draft: Draft, part: Part, key: Key, dates: Sequence[str]) -> Stays:
    """Where nothing but a survey is there: whoever answered took part, from the day of the first answer on."""
    where = [*part.where, {"column": key.column, "is": "present", "reason": "no participant named"}]
    people = FeedDraft(table="participants", file=part.file, where=list(where))
    people.take("participant_id", key.column, key.reason.said, key.reason.confidence)
    first = {"key": [key.column], "keep": "first", "reason": "a later row of the same person"}
    people.duplicates = dict(first)
    stays = FeedDraft(table="enrollments", file=part.file, where=list(where), duplicates=dict(first))
    stays.take("enrollment_id", key.column, "each person has one stay", Confidence.GUESS)
    stays.take("participant_id", key.column, key.reason.said, key.reason.confidence)
    if dates:
        write_order(draft, part, dates[0])
        stays.duplicates["by"] = [dates[0]]
        stays.take("start_date", dates[0], "the first answer is taken for the start", Confidence.GUESS)
    draft.notes.append(
        "No file says when people enrolled: the day of their first answers is taken for the start of their stay. Give "
        "a file with start dates where there is one."
    )
    draft.feeds += [people, stays]
    return Stays(feed=stays, part=part)
