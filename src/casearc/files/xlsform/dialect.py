"""Exports of KoboToolbox and ODK, and the form definitions that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from casearc.files.codes_and_texts import called
from casearc.files.dialects import Dialect
from casearc.files.form import Form
from casearc.files.htcds.fields import tells_who
from casearc.files.sheet import Field, Holds, Sheet
from casearc.files.xlsform.match import back_from_labels, by_label, by_name, share_known, share_worded
from casearc.files.xlsform.read import Definition, define, read_form
from casearc.files.xlsform.system import CENTRAL_MARKS, KOBO_MARKS, LINKS, point_field, system_field
from casearc.files.xlsform.types import ENDS, GROUPS, KNOWN, split
from casearc.language import say, to_say
from casearc.tables import FaultLog

_SETTINGS = frozenset(
    {
        "form_title", "form_id", "id_string", "title", "version", "default_language", "style", "instance_name",
        "submission_url", "public_key", "auto_send", "auto_delete", "allow_choice_duplicates", "sms_keyword",
        "namespaces", "client_editable", "name", "prefix", "delimiter", "compact_prefix", "compact_delimiter",
    }
)  # fmt: skip
_MOST = 0.8
_TICKS = frozenset({"0", "1", "true", "false"})


def _names(sheet: Sheet) -> set[str]:
    return {each.partition(":")[0].strip().lower() for each in sheet.frame.columns}


def is_survey(sheet: Sheet) -> bool:
    """Whether it is the worksheet that lists a form's questions."""
    types = next((each for each in sheet.frame.columns if each.strip().lower() == "type"), None)
    if types is None or "name" not in _names(sheet):
        return False
    kinds = [split(each)[0] for each in sheet.frame[types].drop_nulls().unique().to_list()]
    known = sum(each in KNOWN or each in GROUPS or each in ENDS for each in kinds)
    return bool(kinds) and known >= _MOST * len(kinds)


def is_choices(sheet: Sheet) -> bool:
    """Whether it is the worksheet that lists the choices of a form."""
    names = _names(sheet)
    return bool(names & {"list_name", "list name"}) and bool(names & {"name", "value"})


def is_settings(sheet: Sheet) -> bool:
    """Whether it is the worksheet with the title and the version of a form."""
    return sheet.frame.height <= 1 and sheet.frame.width > 0 and _names(sheet) <= _SETTINGS


def is_export(sheet: Sheet) -> bool:
    """Whether a sheet has the columns that KoboToolbox or ODK Central adds."""
    columns = set(sheet.frame.columns)
    return len(columns & KOBO_MARKS) > 1 or ("KEY" in columns and bool(columns & CENTRAL_MARKS))


def describes(sheet: Sheet, companions: Mapping[str, Sheet]) -> float:
    """Which part of a sheet's columns the form knows, by name or by label."""
    if "survey" not in companions:
        return 0.0
    definition = _define(companions)
    by_names = share_known(sheet.frame.columns, by_name(definition))
    return max(by_names, share_worded(sheet.frame.columns, by_label(definition)))


def adopt(sheet: Sheet, companions: Mapping[str, Sheet], log: FaultLog) -> Sheet | None:
    """An export with what the form, or the names of its columns, say of it.

    Parameters
    ----------
    sheet
        A sheet of an export. It may have names of questions, with or without groups before them, or their labels.
    companions
        The worksheets survey, choices and settings of the form, as far as they are there.
    log
        Takes the fault where labels cannot be put back to names, or the form is another's.

    Returns
    -------
    Sheet or None
        Its columns keep their names; only an export with labels gets the form's names and codes, with a note.
    """
    if "survey" not in companions:
        fields = {column: _alone(sheet, column) for column in sheet.frame.columns}
        return _described(sheet, {column: each for column, each in fields.items() if each is not None}, _worded(sheet))
    definition = _define(companions)
    known = by_name(definition)
    columns = sheet.frame.columns
    in_labels, in_names = share_worded(columns, by_label(definition)), share_known(columns, known)
    if max(in_labels, in_names) == 0.0 and any(system_field(column) is None for column in columns):
        log.add(
            say(
                "The form {form} does not belong to this file: it knows none of its columns.",
                form=companions["survey"].in_words,
            ),
            say("Name the form that the data were collected with, as it was then."),
            file=sheet.in_words,
        )
        return None
    if in_labels > in_names:
        renamed = back_from_labels(sheet, definition, log)
        if renamed is None:
            return None
        sheet = renamed
    fields = {column: known.get(column) or _alone(sheet, column) for column in sheet.frame.columns}
    unknown = [called(column, at) for at, (column, each) in enumerate(fields.items(), start=1) if each is None]
    notes = (say("The form does not know: {unknown}.", unknown=", ".join(unknown)),) if unknown else ()
    return _described(sheet, {column: each for column, each in fields.items() if each is not None}, notes)


def _define(companions: Mapping[str, Sheet]) -> Definition:
    return define(companions["survey"], companions.get("choices"), companions.get("settings"))


def _alone(sheet: Sheet, column: str) -> Field | None:
    """What a column says by itself: the server's, a place, a person's, or one choice of a question."""
    known = system_field(column) or point_field(column)
    if known is not None:
        return known
    if tells_who(column):
        return Field(name=column, identifier=True)
    question, sign, choice = column.rpartition("/")
    if sign and question in sheet.frame.columns and set(sheet.frame[column].drop_nulls().unique()) <= _TICKS:
        return Field(name=column, holds=Holds.YES_NO, question=question, choice=choice)
    return None


def _worded(sheet: Sheet) -> tuple[str, ...]:
    """A note where names look like sentences: without the form they cannot be put back."""
    own = [column for column in sheet.frame.columns if system_field(column) is None]
    if sum(" " in column for column in own) * 2 <= len(own):
        return ()
    return (
        say(
            "The columns seem to have the questions' words for names. They change with every change "
            'of wording: export with "XML values and headers", or put the form\'s XLSForm beside the '
            "file."
        ),
    )


def _described(sheet: Sheet, fields: Mapping[str, Field], notes: tuple[str, ...]) -> Sheet:
    links = [
        say("Its rows repeat within rows of another sheet: {column} here is {other} there.", column=column, other=other)
        for column, other in LINKS.items()
        if column in sheet.frame.columns
    ]
    return replace(sheet, format=DIALECT.id, fields={**sheet.fields, **fields}, notes=(*sheet.notes, *links, *notes))


def _form(sheet: Sheet) -> Form | None:
    return read_form(sheet) if is_survey(sheet) else None


DIALECT = Dialect(
    id="xlsform",
    title=to_say("KoboToolbox and ODK"),
    is_data=is_export,
    companions={"survey": is_survey, "choices": is_choices, "settings": is_settings},
    describes=describes,
    adopt=adopt,
    form=_form,
)
