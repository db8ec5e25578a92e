"""Participants and enrollments: from a roster, from the forms of a project, or from whoever answered a survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any as Anything

from casearc.files.identity import vault_field, why_identifying, why_text
from casearc.files.proposal.codes import propose_codes
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft, Reason
from casearc.files.proposal.keys import Key, same_but_for_zeros
from casearc.files.proposal.marks import Mark, marks_of
from casearc.files.proposal.parts import Part
from casearc.files.proposal.row_ids import ROW_AGAIN, ROW_SAYS
from casearc.files.proposal.rows import Rows, rows_of
from casearc.files.proposal.several import join_race_and_ethnicity, take_check_boxes
from casearc.files.proposal.stay_dates import dates_for, take_referral, take_stay_date
from casearc.files.proposal.vocabulary import DAY_COLUMNS, NAMES
from casearc.files.proposal.when import take_date, write_order
from casearc.language import say, to_say

_AGAIN = to_say("a further row of the same person")
_ENDS = ("start_date", "exit_date")
_STAY = "enrollment_id"
_ZEROS = "without_leading_zeros"
_NO_DATES: Mapping[str, Sequence[str]] = {}
_NO_MARKS: Mapping[str, Mapping[str, Mark]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A part that a table is taken from, its key and its columns."""

    part: Part
    key: Key
    marks: Mapping[str, Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """The feed of the enrollments and the part it reads.

    start
        Where a stay has no id of its own and a person several: the column of starts, which makes one with the
        person's id.
    by_row
        No column says whose row it is: each row is a person with a stay.
    person
        Where the file writes the person's id otherwise than the participants do: its own column, and what a lookup in
        it says of that.
    """

    feed: FeedDraft
    part: Part
    start: str = ""
    by_row: bool = False
    person: tuple[str, Mapping[str, Anything]] | None = None

    @property
    def same(self) -> bool:
        """Whether the participant's id is the stay's."""
        return not self.start and self.feed.columns.get("enrollment_id") == self.feed.columns.get("participant_id")


def propose_participants(draft: Draft, sources: Sequence[Source]) -> FeedDraft:
    """The first source gives the rows, the others columns that it lacks."""
    main = sources[0]
    feed = FeedDraft(table="participants", file=main.part.file, where=list(main.part.where))
    feed.take("participant_id", main.key.column, main.key.reason.said, main.key.reason.confidence)
    wanted = {name: mark for name, mark in main.marks.items() if name != "participant_id"}
    rows = rows_of(draft, main.part, main.key.column, [mark.source for mark in wanted.values()])
    if rows is not None:
        feed.duplicates = rows.duplicates(say(_AGAIN))
    _take(draft, feed, main.part, wanted, rows)
    join_race_and_ethnicity(feed, main.part)
    take_check_boxes(feed, main.part)
    for other in sources[1:]:
        _look_up(feed, main, other)
    propose_codes(draft, feed, main.part.profiles)
    _vault(draft, main)
    draft.feeds.append(feed)
    return feed


def _take(
    draft: Draft,
    feed: FeedDraft,
    part: Part,
    marks: Mapping[str, Mark],
    rows: Rows | None,
    *,
    dates: Mapping[str, Sequence[str]] = _NO_DATES,
) -> None:
    """`dates`: for the ends of a stay, every column that could be meant."""
    for name, mark in marks.items():
        if why_identifying(part.sheet.field(mark.source), part.rows[mark.source]):
            continue
        source = mark.source
        if name in dates:
            source = take_stay_date(draft, feed, part, name, dates[name])
        elif name in DAY_COLUMNS or name.endswith("_date"):
            take_date(draft, feed, part, name, source)
        else:
            feed.take(name, source, mark.reason.said, mark.reason.confidence)
        if rows is not None and rows.elsewhere(mark.source):
            said = say("{said}; not every row of a person has it", said=mark.reason.said)
            feed.look_up(name, part.profiles[mark.source], rows.lookup(source), said, mark.reason.confidence)


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
                how["where"] = [dict(each) for each in other.part.where]
            said = say("{said}; it stands in {part}", said=mark.reason.said, part=other.part.name)
            feed.look_up(name, other.part.profiles[mark.source], how, said, mark.reason.confidence)


def _vault(draft: Draft, source: Source) -> None:
    part = source.part
    columns = {
        field: name
        for name, column in reversed(list(part.profiles.items()))
        if (field := vault_field(column.called) or vault_field(column.field.label))
        and why_identifying(part.sheet.field(name), part.rows[name])
    }
    if columns:
        draft.vault.append({"file": part.file, "key": source.key.column, "columns": columns})


def propose_enrollments(draft: Draft, source: Source, *, people: Source | None = None) -> Stays:
    """One row a stay: by its own id, by the person and the start where a person has several, else one a person.
    `people` is where the participants are taken from."""
    part, key = source.part, source.key
    who = _written_otherwise(draft, source, people) or key
    feed = FeedDraft(table="enrollments", file=part.file, where=list(part.where), derive=dict(who.derive))
    wanted = {name: mark for name, mark in source.marks.items() if name not in ("enrollment_id", "participant_id")}
    dates = {name: found for name in _ENDS if (found := dates_for(part, name, source.marks))}
    own, several = _own_id(source), _several_starts(source, dates.get("start_date", ()))
    rows: Rows | None = None
    if own is not None:
        feed.take("enrollment_id", own.source, own.reason.said, own.reason.confidence)
        if part.profiles[own.source].filled < part.rows.height:
            feed.where.append({"column": own.source, "is": "present", "reason": say("a person without an enrollment")})
        rows = rows_of(draft, part, own.source, [mark.source for mark in wanted.values()])
        if rows is not None:
            feed.duplicates = rows.duplicates(say("a further row of the same stay"))
    elif not several:
        feed.take("enrollment_id", who.column, say("each person has one stay"), Confidence.LIKELY)
        rows = rows_of(draft, part, key.column, [mark.source for mark in wanted.values()])
        if rows is not None:
            feed.duplicates = rows.duplicates(say(_AGAIN))
    else:
        start = take_stay_date(draft, feed, part, "start_date", dates["start_date"])
        _stay_by_start(draft, feed, part, key, start, dates["start_date"])
        feed.derive["_stay"]["join"] = [who.column, start]
    feed.take("participant_id", who.column, who.reason.said, who.reason.confidence)
    _take(draft, feed, part, wanted, rows, dates=dates)
    if "start_date" not in feed.targets:
        take_referral(draft, feed, part, source.marks)
    propose_codes(draft, feed, part.profiles)
    draft.feeds.append(feed)
    return Stays(
        feed=feed,
        part=part,
        start=feed.columns["start_date"] if own is None and several else "",
        person=None if who is key else (key.column, {_ZEROS: who.derive["_with_zeros"][_ZEROS]}),
    )


def _written_otherwise(draft: Draft, source: Source, people: Source | None) -> Key | None:
    """Ids of persons that lost their leading zeros in one of the two files."""
    if people is None or people.part.sheet is source.part.sheet:
        return None
    named = NAMES["participants"]["participant_id"]
    return same_but_for_zeros(draft, source.part, people.part, people.key.column, named=named)


def _own_id(source: Source) -> Mark | None:
    """The column of stays' ids: each is one person's."""
    own = source.marks.get("enrollment_id")
    if own is None or own.source == source.key.column:
        return None
    pairs = source.part.rows.select(own.source, source.key.column).drop_nulls().unique()
    whole = source.part.rows[own.source].null_count() == 0 or own.source == _STAY
    return own if whole and pairs[own.source].is_unique().all() else None


def _several_starts(source: Source, starts: Sequence[str]) -> bool:
    """Whether somebody has more than one start."""
    if not starts:
        return False
    pairs = source.part.rows.select(source.key.column, starts[0]).drop_nulls().unique()
    return pairs.height > pairs[source.key.column].n_unique()


def _stay_by_start(draft: Draft, feed: FeedDraft, part: Part, key: Key, start: str, starts: Sequence[str]) -> None:
    """`start` is what stands in the mapping, `starts` are the columns that it may mean."""
    feed.derive["_stay"] = {"join": [key.column, start], "with": "-"}
    said = say(
        "some people have several starts and the file no id of the stay: each start of a person is taken for a stay"
    )
    feed.take("enrollment_id", "_stay", said, Confidence.LIKELY)
    if any(part.profiles[each].filled < part.rows.height for each in starts):
        feed.where.append({"column": start, "is": "present", "reason": say("no start of a stay")})
    feed.duplicates = {"key": [key.column, start], "keep": "first", "reason": say("a further row of the same stay")}
    people = part.rows.select(key.column, starts[0]).drop_nulls().unique()[key.column].is_duplicated()
    draft.notes.append(
        say(
            "{file}: some people ({rows} rows) have several starts and no id tells the stays "
            "apart; each start of a person is taken for a stay.",
            file=part.sheet.in_words,
            rows=people.sum(),
        )
    )


def enroll_by_row(
    draft: Draft, part: Part, dates: Sequence[str], *, marks: Mapping[str, Mapping[str, Mark]] = _NO_MARKS
) -> tuple[Source, Stays]:
    """Where no column is an id of anybody: each row, or each response, is a person of its own. `marks` are by table
    what its columns are taken for."""
    ids = marks_of(part, "administrations").get("administration_id")
    key = Key(ids.source, ids.reason) if ids is not None and part.profiles[ids.source].unique else None
    draft.notes.append(
        say(
            "{file}: no column says whose row it is. Each row is taken for one person, so nobody is "
            "seen twice and no change can be measured; add a column of ids where there is one.",
            file=part.sheet.in_words,
        )
    )
    feeds = [
        FeedDraft(table=table, file=part.file, where=list(part.where)) for table in ("participants", "enrollments")
    ]
    for feed in feeds:
        for name in ("participant_id", "enrollment_id")[: 2 if feed.table == "enrollments" else 1]:
            if key is not None:
                feed.take(name, key.column, say("each response is taken for one person"), Confidence.GUESS)
            else:
                _id_by_row(feed, name, part)
    _take_by_row(draft, feeds, part, marks)
    if dates and "start_date" not in feeds[1].targets:
        write_order(draft, part, dates[0])
        feeds[1].take("start_date", dates[0], say("the day of the answers is taken for the start"), Confidence.GUESS)
    draft.feeds += feeds
    source = Source(part=part, key=key or Key("", Reason("", Confidence.GUESS)), marks={})
    return source, Stays(feed=feeds[1], part=part, by_row=key is None)


def _id_by_row(feed: FeedDraft, name: str, part: Part) -> None:
    """An id made of what the row says: of no column that tells who somebody is, and of no text."""
    said = [
        column
        for column in part.rows.columns
        if not why_identifying(part.sheet.field(column), part.rows[column])
        and not why_text(part.sheet.field(column), part.rows[column])
    ]
    feed.derive |= {ROW_SAYS: {"digest": said}, ROW_AGAIN: {"count_within": [ROW_SAYS]}}
    how = {"join": [ROW_SAYS, ROW_AGAIN], "with": "-", "prefix": "row-", "skip_empty": True}
    feed.make(name, how, say("each row is taken for one person"), Confidence.GUESS)


def _take_by_row(draft: Draft, feeds: Sequence[FeedDraft], part: Part, marks: Mapping[str, Mapping[str, Mark]]) -> None:
    """What the columns say of the person and the stay in each row."""
    for feed in feeds:
        known = marks.get(feed.table, {})
        wanted = {name: mark for name, mark in known.items() if name not in feed.targets}
        ends = {name: found for name in _ENDS if name in wanted and (found := dates_for(part, name, known))}
        _take(draft, feed, part, wanted, None, dates=ends)
        if feed.table == "participants":
            join_race_and_ethnicity(feed, part)
            take_check_boxes(feed, part)
        propose_codes(draft, feed, part.profiles)


def enroll_by_survey(draft: Draft, part: Part, key: Key, dates: Sequence[str]) -> Stays:
    """Where nothing but a survey is there: whoever answered took part, from the day of the first answer on."""
    people = FeedDraft(table="participants", file=part.file, where=_named(part, key))
    people.take("participant_id", key.column, key.reason.said, key.reason.confidence)
    people.duplicates = {"key": [key.column], "keep": "first", "reason": say("a later row of the same person")}
    draft.feeds.append(people)
    return stay_by_survey(draft, part, key, dates)


def _named(part: Part, key: Key) -> list[dict[str, Anything]]:
    return [*part.where, {"column": key.column, "is": "present", "reason": say("no participant named")}]


def stay_by_survey(draft: Draft, part: Part, key: Key, dates: Sequence[str]) -> Stays:
    """The stays of those who answered, each from the day of the first answer on."""
    stays = FeedDraft(table="enrollments", file=part.file, where=_named(part, key))
    own = _named_stay(part)
    if own:
        stays.take("enrollment_id", own, say("days are counted from its start"), Confidence.SURE)
        stays.duplicates = {"key": [own], "keep": "first", "reason": say("a later row of the same stay")}
    else:
        stays.take("enrollment_id", key.column, say("each person has one stay"), Confidence.GUESS)
        stays.duplicates = {"key": [key.column], "keep": "first", "reason": say("a later row of the same person")}
    stays.take("participant_id", key.column, key.reason.said, key.reason.confidence)
    if dates and not own:
        write_order(draft, part, dates[0])
        stays.duplicates["by"] = [dates[0]]
        stays.take("start_date", dates[0], say("the first answer is taken for the start"), Confidence.GUESS)
        draft.notes.append(
            say(
                "No file says when people enrolled: the day of their first answers is taken for the "
                "start of their stay. Give a file with start dates where there is one."
            )
        )
    draft.feeds.append(stays)
    return Stays(feed=stays, part=part)


def _named_stay(part: Part) -> str:
    """The column of stays in files that tell time in days from their start."""
    days = part.profiles.get("day")
    stays = part.profiles.get("enrollment") or part.profiles.get("enrollment_id")
    return stays.name if stays and stays.filled and days and days.filled and days.whole == 1.0 else ""
