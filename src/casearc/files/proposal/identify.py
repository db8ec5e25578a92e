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
from casearc.files.proposal.words import plain_words
from casearc.language import say


def identify(
    part: Part,
    match: Match,
    marks: Mapping[str, Mark],
    link: Link,
    *,
    feeds: tuple[FeedDraft, FeedDraft],
    tag: str,
    alone: bool,
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
    alone
        Whether no other part has the instrument. Otherwise ids that could be the same in both say which part they
        are of.

    Examples
    --------
    >>> identify(part, match, marks, link, feeds=(given, answers), tag="", alone=True)  # doctest: +SKIP
    """
    begin = f"{match.instrument.id}-"
    prefix, own = begin + (f"{tag}-" if tag else ""), marks.get("administration_id")
    here = prefix if alone else f"{prefix}{'-'.join(plain_words(part.name))}-"
    person, date = link.source, feeds[0].columns.get("date", "")
    how: dict[str, Anything]
    if own is not None and part.profiles[own.source].unique and own.source != person:
        begun = part.rows[own.source].drop_nulls().str.starts_with(begin).all()
        how = {"join": [own.source]} if begun else {"join": [own.source], "prefix": prefix}
        said, confidence = own.reason.said, own.reason.confidence
    elif part.keys:
        how = {"join": list(part.keys), "with": "-", "prefix": prefix}
        said, confidence = say("record and event tell one from another"), Confidence.SURE
    elif person and part.profiles[person].unique and (alone or not date):
        how, said, confidence = {"join": [person], "prefix": here}, say("one row a person"), Confidence.SURE
    elif person and date and _tell_apart(part, match, [person, date], feeds):
        how = {"join": [person, date], "with": "-", "prefix": prefix}
        said, confidence = say("person and day tell one from another"), Confidence.LIKELY
    else:
        how = {"row_number": here}
        said = say("the file has no id for each row: its number is taken, so new rows must come after these")
        confidence = Confidence.LIKELY
    for feed in feeds:
        feed.make("administration_id", how, said, confidence)


def _tell_apart(part: Part, match: Match, columns: Sequence[str], feeds: tuple[FeedDraft, FeedDraft]) -> bool:
    """Whether rows with answers differ in these columns, which all have. The same form twice is once: copies are set
    aside."""
    if not all(name in part.profiles for name in columns):
        return False
    whole = [*columns, *match.items.values()]
    rows = part.rows.filter(answered_rows(match)).select(whole)
    once = rows.unique(whole)
    if once.select(columns).is_duplicated().any() or once.select(columns).null_count().sum_horizontal().item():
        return False
    if once.height < rows.height:
        for feed in feeds:
            feed.duplicates = {"key": whole, "keep": "first", "reason": say("a copy: the same answers of the same day")}
    return True
