"""Read questionnaires and responses in FHIR's JSON: one resource, a Bundle of them, or one a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from casearc.files.fhir.dialect import DIALECT
from casearc.files.fhir.parse import documents_in
from casearc.files.fhir.questionnaires import definition_sheets
from casearc.files.fhir.resources import Found, Resource, resources_in, version_of
from casearc.files.fhir.responses import response_sheets
from casearc.files.fhir.validity import invalid, is_older, modified
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet
from casearc.language import say
from casearc.tables import FaultLog


def read(path: Path, *, name: str, log: FaultLog, reading: Reading) -> tuple[Sheet, ...]:
    """Read a file of FHIR resources as sheets.

    Responses become one wide sheet a questionnaire, with a row a response and a column a question; questionnaires
    become sheets that define questions, called ``<file>#<id> (form)``. Other resources are counted and left out, so
    nothing of a Patient comes in but the id that responses give. Nothing outside the file is fetched.

    Parameters
    ----------
    path
        A file in JSON, or with one resource a line.
    name
        What messages and the mapping call it.
    log
        Takes every fault; rows are numbers of resources, columns are linkIds.
    reading
        Its `format` may be ``fhir-r4`` or ``fhir-r5``, where the file does not say which it is.

    Returns
    -------
    tuple of Sheet
        () after logging why there are none.

    Raises
    ------
    MissingExtraError
        The library with FHIR's models is not installed.

    Examples
    --------
    >>> from casearc.files.fhir.read import read
    >>> read(Path("responses.json"), name="responses.json", log=FaultLog(), reading=Reading())  # doctest: +SKIP
    """
    before = log.total
    documents = documents_in(path.read_bytes(), name=name, log=log)
    if documents is None:
        return ()
    found = resources_in(documents, name=name, log=log)
    version, note = version_of(found, asked=reading.format)
    for each in (*found.questionnaires, *found.responses):
        _check(each, version=version, name=name, log=log)
    if log.total > before or not _anything(found, name, log):
        return ()
    forms = definition_sheets(_distinct(found), name=name, log=log)
    data = response_sheets(found.responses, name=name, log=log, ids=_ids(found))
    if log.total > before:
        return ()
    notes = (*([note] if note else []), *found.notes, *_others(found))
    sheets = [*(_with_its_form(each, forms, log) for each in data), *forms]
    return tuple(replace(each, notes=(*notes, *each.notes)) for each in sheets)


def _check(resource: Resource, *, version: str, name: str, log: FaultLog) -> None:
    content = resource.content
    if is_older(content):
        log.add(
            say("The resource has the shape of FHIR STU3 or older."),
            say("Export it as R4 or R5."),
            file=name,
            row=resource.number,
        )
        return
    for link, element in modified(content):
        log.add(
            say(
                "The element {element} may turn the meaning into another, and what it says is not known here.",
                element=element,
            ),
            say("Ask who runs the system what it says, and export without it."),
            file=name,
            row=resource.number,
            column=link or None,
        )
    for link, problem in invalid(content, kind=resource.type, version=version):
        remedy = say("Export it again as FHIR R4 or R5, or have the system it came from check it.")
        log.add(problem, remedy, file=name, row=resource.number, column=link or None)


def _anything(found: Found, name: str, log: FaultLog) -> bool:
    if found.questionnaires or found.responses:
        return True
    if found.others == {"OperationOutcome": found.others["OperationOutcome"]} and found.others:
        log.add(
            say("The file holds a server's error message instead of data."), say("Ask for the export again."), file=name
        )
        return False
    log.add(
        _nothing_of_use(found),
        say("Export resources of type Questionnaire or QuestionnaireResponse."),
        file=name,
    )
    return False


def _nothing_of_use(found: Found) -> str:
    told = say("The file has no questionnaires and no responses to any.")
    return told + " " + say("It has {counted}.", counted=_counted(found)) if found.others else told


def _distinct(found: Found) -> list[Resource]:
    """Questionnaires without copies of one another, which every page of a search may repeat."""
    kept: list[Resource] = []
    for each in found.questionnaires:
        if all(each.content != other.content for other in kept):
            kept.append(each)
    return kept


def _ids(found: Found) -> dict[str, str]:
    """Where addresses in the file lead, those of its questionnaires too."""
    urls = {
        str(each.content["url"]): str(each.content.get("id") or "")
        for each in found.questionnaires
        if "url" in each.content
    }
    return {**found.ids, **{url: f"Questionnaire/{id_}" for url, id_ in urls.items() if id_}}


def _with_its_form(sheet: Sheet, forms: Sequence[Sheet], log: FaultLog) -> Sheet:
    """Responses with what the questionnaire says that lies in the same file, if one does."""
    its = [each for each in forms if DIALECT.describes(sheet, {"questionnaire": each}) == 1.0]
    adopted = DIALECT.adopt(sheet, {"questionnaire": its[0]}, log) if len(its) == 1 else None
    return adopted or sheet


def _others(found: Found) -> list[str]:
    return [say("Resources of other types were left out: {counted}.", counted=_counted(found))] if found.others else []


def _counted(found: Found) -> str:
    known = sorted((kind if _is_name(kind) else say("of unknown type"), count) for kind, count in found.others.items())
    return ", ".join(f"{count:,} {kind}" for kind, count in known)


def _is_name(kind: str) -> bool:
    """Whether it looks like a type of FHIR, not like something typed into a wrong place."""
    return kind.isascii() and kind.isalpha() and kind[0].isupper() and len(kind) <= 40
