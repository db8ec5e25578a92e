"""Each instrument as a FHIR Questionnaire, and its responses with it in a Bundle."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from casearc.files.exporting.forms import answered_form
from casearc.files.exporting.instruments import table_name
from casearc.files.exporting.parcel import Parcel
from casearc.files.fhir import write_questionnaire, write_responses
from casearc.instruments import Instrument
from casearc.language import say


def write_fhir(parcel: Parcel, folder: Path) -> tuple[str, ...]:
    """Write ``questionnaire_<instrument>.json`` and ``responses_<instrument>.json`` for each instrument and variant.

    Parameters
    ----------
    parcel
        The tables and instruments.
    folder
        Where to; it is there.

    Returns
    -------
    tuple of str
        What FHIR could not carry.

    Raises
    ------
    DataRefusedError
        A response is no answer to its question.
    MissingExtraError
        The library with FHIR's models is not installed.

    Examples
    --------
    >>> write_fhir(parcel, Path("fhir"))  # doctest: +SKIP
    """
    return tuple(note for each in parcel.instruments for note in _write(parcel, each, folder))


def _write(parcel: Parcel, instrument: Instrument, folder: Path) -> tuple[str, ...]:
    name = table_name(instrument)
    responses = parcel.table(f"responses_{name}")
    form = answered_form(instrument, responses)
    whose = parcel.tables.enrollments.select("enrollment_id", "participant_id")
    frame = responses.frame.join(whose, on="enrollment_id", how="left", maintain_order="left")
    items = [question.name for question in form.questions]
    about = ["administration_id", "participant_id", "enrollment_id", "day", "language"]
    notes = write_questionnaire(form, folder / f"questionnaire_{name}.json")
    answered = frame.select(*about, pl.col(items))
    notes += write_responses(form, answered, folder / f"responses_{name}.json")
    left = [column for column in ("mode", "version", "coding") if column in frame.columns]
    told = (
        *form.notes,
        *notes,
        say("Not in the responses, but in the other formats: {columns}.", columns=", ".join(left)),
    )
    return tuple(f"{instrument.reference}: {note}" for note in dict.fromkeys(told))
