"""Instruments as forms beside their responses; and the whole as a REDCap project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from casearc.files.described import Described
from casearc.files.exporting.instruments import table_name
from casearc.files.exporting.parcel import Parcel
from casearc.files.form import Form, Question
from casearc.files.questionnaires import form_of
from casearc.files.redcap.write import write_project
from casearc.files.sheet import Field, Holds
from casearc.instruments import Instrument


def answered_form(instrument: Instrument, responses: Described) -> Form:
    """An instrument's form as its responses were coded.

    Parameters
    ----------
    instrument
        The instrument, in the variant.
    responses
        Its wide table, from `casearc.files.exporting.instruments.wide_responses`.

    Returns
    -------
    Form
        An item whose responses were coded otherwise than the instrument says asks for a number, without bounds; items
        that the instrument does not know follow.

    Examples
    --------
    >>> answered_form(load("mspss"), table).question("mspss_1").choices["7"]  # doctest: +SKIP
    '7'
    """
    form = form_of(instrument)
    questions = tuple(_as_answered(each, responses.fields[each.name]) for each in form.questions)
    known = {each.name for each in questions}
    beyond = (field for name, field in responses.fields.items() if field.missing and name not in known)
    return replace(form, questions=(*questions, *(_beyond(field) for field in beyond)))


def answered_forms(parcel: Parcel) -> Mapping[str, Form]:
    """The form of each instrument and variant, by its reference."""
    return {
        each.reference: answered_form(each, parcel.table(f"responses_{table_name(each)}"))
        for each in parcel.instruments
    }


def _as_answered(question: Question, field: Field) -> Question:
    if field.choices:
        return replace(question, low=None, high=None)
    return replace(question, holds=field.holds or Holds.NUMBER, choices={}, choice_texts={}, low=None, high=None)


def _beyond(field: Field) -> Question:
    return Question(name=field.name, text={"": field.label}, holds=field.holds or Holds.NUMBER)


def write_redcap(parcel: Parcel, folder: Path) -> tuple[str, ...]:
    """Write the contract's tables as a REDCap project.

    Parameters
    ----------
    parcel
        The tables and instruments.
    folder
        Where to; it is there.

    Returns
    -------
    tuple of str
        What to set in REDCap, and what was renamed.

    Raises
    ------
    UsageError
        Rows belong to no enrollment.

    Examples
    --------
    >>> write_redcap(parcel, Path("redcap"))  # doctest: +SKIP
    """
    title = parcel.plan.title if parcel.plan is not None else ""
    return write_project(parcel.described, folder, forms=answered_forms(parcel), title=title)
