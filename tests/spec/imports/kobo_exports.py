"""The program as a form in KoboToolbox or ODK: a submission a visit, contacts in a repeat that hangs on it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from programs import INSTRUMENTS, dated, entries, items_of, visits
from xlsxwriter import Workbook

from casearc.instruments import load
from casearc.synthetic.make import Program

TYPES = {
    "client": ("client", "The young person"),
    "caregiver": ("parent", "Parent or caregiver"),
    "team_partner": ("mdt", "Team partner"),
    "outside_provider": ("provider", "Outside provider"),
    "joint": ("joint", "Joint communication"),
    "crisis_response": ("crisis", "Crisis response"),
    "non_crisis_response": ("non_crisis", "Non-crisis response"),
}
_LISTS = {
    "gender": {"girl": "Girl", "boy": "Boy", "nonbinary": "Nonbinary", "transgender": "Transgender"},
    "contact": dict(TYPES.values()),
    "outcome": {"completed": "Completed", "attempted": "Attempted"},
    "language": {"en": "English", "es": "Spanish"},
}
_INTAKE = ("start_date", "age", "gender")


def submissions(made: Program) -> pl.DataFrame:
    """One row a visit; what is asked at intake only stands in each person's first."""
    people = made.tables["participants"].select("participant_id", "age_at_enrollment", "gender")
    stays = entries(made).select("participant_id", "start_date")
    rows = visits(made).join(people, on="participant_id").join(stays, on="participant_id")
    rows = rows.rename({"age_at_enrollment": "age"}).sort("day", "participant_id")
    first = pl.col("participant_id").is_first_distinct()
    return rows.with_columns(pl.when(first).then(pl.col(name)).alias(name) for name in _INTAKE).with_row_index(
        "number", offset=1
    )


def contacts(made: Program, rows: pl.DataFrame) -> pl.DataFrame:
    """Contacts with the number of the person's first submission, within which they were noted."""
    first = rows.unique("participant_id", keep="first", maintain_order=True).select("participant_id", "number")
    return dated(made, "contacts", "day").join(first, on="participant_id", maintain_order="left")


def write_form(path: Path) -> Path:
    """The XLSForm."""
    survey = [
        ("type", "name", "label"),
        ("start", "start", ""),
        ("end", "end", ""),
        ("begin_group", "intake", "Intake"),
        ("text", "participant_code", "Participant code"),
        ("date", "visit_date", "Date of the visit"),
        ("select_one language", "survey_language", "Language of the forms"),
        ("date", "start_date", "Enrollment date"),
        ("decimal", "age", "Age at intake"),
        ("select_one gender", "gender", "Gender identity"),
        ("end_group", "", ""),
    ]
    choices = [("list_name", "name", "label")]
    choices += [(name, code, label) for name, codes in _LISTS.items() for code, label in codes.items()]
    for each in INSTRUMENTS:
        instrument = load(each)
        survey.append(("begin_group", each, instrument.title))
        survey += [(f"select_one {each}", f"{each}_{item.id}", item.gist) for item in instrument.items]
        survey.append(("end_group", "", ""))
        choices += [(each, str(code), str(code)) for code in range(instrument.low, instrument.high + 1)]
    survey += [
        ("begin_repeat", "contacts", "Contacts"),
        ("date", "contact_date", "Date of the contact"),
        ("select_one contact", "contact_with", "Contact with"),
        ("select_one outcome", "outcome", "Outcome of the contact"),
        ("integer", "minutes", "Minutes"),
        ("end_repeat", "", ""),
    ]
    pages = {"survey": survey, "choices": choices, "settings": [("form_title", "form_id"), ("Visits", "visits")]}
    with Workbook(path) as book:
        for name, lines in pages.items():
            page = book.add_worksheet(name)
            for number, line in enumerate(lines):
                page.write_row(number, 0, line)
    return path


def _asked(rows: pl.DataFrame, sign: str) -> list[pl.Expr]:
    """The questions under their names with the group before them."""
    plain = {"participant_id": "participant_code", "day": "visit_date", "language": "survey_language"}
    intake = [(name, plain.get(name, name)) for name in ("participant_id", "day", "language", *_INTAKE)]
    named = [pl.col(name).alias(f"intake{sign}{to}") for name, to in intake]
    return [*named, *(pl.col(item).alias(f"{each}{sign}{item}") for each in INSTRUMENTS for item in items_of(each))]


def _repeated(rows: pl.DataFrame, before: str) -> list[pl.Expr]:
    kinds = {kind: code for kind, (code, _) in TYPES.items()}
    return [
        pl.col("day").alias(f"{before}contact_date"),
        pl.col("contact_type").replace_strict(kinds).alias(f"{before}contact_with"),
        pl.col("outcome").alias(f"{before}outcome"),
        pl.col("minutes").cast(pl.Int64).alias(f"{before}minutes"),
    ]


def write_workbook(made: Program, path: Path) -> Path:
    """As KoboToolbox exports to XLSX with names: groups before a stroke, repeats on a worksheet of their own."""
    rows = submissions(made)
    sent = pl.col("day").cast(pl.Datetime).dt.offset_by("2d").dt.strftime("%Y-%m-%dT%H:%M:%S")
    own = [pl.col("number").alias("_id"), pl.format("uuid-{}", "number").alias("_uuid"), sent.alias("_submission_time")]
    own += [pl.lit("made_up_account").alias("_submitted_by"), pl.lit("v1").alias("__version__")]
    began = pl.col("day").cast(pl.Datetime).dt.strftime("%Y-%m-%dT09:10:11.000-05:00")
    main = rows.select(
        began.alias("start"), began.alias("end"), *_asked(rows, "/"), *own, pl.col("number").alias("_index")
    )
    repeats = contacts(made, rows)
    log = repeats.select(
        *_repeated(repeats, "contacts/"),
        pl.int_range(1, pl.len() + 1).alias("_index"),
        pl.lit("Visits").alias("_parent_table_name"),
        pl.col("number").alias("_parent_index"),
        pl.col("number").alias("_submission__id"),
        pl.format("uuid-{}", "number").alias("_submission__uuid"),
    )
    with Workbook(path) as book:
        main.write_excel(workbook=book, worksheet="Visits", autofit=False)
        log.write_excel(workbook=book, worksheet="contacts", autofit=False)
    return path


def write_central(made: Program, folder: Path) -> list[Path]:
    """As ODK Central exports to CSV: groups before a hyphen, a file a repeat."""
    rows = submissions(made)
    key = pl.format("uuid:{}", "number")
    sent = pl.col("day").cast(pl.Datetime).dt.offset_by("2d").dt.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    began = pl.col("day").cast(pl.Datetime).dt.strftime("%Y-%m-%dT09:10:11.000-05:00")
    main = rows.select(
        sent.alias("SubmissionDate"),
        began.alias("start"),
        began.alias("end"),
        *_asked(rows, "-"),
        key.alias("meta-instanceID"),
        key.alias("KEY"),
        pl.lit("7").alias("SubmitterID"),
        pl.lit("Made Up").alias("SubmitterName"),
        pl.lit(None, dtype=pl.String).alias("ReviewState"),
        pl.lit("0").alias("Edits"),
        pl.lit("v1").alias("FormVersion"),
    )
    repeats = contacts(made, rows)
    log = repeats.select(
        *_repeated(repeats, ""),
        key.alias("PARENT_KEY"),
        pl.format("uuid:{}/contacts[{}]", "number", pl.int_range(1, pl.len() + 1).over("number")).alias("KEY"),
    )
    paths = [folder / "Visits.csv", folder / "Visits-contacts.csv"]
    for frame, path in zip((main, log), paths, strict=True):
        frame.write_csv(path)
    return paths
