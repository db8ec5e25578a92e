"""Columns of codes that a file spreads over several of its own: check boxes, or race and ethnicity apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any as Anything

from casearc.files.proposal.codes import slug
from casearc.files.proposal.draft import Confidence, FeedDraft
from casearc.files.proposal.parts import Part
from casearc.files.proposal.vocabulary import NAMES
from casearc.files.proposal.words import nearness, plain_words
from casearc.language import say
from casearc.tables import TABLES, Kind

_FROM = 0.5
_TICKED = ("1", "true", "yes", "Checked", "checked")


def take_check_boxes(feed: FeedDraft, part: Part) -> None:
    """Lists of codes from questions of which several boxes may be ticked."""
    for column in TABLES[feed.table].columns:
        boxes, taken = _boxes(part), _asked(part, feed.columns.get(column.name, ""))
        if column.kind is not Kind.CODES or (column.name in feed.targets and taken not in boxes):
            continue
        phrases = NAMES[feed.table].get(column.name, ())
        scored = {question: nearness(question.rpartition("/")[2], phrases) for question in boxes}
        best = taken or max(scored, key=lambda question: scored[question], default="")
        if best and (taken or scored[best] >= _FROM):
            feed.columns.pop(column.name, None)
            flags = {name: slug(label) or name for name, label in _labels(part, boxes[best]).items()}
            how: dict[str, Anything] = {"flag": flags, "yes": list(_TICKED), "several": "join"}
            feed.make(column.name, how, say("the boxes of {best}", best=best), Confidence.LIKELY)


def _asked(part: Part, source: str) -> str:
    """The question of a column: what its boxes belong to."""
    column = part.profiles.get(source)
    return "" if column is None else column.field.question or source


def _boxes(part: Part) -> dict[str, list[str]]:
    """Questions with the columns of their choices; codes for missing are no choices."""
    missing = {code.code for column in part.profiles.values() for code in column.field.missing}
    found: dict[str, list[str]] = {}
    for name, column in part.profiles.items():
        if column.is_box and column.field.choice not in missing:
            found.setdefault(column.field.question, []).append(name)
    return found


def _labels(part: Part, names: Sequence[str]) -> dict[str, str]:
    """Each box's column -> what the choice is called: what its label has beyond the question's, else its code."""
    labels = {name: part.profiles[name].field.label for name in names}
    for sign, end in ((" [", "]"), (": ", "")):
        asked = {label.partition(sign)[0] for label in labels.values()}
        if len(asked) == 1 and all(sign in label for label in labels.values()):
            return {name: label.partition(sign)[2].removesuffix(end) for name, label in labels.items()}
    return {name: part.profiles[name].field.choice for name in names}


def join_race_and_ethnicity(feed: FeedDraft, part: Part) -> None:
    """Race and ethnicity in two columns become one list of codes, by their labels."""
    single = {word: _named(part, word) for word in ("race", "ethnicity")}
    race, ethnicity = single["race"], single["ethnicity"]
    if race is None or ethnicity is None or not {race, ethnicity} & {feed.columns.get("race_ethnicity", "")}:
        return
    del feed.columns["race_ethnicity"]
    feed.codes.pop("race_ethnicity", None)
    joined = []
    for source in (race, ethnicity):
        choices = part.profiles[source].field.choices
        if not choices:
            joined.append(source)
            continue
        cases = [
            {"where": [{"column": source, "equals": code}], "value": slug(label) or code}
            for code, label in choices.items()
        ]
        feed.derive[f"_{source}"] = {"cases": cases}
        joined.append(f"_{source}")
    how = {"join": joined, "with": ";", "skip_empty": True}
    feed.make("race_ethnicity", how, say("race and ethnicity stand apart in the file"), Confidence.LIKELY)


def _named(part: Part, word: str) -> str | None:
    return next((name for name in part.profiles if plain_words(name) == (word,)), None)
