"""How a row leads to somebody's stay: by a column of its own, or through the row of another sheet that it hangs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any as Anything

from casearc.files.proposal.draft import Confidence, Draft, FeedDraft, Reason
from casearc.files.proposal.keys import Key, key_into
from casearc.files.proposal.parts import Part
from casearc.files.proposal.people import Source, Stays
from casearc.files.proposal.row_ids import ROW_AGAIN, ROW_SAYS
from casearc.files.proposal.vocabulary import NAMES
from casearc.files.xlsform.system import LINKS
from casearc.language import say

_PERSON, _TABLE, _EACH_ROW = "_person", "_parent_table_name", "_each_row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A column that leads to a stay itself, or to a person, whose stay is then looked up by the day. `derive` makes
    the column where the file does not have it. `each_row`: the rows are one person each."""

    key: Key
    to_stay: bool
    each_row: bool = False
    derive: Mapping[str, dict[str, Anything]] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The column of the file; empty where it is looked up."""
        return self.key.raw or ("" if self.derive else self.key.column)


def link_to_stay(draft: Draft, part: Part, *, people: Source, stays: Stays, parts: Sequence[Part] = ()) -> Link | None:
    """What leads from a part to a stay, or else to a person; None where nothing does.

    Parameters
    ----------
    draft
        Takes what must be asked of ids.
    part
        The rows.
    people, stays
        Where participants and enrollments are taken from.
    parts
        All parts, among them the one whose rows those of `part` may repeat within.

    Returns
    -------
    Link or None

    Examples
    --------
    >>> link_to_stay(draft, part, people=people, stays=stays).key.column  # doctest: +SKIP
    'Client ID'
    """
    same = stays.same
    if stays.by_row:
        return _by_row(stays) if part is stays.part else None
    if part.sheet.format == "redcap":
        return Link(key=people.key, to_stay=same) if people.key.column in part.profiles else None
    if part.sheet is people.part.sheet and people.key.column in part.profiles and (same or stays.start):
        return Link(key=people.key, to_stay=same)
    if not same and not stays.start:
        own, named = stays.feed.columns["enrollment_id"], NAMES["enrollments"]["enrollment_id"]
        stay = key_into(draft, part, stays.part, own, named=named)
        if stay is not None:
            return Link(key=stay, to_stay=True, derive=stay.derive)
    named = NAMES["participants"]["participant_id"]
    person = key_into(draft, part, people.part, people.key.column, named=named)
    if person is not None:
        return Link(key=person, to_stay=same, derive=person.derive)
    return _through_parents(part, people, to_stay=same, parts=parts)


def _by_row(stays: Stays) -> Link:
    made = stays.feed.derive
    derive = {name: made[name] for name in (ROW_SAYS, ROW_AGAIN)} | {_EACH_ROW: made["enrollment_id"]}
    key = Key(_EACH_ROW, Reason(say("each row is taken for one person"), Confidence.GUESS))
    return Link(key=key, to_stay=True, each_row=True, derive=derive)


def _through_parents(part: Part, people: Source, *, to_stay: bool, parts: Sequence[Part]) -> Link | None:
    """Repeats of KoboToolbox and ODK name the row they hang on; that row, or the one above it, names the person."""
    derive: dict[str, dict[str, Anything]] = {}
    here, current = "", part
    while (up := _parent(current, parts)) is not None and len(derive) < len(parts):
        parent, mine, theirs = up
        how: dict[str, Anything] = {"from": parent.file, "key": {here or mine: theirs}}
        if people.key.column in parent.profiles:
            derive[_PERSON] = how | {"column": people.key.column}
            said = say("its row repeats within a row of {file}, which names the person", file=parent.sheet.in_words)
            return Link(key=Key(_PERSON, Reason(said, Confidence.SURE)), to_stay=to_stay, derive=derive)
        above = next((name for name in LINKS if name in parent.profiles), None)
        if above is None:
            return None
        here = f"_within_{len(derive) + 1}"
        derive[here] = how | {"column": above}
        current = parent
    return None


def _parent(part: Part, parts: Sequence[Part]) -> tuple[Part, str, str] | None:
    """The part whose rows those of this one hang on, the column here and the column there."""
    for mine, theirs in LINKS.items():
        if mine not in part.profiles:
            continue
        wanted = part.rows[mine].drop_nulls()
        tables = set(part.rows[_TABLE].drop_nulls()) if _TABLE in part.profiles else set()
        fitting = [
            other
            for other in parts
            if other is not part and theirs in other.profiles and wanted.is_in(other.rows[theirs].implode()).all()
        ]
        fitting.sort(key=lambda other: other.name not in tables)
        if fitting:
            return fitting[0], mine, theirs
    return None


def take_stay(feed: FeedDraft, link: Link, stays: Stays, *, when: str | None) -> None:
    """Fill enrollment_id: the link itself, or the stay of the person it names that had begun by the day of the row."""
    feed.derive = {**link.derive, **feed.derive}
    if link.to_stay:
        feed.take("enrollment_id", link.key.column, link.key.reason.said, link.key.reason.confidence)
        return
    columns = stays.feed.columns
    person, more = stays.person or (columns["participant_id"], {})
    found: dict[str, Anything] = {
        "from": stays.part.file,
        "key": {link.key.column: person},
        "column": stays.start or columns["enrollment_id"],
        **more,
    }
    if stays.part.where:
        found["where"] = [dict(each) for each in stays.part.where]
    if "start_date" not in columns or not when:
        feed.make(
            "enrollment_id", found, say("the stay of the person; {said}", said=link.key.reason.said), Confidence.LIKELY
        )
        return
    start = columns["start_date"]
    feed.derive["_begun"] = found | {"pick": "last", "by": [start], "not_after": when}
    feed.derive["_first"] = found | {"pick": "first", "by": [start]}
    said = say("the stay of the person that had begun by that day; before the first one, the first")
    if not stays.start:
        feed.make("enrollment_id", {"first_of": ["_begun", "_first"]}, said, Confidence.LIKELY)
        return
    feed.derive["_start"] = {"first_of": ["_begun", "_first"]}
    feed.make("enrollment_id", {"join": [link.key.column, "_start"], "with": "-"}, said, Confidence.LIKELY)
