"""Columns that no table takes, each with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.files.codes_and_texts import called
from casearc.files.identity import why_identifying, why_text
from casearc.files.proposal.draft import NO_PLACE, Draft, FeedDraft, Left
from casearc.files.proposal.paradata import filled_in_by_program
from casearc.files.sheet import Sheet
from casearc.language import say


def left_of(draft: Draft, sheets: Sequence[Sheet]) -> list[Left]:
    """Every column of the sheets that no feed speaks of, and why.

    Parameters
    ----------
    draft
        The feeds.
    sheets
        The data.

    Returns
    -------
    list of Left
        In the files' order.

    Examples
    --------
    >>> left_of(Draft(), [])
    []
    """
    return [
        Left(file=sheet.in_words, column=called(name, position), why=_why(sheet, name))
        for sheet in sheets
        for used in [_used(draft, sheet.name)]
        for position, name in enumerate(sheet.frame.columns, start=1)
        if name not in used
    ]


def _why(sheet: Sheet, name: str) -> str:
    column, cells = sheet.field(name), sheet.frame[name]
    if column.identifier:
        return why_identifying(column, cells)
    if filled_in_by_program(sheet, name):
        return say("the program that exported it fills it in by itself")
    if cells.null_count() == len(cells):
        return say("it is empty")
    return why_identifying(column, cells) or why_text(column, cells) or say(NO_PLACE)


def _used(draft: Draft, file: str) -> set[str]:
    """Columns of a file that some feed speaks of."""
    used: set[str] = set()
    for feed in draft.feeds:
        for how in feed.derive.values():
            used |= _of_lookup(how, file, same=feed.file == file)
        if feed.file == file:
            used |= _of_feed(draft, feed)
    for vault in draft.vault:
        if vault["file"] == file:
            used |= {vault["key"], *vault["columns"].values()}
    return used


def _of_feed(draft: Draft, feed: FeedDraft) -> set[str]:
    used = {*feed.columns.values(), *(total["column"] for total in feed.totals.values())}
    used |= {each["column"] for each in feed.where if "column" in each}
    for how in feed.derive.values():
        used |= {*how.get("join", ()), *how.get("flag", ()), *how.get("first_of", ())}
        used |= {how["duration"]} if "duration" in how else set()
        used |= {test["column"] for case in how.get("cases", ()) for test in case["where"]}
    asked = {name.removeprefix("?") for name in used}
    return used | {answer for name in asked & set(draft.questions) for answer in draft.questions[name].answers}


def _of_lookup(how: dict[str, object], file: str, *, same: bool) -> set[str]:
    key = how.get("key")
    if not isinstance(key, str | dict):
        return set()
    pairs = {key: key} if isinstance(key, str) else key
    here = set(pairs) if same else set()
    there = {*pairs.values(), str(how.get("column", ""))} if how.get("from") == file else set()
    return here | there
