"""The forms that a file defines: a REDCap data dictionary, an XLSForm or FHIR Questionnaires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from casearc.errors import DataRefusedError
from casearc.files.dialects import Dialect, companion_role
from casearc.files.form import Form
from casearc.files.formats import read_file
from casearc.files.redcap.dictionary import form_from, read_entries
from casearc.files.sheet import Sheet
from casearc.files.xlsform.read import read_form
from casearc.language import say
from casearc.tables import FaultLog


def forms_in(path: Path) -> Mapping[str, Form]:
    """The forms that a file defines, by their ids.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    mapping of str to Form
        A project of REDCap has one for each of its forms; a file of FHIR resources one for each questionnaire.

    Raises
    ------
    DataRefusedError
        The file cannot be read, or defines no form. Lists every fault.
    MissingExtraError
        Its format needs a library that is not installed.

    Examples
    --------
    >>> list(forms_in(Path("dictionary.csv")))  # doctest: +SKIP
    ['intake', 'wellbeing']
    """
    log = FaultLog()
    sheets = read_file(path, name=path.name, log=log)
    roles = [(role, sheet) for sheet in sheets if (role := companion_role(sheet)) is not None]
    found: dict[str, Form] = {}
    for form in _forms(roles, log):
        name, number = form.id or "form", 2
        while name in found:
            name, number = f"{form.id}-{number}", number + 1
        found[name] = form
    if sheets and not found and not log.total:
        log.add(
            say("The file defines no form."),
            say("Give a REDCap data dictionary, an XLSForm or a FHIR Questionnaire."),
            file=path.name,
        )
    log.raise_if_any(DataRefusedError, say("The form was"))
    return found


def _forms(roles: Sequence[tuple[tuple[Dialect, str], Sheet]], log: FaultLog) -> Iterator[Form]:
    for (dialect, role), sheet in roles:
        if dialect.id == "redcap" and role == "dictionary":
            yield from _of_dictionary(sheet, log)
        elif dialect.id == "xlsform" and role == "survey":
            yield _of_xlsform(sheet, roles)
        elif dialect.id not in ("redcap", "xlsform"):
            form = dialect.form(sheet)
            if form is not None:
                yield form


def _of_dictionary(sheet: Sheet, log: FaultLog) -> Iterator[Form]:
    """Each form of the project by itself."""

    entries = read_entries(sheet, log) or ()
    for name in dict.fromkeys(entry.form for entry in entries):
        yield form_from(tuple(entry for entry in entries if entry.form == name), name=sheet.name)


def _of_xlsform(survey: Sheet, roles: Sequence[tuple[tuple[Dialect, str], Sheet]]) -> Form:
    """The questions with the choices and settings that lie in the same workbook."""

    beside = {role: sheet for (dialect, role), sheet in roles if dialect.id == "xlsform"}
    return read_form(survey, beside.get("choices"), beside.get("settings"))
