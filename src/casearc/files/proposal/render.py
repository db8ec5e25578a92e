"""The proposal as a mapping.toml: reasons and confidence as comments beside what they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any as Anything

import tomlkit
from tomlkit.items import InlineTable, Table

from casearc.files.mapping.questions import Question
from casearc.files.proposal.draft import NO_PLACE, Draft, FeedDraft, Reason
from casearc.files.sheet import in_words
from casearc.language import say, to_say
from casearc.tables import TABLES, item_columns

_MOST_SPARE = 40
_HEAD = (
    to_say("How the files become Casearc's tables. Proposed by `casearc import inspect`; yours to change."),
    to_say("Behind a # stands why, and how sure. Language: docs/reference/mapping.md."),
)


def render(draft: Draft) -> str:
    """The text of a mapping."""
    document = tomlkit.document()
    for line in _HEAD:
        document.add(tomlkit.comment(say(line)))
    document.add(tomlkit.nl())
    document.add("version", tomlkit.item(1))
    if draft.questions:
        document.add("question", _questions(list(draft.questions.values())))
    if draft.coding:
        document.add("coding", tomlkit.item(draft.coding))
    if draft.entries:
        document.add("file", _entries(draft.entries))
    document.add("table", _tables(draft))
    if draft.vault:
        document.add("vault", _vault(draft.vault))
    return tomlkit.dumps(document)


def _questions(questions: list[Question]) -> Anything:
    array = tomlkit.aot()
    for question in questions:
        table = tomlkit.table()
        table.add("id", question.id)
        table.add("asks", question.asks)
        table.add("why", question.why)
        if question.answers:
            table.add("answers", list(question.answers))
        table.add("answer", question.answer)
        array.append(table)
    return array


def _entries(entries: dict[str, dict[str, Anything]]) -> Table:
    whole = tomlkit.table(is_super_table=True)
    for name, entry in entries.items():
        table = tomlkit.table()
        for key, value in entry.items():
            table.add(key, _inline(value) if isinstance(value, dict) else value)
        whole.add(name, table)
    return whole


def _tables(draft: Draft) -> Table:
    whole = tomlkit.table(is_super_table=True)
    for name in TABLES:
        feeds = [feed for feed in draft.feeds if feed.table == name]
        if len(feeds) == 1:
            whole.add(name, _feed(feeds[0], spare=_spare(draft, feeds[0])))
        elif feeds:
            array = tomlkit.aot()
            for feed in feeds:
                array.append(_feed(feed))
            whole.add(name, array)
    return whole


def _spare(draft: Draft, feed: FeedDraft) -> list[str]:
    """Columns of a roster that no table has a place for: each could be a covariate, if a plan wants it."""
    if feed.table != "participants":
        return []
    return [left.column for left in draft.left if left.file == in_words(feed.file) and left.why == say(NO_PLACE)]


def _feed(feed: FeedDraft, spare: Sequence[str] = ()) -> Table:
    table = tomlkit.table()
    if spare:
        shown = ", ".join(spare[:_MOST_SPARE]) + (" …" if len(spare) > _MOST_SPARE else "")
        table.add(tomlkit.comment(say("Left out; name one under columns to make it a covariate: {shown}", shown=shown)))
    table.add("file", feed.file)
    if feed.only_if:
        table.add("only_if", _inline(feed.only_if))
    if feed.where:
        table.add("where", _list(feed.where))
    if feed.duplicates:
        table.add("duplicates", _inline(feed.duplicates))
    if feed.leave:
        table.add("leave", feed.leave)
    for key in ("missing", "reversed"):
        if getattr(feed, key):
            table.add(key, _inline(getattr(feed, key)))
    reasons = {"columns": feed.reasons, "derive": feed.reasons, "codes": feed.guesses}
    for key in ("columns", "derive", "codes", "scale", "otherwise", "totals"):
        content = getattr(feed, key)
        if content:
            table.add(key, _explained(content, reasons.get(key, {})))
    return table


def _explained(content: dict[str, Anything], reasons: Mapping[str, Reason]) -> Table:
    """A table with a line for each column and its reason behind; items have theirs at the first of them."""
    table = tomlkit.table()
    items = item_columns(list(content))
    for name, value in content.items():
        item = _inline(value) if isinstance(value, dict) else tomlkit.item(value)
        reason = reasons.get(name)
        if reason and name not in items[1:]:
            item.comment(f"{say(reason.confidence)}: {reason.said}")
        table.add(name, item)
    return table


def _inline(content: dict[str, Anything]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in content.items():
        if isinstance(value, dict):
            table.add(key, _inline(value))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            table.add(key, _list(value))
        else:
            table.add(key, value)
    return table


def _list(entries: list[dict[str, Anything]]) -> Anything:
    array = tomlkit.array()
    for entry in entries:
        array.append(_inline(entry))
    return array


def _vault(entries: list[dict[str, Anything]]) -> Anything:
    """Identity: commented as what only the application takes."""
    array = tomlkit.aot()
    for number, entry in enumerate(entries):
        table = tomlkit.table()
        if number == 0:
            table.add(tomlkit.comment(say("Who a person is: goes into the application's vault and nowhere else.")))
        for key, value in entry.items():
            table.add(key, _inline(value) if isinstance(value, dict) else value)
        array.append(table)
    return array
