"""Feeds that count only where a question was answered so: ``only_if = { answer = "?id", is = "mspss" }``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import Any as Anything

from casearc.language import say
from casearc.tables import item_columns

SIGN = "?"
Content = Mapping[str, Anything]


class Switch(Enum):
    """Whether a feed counts."""

    ON = "on"
    OFF = "off"
    OPEN = "open"  # the question has no answer yet


def switch_of(feed: Anything, answers: Mapping[str, str]) -> Switch:
    """Whether a feed counts, given what was answered by the questions' ids.

    Examples
    --------
    >>> feed = {"only_if": {"answer": "?which", "is": "mspss"}}
    >>> switch_of(feed, {"which": "mspss"}), switch_of(feed, {"which": "no"}), switch_of(feed, {})
    (<Switch.ON: 'on'>, <Switch.OFF: 'off'>, <Switch.OPEN: 'open'>)
    """
    told = feed.get("only_if") if isinstance(feed, Mapping) else None
    if not isinstance(told, Mapping) or not isinstance(told.get("answer"), str):
        return Switch.ON
    answer = told["answer"]
    if answer.startswith(SIGN):
        answer = answers.get(answer.removeprefix(SIGN), "")
        if not answer:
            return Switch.OPEN
    wanted = told.get("is", [])
    return Switch.ON if answer in ([wanted] if isinstance(wanted, str) else wanted) else Switch.OFF


def feeds_of(content: Content) -> Iterator[Anything]:
    """Every feed of a mapping as TOML holds it."""
    tables = content.get("table", {})
    for given in tables.values() if isinstance(tables, Mapping) else ():
        yield from given if isinstance(given, list) else [given]


def switched_off(content: Content, answers: Mapping[str, str]) -> set[str]:
    """Instruments of which every feed that fills them does not count, or does not yet."""
    counted, others = set[str](), set[str]()
    for feed in feeds_of(content):
        found = counted if switch_of(feed, answers) is Switch.ON else others
        found |= instruments_of(feed)
    return others - counted


def instruments_of(feed: Anything) -> set[str]:
    """The instruments that a feed speaks of: as its constant, or by its items."""
    if not isinstance(feed, Mapping):
        return set()
    columns, made = feed.get("columns"), feed.get("derive")
    items = item_columns(list(columns)) if isinstance(columns, Mapping) else []
    how = made.get("instrument") if isinstance(made, Mapping) else None
    named = {str(how["value"])} if isinstance(how, Mapping) and "value" in how else set()
    return named | {item.rpartition("_")[0] for item in items}


def asked_by(value: Anything) -> Iterator[str]:
    """Ids of the questions that a part of a mapping speaks of."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from asked_by(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from asked_by(inner)
    elif isinstance(value, str) and value.startswith(SIGN):
        yield value.removeprefix(SIGN)


def needed_by(content: Content, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the questions that the mapping needs an answer to; of a feed that may not count, only whether it does.

    Examples
    --------
    >>> content = {"table": {"contacts": {"only_if": {"answer": "?which", "is": "yes"}, "codes": {"a": "?code"}}}}
    >>> needed_by(content, {}), needed_by(content, {"which": "yes"}), needed_by(content, {"which": "no"})
    (('which',), ('which', 'code'), ('which',))
    """
    found: list[str] = []
    off = switched_off(content, answers)
    for key, value in content.items():
        if key == "table":
            for feed in feeds_of(content):
                counts = switch_of(feed, answers) is Switch.ON
                found += asked_by(feed if counts else feed["only_if"])
        elif key == "coding" and isinstance(value, Mapping):
            found += asked_by({name: each for name, each in value.items() if name not in off})
        elif key != "question":
            found += asked_by(value)
    return tuple(dict.fromkeys(found))


def never_needed(content: Content, answers: Mapping[str, str], among: Collection[str]) -> set[str]:
    """Of some questions those that only feeds speak of that do not count."""
    speaks = set(asked_by({key: value for key, value in content.items() if key != "question"}))
    opened = [feed for feed in feeds_of(content) if switch_of(feed, answers) is Switch.OPEN]
    waiting = {name for feed in opened for name in asked_by(feed)}
    for instrument in {name for feed in opened for name in instruments_of(feed)}:
        waiting |= set(asked_by(content.get("coding", {}).get(instrument, "")))
    return {name for name in among if name in speaks - waiting - set(needed_by(content, answers))}


def explained(feed: Content) -> str:
    """In words, what a feed waits for; empty where it always counts."""
    told = feed.get("only_if")
    if not told:
        return ""
    wanted = told["is"] if isinstance(told["is"], str) else ", ".join(told["is"])
    answer = str(told["answer"])
    if answer.startswith(SIGN):
        question = answer.removeprefix(SIGN)
        return say("Only if the question {question} is answered with: {answer}.", question=question, answer=wanted)
    return say("Only if {answer} is one of: {wanted}.", answer=answer, wanted=wanted)
