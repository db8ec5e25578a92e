"""A form as the draft of an instrument: a folder that can be loaded, with every key in it still to be confirmed.

A form knows what was asked and which answers there were. It does not know how answers become scores, which items are
reversed or what the authors allow: the draft guesses none of these and says what somebody has to confirm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from casearc.errors import UsageError
from casearc.files.form import Form, Question
from casearc.files.questionnaires.draft_files import CONFIRM, UNKNOWN_LANGUAGE, Drafted, DraftItem, write_files
from casearc.files.sheet import Holds
from casearc.language import say, say_many, to_say

_ID = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
_NUMBERED = re.compile(r"^(?P<stem>.*?)_?(?P<item>[0-9]+[a-z]?)$")
_MOST_POINTS = 101
_TELLING = to_say("Left out, because they are marked as telling who a person is: {names}.")
_NO_RANGE = to_say("Left out, because they have answers that are no whole numbers of a known range: {names}.")


def draft_instrument(
    form: Form, folder: Path, *, id: str, low: int | None = None, high: int | None = None
) -> tuple[str, ...]:
    """Write a folder that drafts an instrument from a form.

    Parameters
    ----------
    form
        What was asked. Questions become items where their answers are whole numbers of one common range.
    folder
        Where the instrument's files go; it must not hold anything yet. Name it after `id`.
    id
        The instrument's id: small letters, digits and underscores.
    low, high
        The range of answers. Where they are left out, the range that most questions have, and a question with codes
        next to it (0 or 6 beside 1 to 5) has another range. Other codes outside are taken for codes of no answer, and
        named in a note.

    Returns
    -------
    tuple of str
        Which questions were left out and why, and what has to be confirmed. The folder passes
        `casearc.instruments.check`, so that it can be looked at and scored with; each key in it is marked unverified.

    Raises
    ------
    UsageError
        The id is none, the folder holds files, or the form has no question that can be an item.

    Examples
    --------
    >>> draft_instrument(form, Path("instruments/dir"), id="dir", low=1, high=5)  # doctest: +SKIP
    """
    if not _ID.match(id):
        raise UsageError(say("An instrument's id has small letters, digits and single underscores, a letter first."))
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(say("The folder {name} holds files already. Name an empty one.", name=folder.name))
    notes: list[str] = []
    fitting = dict(_fitting(form.questions, notes))
    said = low is not None and high is not None
    low, high = _range(fitting, low, high)
    beside = frozenset() if said else frozenset({low - 1, high + 1})
    kept = _kept(form.questions, fitting, wanted=range(low, high + 1), beside=beside, notes=notes)
    if not kept:
        raise UsageError(
            say("None of the form's questions can be an item: answers must be whole numbers of one range.")
        )
    draft = Drafted(form=form, id=id, items=tuple(kept), low=low, high=high)
    write_files(draft, folder)
    return (*notes, *_to_confirm(draft))


def _fitting(questions: Sequence[Question], notes: list[str]) -> Iterator[tuple[str, dict[int, str]]]:
    """Questions whose answers are whole numbers, with those numbers and their labels."""
    left: dict[str, list[str]] = {}
    for question in questions:
        codes = _codes(question)
        if question.identifier:
            left.setdefault(_TELLING, []).append(question.name)
        elif codes is None:
            left.setdefault(_NO_RANGE, []).append(question.name)
        else:
            yield question.name, codes
    notes += [say(why, names=", ".join(names)) for why, names in left.items()]


def _codes(question: Question) -> dict[int, str] | None:
    """The answers a question has; None where they are no whole numbers, or too many."""
    if question.holds is Holds.INTEGER and not question.choices:
        low, high = question.low, question.high
        if low is None or high is None or low != int(low) or high != int(high) or not 0 < high - low < _MOST_POINTS:
            return None
        return {number: str(number) for number in range(int(low), int(high) + 1)}
    if question.holds not in (Holds.CHOICE, Holds.INTEGER, Holds.YES_NO) or len(question.choices) < 2:
        return None
    if not all(re.fullmatch(r"-?(0|[1-9][0-9]{0,5})", code) for code in question.choices):
        return None
    return {int(code): label for code, label in sorted(question.choices.items(), key=lambda pair: int(pair[0]))}


def _range(fitting: Mapping[str, Mapping[int, str]], low: int | None, high: int | None) -> tuple[int, int]:
    """The range given, or the one that most questions without a gap between their codes have."""
    ends = Counter((min(codes), max(codes)) for codes in fitting.values() if len(codes) == max(codes) - min(codes) + 1)
    found = ends.most_common(1)[0][0] if ends else (0, 0)
    return (found[0] if low is None else low), (found[1] if high is None else high)


def _kept(
    questions: Sequence[Question],
    fitting: Mapping[str, Mapping[int, str]],
    *,
    wanted: range,
    beside: frozenset[int],
    notes: list[str],
) -> list[DraftItem]:
    """Questions that have every answer of `wanted` and no code of `beside`, numbered as items."""
    low, high = wanted.start, wanted.stop - 1
    sound = 1 < len(wanted) <= _MOST_POINTS
    chosen = [each for each in questions if sound and _has_range(each, fitting.get(each.name, {}), wanted, beside)]
    others = [name for name in fitting if name not in {each.name for each in chosen}]
    if others:
        notes.append(
            say(
                "Left out, because their answers are not the numbers from {low} to {high}: {names}.",
                low=low,
                high=high,
                names=", ".join(others),
            )
        )
    outside = sorted({code for each in chosen for code in fitting[each.name]}.difference(wanted))
    if outside:
        notes.append(
            say(
                "Codes outside of {low} to {high} are taken for codes of no answer: {codes}. Name the reason of each "
                "in the mapping.",
                low=low,
                high=high,
                codes=", ".join(map(str, outside)),
            )
        )
    names = _items([each.name for each in chosen])
    return [
        DraftItem(item=names[each.name], question=each, codes={c: fitting[each.name][c] for c in wanted})
        for each in chosen
    ]


def _has_range(question: Question, codes: Mapping[int, str], wanted: range, beside: frozenset[int]) -> bool:
    exact = question.choices or len(codes) == len(wanted)
    return bool(exact) and set(wanted) <= set(codes) and not beside & set(codes)


def _items(names: Sequence[str]) -> dict[str, str]:
    """Item of each question: the number its name ends in, where all have the same stem; else its place."""
    matches = [_NUMBERED.match(name.lower()) for name in names]
    numbered = [(match["stem"], match["item"].lstrip("0")) for match in matches if match]
    sound = len({stem for stem, _ in numbered}) == 1 and len(set(numbered)) == len(names)
    if sound and all(item[:1].isdigit() for _, item in numbered):
        return {name: item for name, (_, item) in zip(names, numbered, strict=True)}
    return {name: str(number) for number, name in enumerate(names, start=1)}


def _to_confirm(draft: Drafted) -> Iterator[str]:
    yield say_many(
        "{count} item with answers from {low} to {high} was drafted, and one score, its mean, marked unverified.",
        "{count} items with answers from {low} to {high} were drafted, and one score, their mean, marked unverified.",
        len(draft.items),
        low=draft.low,
        high=draft.high,
    )
    yield say(CONFIRM)
    yield say("Write a gist of your own for each item into items.csv.")
    files = ", ".join(f"wording.{language}.toml" for language in draft.languages)
    yield say("Fill in the permission in {files}.", files=files)
    if UNKNOWN_LANGUAGE in draft.languages:
        yield say(
            "The form names no language: rename {file} and correct it in instrument.toml.",
            file=f"wording.{UNKNOWN_LANGUAGE}.toml",
        )
    if len({tuple(each.codes.values()) for each in draft.items}) > 1:
        yield say("Items have different labels for the same answers, so [responses] is empty: do they belong together?")
