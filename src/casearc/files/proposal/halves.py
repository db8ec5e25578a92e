"""One instrument on two sheets: the first items on one, the rest on the other, of the same people and days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any as Anything

from casearc.files.mapping.questions import SIGN
from casearc.files.proposal.answers import Coding
from casearc.files.proposal.draft import Draft, FeedDraft
from casearc.files.proposal.items import Match
from casearc.files.proposal.parts import Part
from casearc.files.proposal.row_ids import COPY
from casearc.instruments import Instrument
from casearc.language import say

_ELSEWHERE = "_elsewhere"
_ID = "administration_id"


@dataclass(slots=True, kw_only=True, eq=False)
class Halves:
    """Two parts that have the items of an instrument between them, in the order in which they are proposed for.

    coding
        What was told of the first; it counts for both.
    """

    first: Part
    second: Part
    one: Match
    other: Match
    coding: Coding = field(default_factory=Coding)

    def match_of(self, part: Part) -> Match | None:
        """The items of one of the parts; None for another part."""
        return self.one if part is self.first else self.other if part is self.second else None


def find_halves(
    answered: Sequence[tuple[Part, Sequence[Match]]], instruments: Sequence[Instrument]
) -> tuple[Halves, ...]:
    """Parts that have an instrument's items between them, where there are two of them alone.

    Parameters
    ----------
    answered
        Each part with the items in it.
    instruments
        Those that are known.

    Returns
    -------
    tuple of Halves

    Examples
    --------
    >>> find_halves([], [])
    ()
    """
    return tuple(
        halves
        for instrument in instruments
        if not instrument.variant
        for halves in [_halves(list(_of(answered, instrument)), instrument)]
        if halves is not None
    )


def _of(answered: Sequence[tuple[Part, Sequence[Match]]], instrument: Instrument) -> Iterator[tuple[Part, Match]]:
    """The parts with the instrument, their numbers taken for those of the whole form."""
    for part, matches in answered:
        for match in matches:
            asked = match.battery and (match.instrument.variant or len(match.items) == len(instrument.items))
            if match.instrument.id == instrument.id and not asked:
                yield part, replace(match, instrument=instrument, doubts=())


def _halves(found: list[tuple[Part, Match]], instrument: Instrument) -> Halves | None:
    if len(found) != 2 or found[0][0] is found[1][0]:
        return None
    (first, one), (second, other) = found
    items, rest = set(one.items), set(other.items)
    whole = {instrument.column(item.id) for item in instrument.items}
    told = one.named == other.named and one.run.wave == other.run.wave
    apart = not items & rest and items | rest == whole and len(items) == len(one.run.columns)
    return Halves(first=first, second=second, one=one, other=other) if told and apart else None


def whole_of(halves: Sequence[Halves], part: Part, matches: Sequence[Match]) -> tuple[Match, ...]:
    """The matches of a part, those of halves taken for the whole instrument's items.

    Examples
    --------
    >>> whole_of([], part, matches)  # doctest: +SKIP
    """
    mine = {
        (match.instrument.id, match.battery, match.answer): match
        for each in halves
        if (match := each.match_of(part)) is not None
    }
    return tuple(mine.get((match.instrument.id, match.battery, match.answer), match) for match in matches)


def join_to_first(draft: Draft, given: FeedDraft, halves: Halves) -> None:
    """Take from the second part only administrations that the first has no row of: the ids of the others are the same.

    Parameters
    ----------
    draft
        Its feeds have the administrations of the first part; takes a note where nothing tells which rows belong
        together, and where rows have no other half.
    given
        The administrations of the second.
    halves
        The two.

    Examples
    --------
    >>> join_to_first(draft, given, halves)  # doctest: +SKIP
    """
    own = next((feed for feed in draft.feeds if _is_of(feed, halves)), None)
    here, there = _columns(given), None if own is None else _columns(own)
    told = {
        "first": halves.first.sheet.in_words,
        "second": halves.second.sheet.in_words,
        "instrument": halves.one.instrument.id,
    }
    if here is None or there is None or len(here) != len(there):
        draft.notes.append(
            say(
                "{first} and {second} have the items of {instrument} between them, and no person and day tells which "
                "rows belong together: each is taken for itself, and too many items are missing for a score.",
                **told,
            )
        )
        return
    answers = {"columns": list(halves.one.items.values()), "is": "present"}
    keys = dict(zip(here, there, strict=True))
    given.derive[_ELSEWHERE] = {"from": halves.first.file, "key": keys, "pick": "count", "where": [answers]}
    reason = say("a row of the same person and day in {first} has the administration", **told)
    given.where.append({"column": _ELSEWHERE, "equals": "0", "reason": reason})
    alone = _alone(halves, keys)
    if alone:
        draft.notes.append(
            say(
                "{first} and {second} have the items of {instrument} between them; {count} rows of {second} have no "
                "row of the same person and day in {first}.",
                **told,
                count=alone,
            )
        )


def _is_of(feed: FeedDraft, halves: Halves) -> bool:
    made = feed.derive.get("instrument", {}).get("value")
    answer = feed.only_if.get("is", "")
    told = (feed.table, feed.file, made, answer)
    return told == ("administrations", halves.first.file, halves.one.instrument.id, halves.one.answer)


def _columns(feed: FeedDraft) -> list[str] | None:
    """The columns of the file that an administration's id is made of; None where it is made of others."""
    how: Mapping[str, Anything] = feed.derive.get(_ID, {})
    joined = [_raw(feed, name) for name in how.get("join", ()) if name != COPY]
    made = [name for name in joined if name in feed.derive or name.startswith(SIGN)]
    return joined if len(joined) > 1 and COPY in how["join"] and not made else None


def _raw(feed: FeedDraft, name: str) -> str:
    """The file's own column of ids, where leading zeros are looked for elsewhere."""
    how: Mapping[str, Anything] = feed.derive.get(name, {})
    return str(how["first_of"][-1]) if how.get("first_of") else name


def _alone(halves: Halves, keys: Mapping[str, str]) -> int:
    """Rows of the second part whose person and day the first does not have."""
    rows = halves.second.rows.drop_nulls(list(keys))
    return rows.join(halves.first.rows, left_on=list(keys), right_on=list(keys.values()), how="anti").height
