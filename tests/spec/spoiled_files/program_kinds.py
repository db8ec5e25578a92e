"""Exports of Qualtrics, REDCap and KoboToolbox, and what describes them, spoiled."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import made_workbooks as made
import openpyxl

from spoiled_files.agency import MARK, Rows, as_csv, contacts, survey
from spoiled_files.kinds import Change, Kind, above, cell, more, renamed_in

QUALTRICS = {"Survey ID": "ResponseId", "Client ID": "ExternalReference", "Taken": "RecordedDate"}
IDS = {"ResponseId": "_recordId", "ExternalReference": "externalDataReference", "RecordedDate": "recordedDate"}


def as_qualtrics(mapping: str) -> str:
    for table in ("administrations", "responses"):
        mapping = renamed_in(mapping, QUALTRICS, table=table)
    return mapping


def qualtrics(*changes: Change, sign: str = ",", encoding: str = "utf-8") -> Callable[[], bytes]:
    """The survey with Qualtrics' three header rows: names, what was asked, ids."""

    def write() -> bytes:
        rows = survey()
        rows[0] = [QUALTRICS.get(name, name) for name in rows[0]]
        asked = [f"Asked under {name}" for name in rows[0]]
        ids = [json.dumps({"ImportId": IDS.get(name, f"QID{at}")}) for at, name in enumerate(rows[0])]
        rows[1:1] = [asked, ids]
        for change in changes:
            change(rows)
        return as_csv(rows, sign=sign).decode().encode(encoding)

    return write


REDCAP = {
    "Contact ID": "contact_no", "Client ID": "record_id", "When": "contact_date", "Type": "contact_with",
    "Outcome": "contact_made", "Minutes": "contact_min", "Notes": "contact_note",
}  # fmt: skip
CODES = {"Client": "1", "Parent": "2", "Joint": "3"}
LABELS = {
    "record_id": "Record ID", "redcap_repeat_instrument": "Repeat Instrument",
    "redcap_repeat_instance": "Repeat Instance", "contact_no": "Number of the contact",
    "contact_date": "Date of contact", "contact_with": "Whom with", "contact_made": "Was it made",
    "contact_min": "Minutes", "contact_note": "Notes", "contact_log_complete": "Complete?",
}  # fmt: skip
FIELDS = ("Variable / Field Name", "Form Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels",
          "Text Validation Type OR Show Slider Number")  # fmt: skip


def as_redcap(mapping: str) -> str:
    named = renamed_in(mapping, REDCAP, table="contacts")
    for old, new in CODES.items():
        named = named.replace(f"{old} = ", f"{new} = ")
    return named


def redcap(*changes: Change, labels: bool = False) -> Callable[[], bytes]:
    """The contacts as a form that repeats within each client's record."""

    def write() -> bytes:
        rows: Rows = [list(LABELS)]
        seen: dict[str, int] = {}
        for number, who, when, kind, outcome, minutes, _, note in contacts()[1:]:
            seen[who] = seen.get(who, 0) + 1
            form, coded, made_it, complete = "contact_log", CODES[kind], outcome, "2"
            if labels:
                form, coded, made_it, complete = "Contact log", kind, "Yes" if outcome == "1" else "No", "Complete"
            rows.append([who, form, str(seen[who]), number, when, coded, made_it, minutes, note, complete])
        if labels:
            rows[0] = list(LABELS.values())
        for change in changes:
            change(rows)
        return as_csv(rows)

    return write


def dictionary(*changes: Change, prefix: str = "") -> Callable[[], bytes]:
    """The project's data dictionary."""

    def write() -> bytes:
        choices = {"contact_with": "1, Client | 2, Parent | 3, Joint", "contact_made": "1, Yes | 0, No"}
        checks = {"contact_date": "date_ymd", "contact_min": "integer"}
        rows: Rows = [list(FIELDS)]
        for name, label in LABELS.items():
            if name.startswith(("redcap_", "contact_log")):
                continue
            form, kind = "contact_log", "radio" if name in choices else "text"
            rows.append([prefix + name, form, kind, label, choices.get(name, ""), checks.get(name, "")])
        for change in changes:
            change(rows)
        return as_csv(rows)

    return write


DESCRIBED = 'format = "redcap"\ndictionary = "fields.csv"'


def titles() -> bytes:
    """What the project's forms are called."""
    return as_csv([["instrument_name", "instrument_label"], ["contact_log", "Contact log"]])


KOBO = {
    "Contact ID": "number", "Client ID": "client", "When": "day", "Type": "kind", "Outcome": "made",
    "Minutes": "minutes",
}  # fmt: skip
QUESTIONS = [
    ("text", "number", "Number of the contact"), ("text", "client", "Client"), ("date", "day", "Day"),
    ("select_one kinds", "kind", "Whom with"), ("select_one made", "made", "Was it made"),
    ("integer", "minutes", "Minutes"), ("text", "note", "Note"),
]  # fmt: skip
CHOICES = [
    ("kinds", "Client", "The young person"), ("kinds", "Parent", "A parent"), ("kinds", "Joint", "Both"),
    ("made", "1", "Yes"), ("made", "0", "No"),
]  # fmt: skip
ALIKE = [(name, code, "The same" if name == "kinds" else label) for name, code, label in CHOICES]
KOBO_ENTRY = 'format = "xlsform"\nsurvey = "form.xlsx#survey"\nchoices = "form.xlsx#choices"'


def as_kobo(mapping: str) -> str:
    return renamed_in(mapping, KOBO, table="contacts")


def kobo(*changes: Change, labels: bool = False) -> Callable[[], bytes]:
    """The contacts as KoboToolbox exports them."""
    words = {code: label for _, code, label in CHOICES}

    def write() -> bytes:
        names = [question[2 if labels else 1] for question in QUESTIONS]
        rows: Rows = [[*names, "_id", "_uuid", "_submission_time", "_index"]]
        for at, (number, who, when, kind, outcome, minutes, _, note) in enumerate(contacts()[1:], start=1):
            told = [words[kind], words[outcome]] if labels else [kind, outcome]
            rows.append([number, who, when, *told, minutes, note, str(at), f"u{at}", f"{when}T10:00:00", str(at)])
        for change in changes:
            change(rows)
        return as_csv(rows)

    return write


Lines = Sequence[tuple[str, str, str]]


def form(*, choices: Lines = CHOICES, title: str = "survey", questions: Lines = QUESTIONS) -> Callable[[], bytes]:
    """The XLSForm."""

    def write() -> bytes:
        workbook = openpyxl.Workbook()
        page: Any = workbook.active
        page.title = title
        for line in [("type", "name", "label"), *questions]:
            page.append(line)
        page = workbook.create_sheet("choices")
        for line in [("list_name", "name", "label"), *choices]:
            page.append(line)
        return made.saved(workbook)

    return write


FIELD, CODED = "column Variable / Field Name", "column Choices, Calculations, OR Slider Labels"
NOT_QUALTRICS = "not those of a Qualtrics export"
Q: dict[str, Any] = {"table": "survey", "mapping": as_qualtrics, "entry": 'format = "qualtrics"'}
R: dict[str, Any] = {"mapping": as_redcap, "entry": DESCRIBED}
K: dict[str, Any] = {"mapping": as_kobo, "entry": KOBO_ENTRY}
SOUND = {"fields.csv": dictionary()}

PROGRAM_KINDS: dict[str, Kind] = {
    # Qualtrics
    "Qualtrics, its second row edited": Kind(**Q, made=qualtrics(cell(2, "Q1", MARK), cell(2, "Q2", ""))),
    "Qualtrics, its second row removed": Kind(**Q, made=qualtrics(lambda rows: rows.pop(1))),
    "Qualtrics, its third row edited": Kind(
        **Q, made=qualtrics(cell(3, "Q1", MARK)), said=[NOT_QUALTRICS, "do not edit the first three rows"]),
    "Qualtrics, its second and third row removed": Kind(
        **Q, made=qualtrics(lambda rows: rows.pop(1), lambda rows: rows.pop(1)), said=[NOT_QUALTRICS]),
    "Qualtrics, a title above": Kind(
        **Q, made=qualtrics(above(["Export"])), said=["a title seems to stand above", "header_row = 2"], at=["row 1"]),
    "Qualtrics, not declared": Kind(
        **(Q | {"entry": ""}), made=qualtrics(), said=["Text stands where a date belongs"],
        at=["rows 2 to 3, column RecordedDate (date)", "rows 2 to 3, column Q1 (mspss_1)"]),
    "Qualtrics, an answer in words": Kind(
        **Q, made=qualtrics(cell(5, "Q3", "Agree strongly")), said=["Text stands where a number belongs"],
        at=["row 5, column Q3 (mspss_3)"]),
    "Qualtrics, a question seen and not answered": Kind(
        **Q, made=qualtrics(cell(5, "Q3", "-99")), said=["not within the range"], at=["row 5, column Q3 (mspss_3)"]),
    "Qualtrics, tabs in UTF-16": Kind(**Q, made=qualtrics(sign="\t", encoding="utf-16"), said=["UTF-16"]),
    "Qualtrics, tabs in UTF-16, declared": Kind(
        **(Q | {"entry": 'format = "qualtrics"\nencoding = "utf-16"\ndelimiter = "\\t"'}),
        made=qualtrics(sign="\t", encoding="utf-16")),
    "Qualtrics, two exports put together": Kind(
        **Q, made=qualtrics(lambda rows: rows.extend(list(row) for row in rows[:3])),
        said=["repeats the column names"], at=["row 20"]),
    # REDCap
    "REDCap, labels for codes": Kind(
        mapping=as_redcap, entry=f'{DESCRIBED}\ninstruments = "forms.csv"', made=redcap(labels=True),
        beside=SOUND | {"forms.csv": titles}, noted=["they were told back"]),
    "REDCap, labels for codes and no dictionary": Kind(
        mapping=as_redcap, entry='format = "redcap"', made=redcap(labels=True),
        said=["labels in place of names and codes", "raw data"]),
    "REDCap, the dictionary of another project": Kind(
        **R, made=redcap(), beside={"fields.csv": dictionary(prefix="other_")},
        said=["fields.csv does not belong to this file", "of its 10 columns it knows 1"]),
    "REDCap, no dictionary there": Kind(**R, made=redcap(), where="fields.csv", said=["no such file"]),
    "REDCap, a field twice in the dictionary": Kind(
        **R, made=redcap(), beside={"fields.csv": dictionary(lambda rows: rows.append(list(rows[3])))},
        where="fields.csv", said=["there already, in row 4"], at=[f"row 9, {FIELD}"]),
    "REDCap, a choice without a code": Kind(
        **R, made=redcap(), beside={"fields.csv": dictionary(cell(5, FIELDS[4], "1, Client | Parent | 3, Joint"))},
        where="fields.csv", said=["Choice number 2 has no comma"], at=[f"row 5, {CODED}"]),
    "REDCap, the dictionary cut off": Kind(
        **R, made=redcap(), beside={"fields.csv": lambda: dictionary()()[:-20]}, where="fields.csv",
        said=["fewer cells than the header"], at=["row 8"]),
    "REDCap, data and dictionary exchanged": Kind(
        **R, made=dictionary(), beside={"fields.csv": redcap()}, where="fields.csv",
        said=["The dictionary's column Variable / Field Name is missing"], at=["row 1"]),
    "REDCap, a row twice": Kind(
        **R, beside=SOUND, said=["the same record, event and repetition"], at=["row 26, column record_id"],
        made=redcap(more(["0101", "contact_log", "1", "K099", "2024-01-20", "1", "1", "5", MARK, "2"]))),
    "REDCap, a repetition without a number": Kind(
        **R, made=redcap(cell(3, "redcap_repeat_instance", "new")), beside=SOUND, said=["no whole number"],
        at=["row 3, column redcap_repeat_instance"]),
    "REDCap, a code the dictionary does not have": Kind(
        **R, made=redcap(cell(3, "contact_with", "7")), beside=SOUND, said=["a code that the mapping does not cover"],
        at=["row 3, column contact_with (contact_type)"]),
    # XLSForm
    "Kobo, labels for names and codes": Kind(
        **K, made=kobo(labels=True), beside={"form.xlsx": form()}, noted=["both were put back by the form"]),
    "Kobo, labels and no form": Kind(
        mapping=as_kobo, entry='format = "xlsform"', made=kobo(labels=True), said=["speaks of a column client"]),
    "Kobo, two choices of one label": Kind(
        **K, made=kobo(labels=True), beside={"form.xlsx": form(choices=ALIKE)},
        said=["Two choices of the question have the same label", "XML values"], at=["column kind"]),
    "Kobo, a label that is none": Kind(
        **K, made=kobo(cell(4, "Whom with", "Somebody"), labels=True), beside={"form.xlsx": form()},
        said=["holds none of the question's"], at=["row 4, column kind"]),
    "Kobo, the form's worksheet renamed": Kind(
        **K, made=kobo(), beside={"form.xlsx": form(title="questions")}, where="form.xlsx",
        said=["no sheet survey", "questions, choices"]),
    "Kobo, the form of another survey": Kind(
        **K, made=kobo(), beside={"form.xlsx": form(questions=[("text", "a", "A"), ("date", "b", "B")])},
        said=["does not belong to this file", "knows none of its columns"]),
    "Kobo, a damaged form": Kind(
        **K, made=kobo(), beside={"form.xlsx": lambda: form()()[:-100]}, where="form.xlsx", said=["damaged"]),
}  # fmt: skip
