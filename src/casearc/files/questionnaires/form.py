"""An instrument as a form: a question an item, a choice a response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from casearc.files.form import Form, Question
from casearc.files.sheet import Holds
from casearc.instruments import Instrument, Item
from casearc.language import say

MOST_CHOICES = 21
"""With more responses than this an item asks for a number."""


class WordingPack(Protocol):
    """What is needed of official wording; `casearc.files.questionnaires.Wording` has it."""

    @property
    def permitted(self) -> bool:
        """Whether it names the permission it rests on."""

    @property
    def title(self) -> str:
        """The instrument's title in this language."""

    @property
    def instructions(self) -> str:
        """What stands above the items."""

    @property
    def items(self) -> Mapping[str, str]:
        """Item -> text."""

    @property
    def responses(self) -> Mapping[str, str]:
        """Number of a response -> label, for those that carry one."""


def form_of(instrument: Instrument, *, wording: Mapping[str, WordingPack] | None = None) -> Form:
    """The form of an instrument or variant.

    Parameters
    ----------
    instrument
        What `casearc.instruments.load` gives.
    wording
        Language -> official wording, the first language first. One without a permission is left out, and a note says
        so; without any the questions are the gists, which are for staff and must not be given to anybody as the
        instrument.

    Returns
    -------
    Form
        Questions named as the items' columns (``mspss_1``), in order, those that are not scored included.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> form_of(load("mspss")).question("mspss_1").choices["7"]
    '7'
    """
    given = wording or {}
    used = {language: pack for language, pack in given.items() if pack.permitted and _whole(pack, instrument)}
    notes = []
    for language in given:
        if not given[language].permitted:
            notes.append(say("The wording in {language} names no permission and was left out.", language=language))
        elif language not in used:
            notes.append(say("The wording in {language} leaves items out and was left out.", language=language))
    if not used:
        notes.append(
            say(
                "The questions are short gists for staff, not the instrument's wording: add the official wording and "
                "the permission it rests on before the form is given to anybody."
            )
        )
    first = next(iter(used.values()), None)
    return Form(
        id=instrument.reference.replace(":", "-"),
        title=first.title if first and first.title else instrument.title,
        version=instrument.version,
        languages=tuple(used),
        instructions={language: pack.instructions for language, pack in used.items() if pack.instructions},
        questions=tuple(_question(instrument, item, used) for item in instrument.items),
        notes=tuple(notes),
    )


def _whole(pack: WordingPack, instrument: Instrument) -> bool:
    return all(pack.items.get(item.id) for item in instrument.items)


def _question(instrument: Instrument, item: Item, used: Mapping[str, WordingPack]) -> Question:
    listed = instrument.points <= MOST_CHOICES
    labels = {language: _labels(instrument, pack) for language, pack in used.items()} or {"": _labels(instrument, None)}
    first = next(iter(labels))
    return Question(
        name=instrument.column(item.id),
        text={language: pack.items[item.id] for language, pack in used.items()} or {"": item.gist},
        holds=Holds.CHOICE if listed else Holds.INTEGER,
        choices=labels[first] if listed else {},
        choice_texts={language: texts for language, texts in labels.items() if language != first} if listed else {},
        low=instrument.low,
        high=instrument.high,
    )


def _labels(instrument: Instrument, pack: WordingPack | None) -> dict[str, str]:
    """A label for each response: its own where it carries one, else its number."""
    own = {} if pack is None else pack.responses
    codes = (str(number) for number in range(instrument.low, instrument.high + 1))
    return {code: own.get(code) or code for code in codes}
