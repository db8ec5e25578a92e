"""Answers in words: which number of a scale a word stands for, by the scales of answer_scales.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from casearc.files.codes_and_texts import plain_words

_BEFORE = re.compile(r"^\(?(-?\d{1,3})(?:\)|\s*[-–—:.=])\s*(?=\D)(.*\w.*)$")
_BEHIND = re.compile(r"^(\D*\w\D*)\((-?\d{1,3})\)$")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Scale:
    """The ways of saying each step in one language, the lowest first; a step that has none is empty."""

    language: str
    steps: tuple[tuple[str, ...], ...]

    @property
    def places(self) -> Mapping[tuple[str, ...], int]:
        """The words of each way -> the step."""
        return _places(self)


@cache
def _places(scale: Scale) -> Mapping[tuple[str, ...], int]:
    return {plain_words(way): step for step, ways in enumerate(scale.steps) for way in ways}


@cache
def scales() -> tuple[Scale, ...]:
    """Every scale that is known, in each language."""
    text = files("casearc.files.proposal").joinpath("answer_scales.toml").read_text(encoding="utf-8")
    return tuple(
        Scale(language, tuple(tuple(step) for step in steps))
        for each in tomllib.loads(text)["scale"]
        for language, steps in each.items()
    )


@cache
def _forms() -> tuple[tuple[Scale, ...], ...]:
    """What one form may have: a scale in one language, or one in each of two with as many points."""
    pairs = [
        (one, other)
        for one in scales()
        for other in scales()
        if one.language < other.language and len(one.steps) == len(other.steps)
    ]
    return (*((each,) for each in scales()), *pairs)


def _place(form: Sequence[Scale], words: Sequence[str]) -> dict[str, int] | None:
    """The step of each cell; None where one of them is on none of the scales or on several steps, or where two ways of
    saying a step occur in one language."""
    found: dict[str, int] = {}
    for word in words:
        steps = {step for scale in form if (step := scale.places.get(plain_words(word))) is not None}
        if len(steps) != 1:
            return None
        found[word] = steps.pop()
    spoken = {(plain_words(word), step) for word, step in found.items()}
    for scale in form:
        mine = [step for words_of, step in spoken if words_of in scale.places]
        if len(mine) > len({*mine}):
            return None
    return found


def is_number(cell: str) -> bool:
    """Whether a cell is a number alone.

    Examples
    --------
    >>> is_number("-9"), is_number("7 - agree")
    (True, False)
    """
    return _NUMBER.match(cell) is not None


def number_beside(cell: str) -> str:
    """The number that stands before or behind the words of an answer; empty where none does.

    Examples
    --------
    >>> number_beside("7 - Very strongly agree"), number_beside("Agree (4)"), number_beside("2 times a week")
    ('7', '4', '')
    """
    found = _BEFORE.match(cell)
    if found is not None:
        return found[1]
    found = _BEHIND.match(cell)
    return "" if found is None else found[2]


def numbers_beside(words: Sequence[str]) -> dict[str, str]:
    """The numbers that stand beside the words of all answers; {} where one has none, or two answers have one number.

    Examples
    --------
    >>> numbers_beside(["1 - low", "5 - high"]), numbers_beside(["1 - low", "high"]), numbers_beside(["1 - a", "1 - b"])
    ({'1 - low': '1', '5 - high': '5'}, {}, {})
    """
    found = {word: number_beside(word) for word in words}
    spoken = {(number, plain_words(word)) for word, number in found.items()}
    clear = all(found.values()) and len(spoken) == len({number for number, _ in spoken})
    return found if clear else {}


def placed(words: Sequence[str], *, points: int) -> list[dict[str, int]]:
    """The ways in which words stand on a scale of so many points, the lowest being 0; several where scales differ.

    Examples
    --------
    >>> placed(["Agree", "Strongly agree"], points=5)
    [{'Agree': 3, 'Strongly agree': 4}]
    >>> placed(["Strongly agree", "Strongly disagree"], points=7)
    [{'Strongly agree': 5, 'Strongly disagree': 1}, {'Strongly agree': 6, 'Strongly disagree': 0}]
    """
    fitting = (_place(form, words) for form in _forms() if len(form[0].steps) == points)
    found: list[dict[str, int]] = []
    for each in fitting:
        if each is not None and each not in found:
            found.append(each)
    return found


def are_of_a_scale(words: Iterable[str]) -> bool:
    """Whether all words are steps of one scale.

    Examples
    --------
    >>> are_of_a_scale(["Agree", "strongly agree"]), are_of_a_scale(["Girl", "Boy"])
    (True, False)
    """
    told = list(words)
    return bool(told) and any(_place(form, told) is not None for form in _forms())


def points_of(words: Iterable[str]) -> frozenset[int]:
    """How many points the scales have of which all words are steps.

    Examples
    --------
    >>> sorted(points_of(["strongly agree", "very strongly agree"]))
    [7]
    """
    told = list(words)
    return frozenset(len(form[0].steps) for form in _forms() if _place(form, told) is not None)


def could_be_fewer(words: Sequence[str], *, points: int) -> bool:
    """Whether the words could be those of a scale with another number of points, and are not all of this one's.

    Examples
    --------
    >>> five = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
    >>> could_be_fewer(five, points=5), could_be_fewer(five, points=7)
    (False, True)
    >>> could_be_fewer(["Very strongly agree"], points=7)
    False
    """
    return not all_said(words, points=points) and bool(points_of(words) - {points})


def all_said(words: Sequence[str], *, points: int) -> bool:
    """Whether every step occurs of a scale with so many points.

    Examples
    --------
    >>> all_said(["Disagree", "Agree"], points=4)
    False
    """
    ways = placed(words, points=points)
    return any(len({*way.values()}) == points for way in ways)


def orders_of(way: Mapping[str, int], *, points: int) -> list[str]:
    """The scales with these words in these places, written out: the words of the file, else a scale's own.

    Examples
    --------
    >>> orders_of({"Agree": 2, "Strongly agree": 3}, points=4)
    ['strongly disagree < disagree < Agree < Strongly agree']
    """
    fitting = (each for each in scales() if len(each.steps) == points and _place((each,), list(way)) == way)
    spoken = {step: word for word, step in way.items()}
    if len(spoken) < len(way):
        return []
    return [
        " < ".join(spoken.get(step, ways[0] if ways else "") for step, ways in enumerate(scale.steps))
        for scale in fitting
    ]
