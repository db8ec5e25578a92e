"""Ids of administrations: what tells one form that somebody filled in from every other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any as Anything

from casearc.files.proposal.days import answered_rows
from casearc.files.proposal.draft import Confidence, FeedDraft
from casearc.files.proposal.items import Match
from casearc.files.proposal.links import Link
from casearc.files.proposal.marks import Mark
from casearc.files.proposal.parts import Part
from casearc.files.proposal.row_ids import make_id, once, wave_in
from casearc.files.proposal.words import plain_words
from casearc.language import say

_ID = "administration_id"


def identify(
    part: Part,
    match: Match,
    marks: Mapping[str, Mark],
    link: Link,
    *,
    feeds: tuple[FeedDraft, FeedDraft],
    tag: str,
    beside: Sequence[Part],
) -> None:
    """Give administrations and responses the same id: the row's own where it has one, else person, event and instance
    together, else person and day.

    Parameters
    ----------
    part, match
        The rows, and the items in them.
    marks, link
        What the columns are taken for, and what leads to the person.
    feeds
        Of administrations and of responses. The date is told already.
    tag
        What tells the measurement from others of the same rows; empty where there is one.
    beside
        Other parts with the instrument. Ids that could be the same in both say which part they are of.

    Examples
    --------
    >>> identify(part, match, marks, link, feeds=(given, answers), tag="", beside=[])  # doctest: +SKIP
    """
    begin = f"{match.instrument.id}-"
    prefix, own = begin + (f"{tag}-" if tag else ""), marks.get(_ID)
    how: dict[str, Anything]
    if own is not None and own.source != link.source and _is_id(part, match, own.source, feeds):
        begun = part.rows[own.source].drop_nulls().str.starts_with(begin).all()
        how = {"join": [own.source]} if begun else {"join": [own.source], "prefix": prefix}
        said, confidence = own.reason.said, own.reason.confidence
    elif part.keys:
        how = {"join": list(part.keys), "with": "-", "prefix": prefix}
        said, confidence = say("record and event tell one from another"), Confidence.SURE
    elif link.each_row:
        how = {"join": [link.key.column], "prefix": prefix}
        said, confidence = say("each row is taken for one person"), Confidence.GUESS
    else:
        _by_person(part, match, link, feeds=feeds, prefix=prefix, beside=beside)
        return
    for feed in feeds:
        feed.make(_ID, how, said, confidence)


def _by_person(
    part: Part,
    match: Match,
    link: Link,
    *,
    feeds: tuple[FeedDraft, FeedDraft],
    prefix: str,
    beside: Sequence[Part],
) -> None:
    """By person and day, and by what the file is called where that says more. The same form twice is once."""
    when = feeds[0].columns.get("date") or feeds[0].columns.get("day") or ""
    columns = [link.key.column, *([when] if when else [])]
    rivals = [other for other in beside if not when or _rival(part, match, other, [link.source, when])]
    word = wave_in(part.name) if rivals or not when else ""
    if rivals and not word:
        word = "-".join(plain_words(part.name))
    said = say("person and day tell one from another") if when else say("person and file tell one from another")
    for feed in feeds:
        make_id(feed, _ID, columns, said=said, prefix=prefix + (f"{word}-" if word else ""))
        once(feed, [*columns, *match.items.values()], reason=_copy(when))


def _copy(when: str) -> str:
    return say("a copy: the same answers of the same day") if when else say("a copy: the same answers")


def _is_id(part: Part, match: Match, source: str, feeds: tuple[FeedDraft, FeedDraft]) -> bool:
    """Whether a column is an id of each row with answers; copies, which have the same, are set aside."""
    whole = [source, *match.items.values()]
    rows = part.rows.filter(answered_rows(match)).select(whole)
    different = rows.unique()
    if not different[source].drop_nulls().is_unique().all():
        return False
    if different.height < rows.height:
        for feed in feeds:
            once(feed, whole, reason=_copy(""))
    return True


def _rival(part: Part, match: Match, other: Part, columns: Sequence[str]) -> bool:
    """Whether other rows say something else of the same person and day."""
    if not all(name in each.profiles for name in columns for each in (part, other)):
        return False
    rows = part.rows.filter(answered_rows(match))
    items = [name for name in match.items.values() if name in other.profiles]
    both = rows.join(other.rows, on=list(columns), how="semi")
    copies = both.join(other.rows, on=[*columns, *items], how="semi", nulls_equal=True)
    return copies.height < both.height
