"""A made-up program as other programs would export it: a survey service and a case database, to try an import with.

Names, phone numbers and notes are in it on purpose, obviously made up, so that one can see them being kept out.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook

from casearc.errors import UsageError
from casearc.instruments import load
from casearc.synthetic.make import Program

SURVEY, DATABASE = "survey_export.csv", "case_database.xlsx"
_HERBS = ("Aster", "Basil", "Clover", "Dill", "Elder", "Fennel", "Ginger", "Hazel", "Iris", "Juniper")
_TYPES = {
    "client": "Client",
    "caregiver": "Parent or caregiver",
    "team_partner": "MDT partner",
    "outside_provider": "Outside provider",
    "joint": "Joint communication",
    "crisis_response": "Crisis response",
    "non_crisis_response": "Non-crisis response",
}
_STAFF = "A made-up note, which must never leave the case database."
_META = {
    "StartDate": ("Start Date", "startDate"),
    "EndDate": ("End Date", "endDate"),
    "Status": ("Response Type", "status"),
    "IPAddress": ("IP Address", "ipAddress"),
    "Progress": ("Progress", "progress"),
    "Duration (in seconds)": ("Duration (in seconds)", "duration"),
    "Finished": ("Finished", "finished"),
    "RecordedDate": ("Recorded Date", "recordedDate"),
    "ResponseId": ("Response ID", "_recordId"),
    "RecipientLastName": ("Recipient Last Name", "recipientLastName"),
    "ExternalReference": ("External Data Reference", "externalDataReference"),
    "UserLanguage": ("User Language", "userLanguage"),
}


def write_exports(program: Program, folder: str | Path) -> tuple[Path, ...]:
    """Write a made-up program as a Qualtrics-like CSV file and a case database's workbook.

    Parameters
    ----------
    program
        What `make_program` returned.
    folder
        Made if it does not exist.

    Returns
    -------
    tuple of Path
        The two files.

    Raises
    ------
    UsageError
        One of the files is there already.
    ModuleNotFoundError
        The extra ``spreadsheets`` is not installed.

    Examples
    --------
    >>> write_exports(make_program(seed=1), "exports")[0].name  # doctest: +SKIP
    'survey_export.csv'
    """
    target = Path(folder)
    survey, database = target / SURVEY, target / DATABASE
    for path in (survey, database):
        if path.exists():
            raise UsageError(f"{path} is there already. Name another folder: nothing is written over it.")
    target.mkdir(parents=True, exist_ok=True)
    _write_workbook(program, database)
    _survey(program).write_csv(survey)
    return survey, database


def _write_workbook(program: Program, path: Path) -> None:
    sheets = {
        "Clients": _clients(program),
        "Program Entries": _entries(program),
        "Contacts": _contacts(program),
        "Services": _services(program),
        "Goals": _goals(program),
        "Needs": _needs(program),
    }
    with Workbook(path) as workbook:
        for name, frame in sheets.items():
            frame.write_excel(workbook=workbook, worksheet=name, autofit=True)


def _numbers(program: Program) -> pl.DataFrame:
    """Each enrollment with its start and the number of its participant in the case database."""
    people = program.tables["participants"].select("participant_id").with_row_index("_number")
    stays = program.tables["enrollments"].select("enrollment_id", "participant_id", "start_date")
    numbered = stays.join(people, on="participant_id", maintain_order="left")
    return numbered.with_columns((1001 + pl.col("_number").cast(pl.Int64)).alias("Client ID")).drop("_number")


def _clients(program: Program) -> pl.DataFrame:
    first = _numbers(program).unique("participant_id", keep="first", maintain_order=True)
    people = program.tables["participants"].join(first, on="participant_id", maintain_order="left")
    row = pl.int_range(pl.len())
    herb = (row % len(_HERBS)).replace_strict(list(range(len(_HERBS))), list(_HERBS), return_dtype=pl.String)
    born = pl.col("start_date") - pl.duration(days=(pl.col("age_at_enrollment") * 365.25).floor().cast(pl.Int64))
    return people.select(
        "Client ID",
        herb.alias("First Name"),
        pl.format("Madeup{}", row + 1).alias("Last Name"),
        born.alias("Date of Birth"),
        pl.format("555-01{}", (row % 100).cast(pl.String).str.zfill(2)).alias("Phone"),
        pl.col("age_at_enrollment").alias("Age at Enrollment"),
        pl.col("gender").str.to_titlecase().alias("Gender"),
        pl.col("race_ethnicity").alias("Race/Ethnicity"),
        pl.col("education").alias("Education"),
        pl.col("housing").alias("Living Situation"),
        pl.col("trafficking_status").str.to_titlecase().str.replace("_", " ").alias("Trafficking Status"),
        pl.col("screening_score").alias("Screening Score"),
        pl.col("exploitation_types").alias("Types of Exploitation"),
        pl.col("victimization_types").alias("Victimization Types"),
    )


def _dated(program: Program, table: str, *days: str) -> pl.DataFrame:
    """A table's rows with the number of the client, and dates in place of days."""
    rows = program.tables[table].join(_numbers(program), on="enrollment_id", maintain_order="left")
    return rows.with_columns((pl.col("start_date") + pl.duration(days=pl.col(day))).alias(day) for day in days)


def _entries(program: Program) -> pl.DataFrame:
    rows = program.tables["enrollments"].join(
        _numbers(program).select("enrollment_id", "Client ID"), on="enrollment_id", maintain_order="left"
    )
    ends = [(pl.col("start_date") + pl.duration(days=pl.col(day))) for day in ("first_service_day", "exit_day")]
    return rows.select(
        pl.format("PE-{}", pl.int_range(1, pl.len() + 1)).alias("Entry ID"),
        "Client ID",
        pl.col("program").alias("Program"),
        pl.col("site").alias("Site"),
        pl.col("start_date").alias("Program Entry Date"),
        ends[0].alias("First Service Date"),
        ends[1].alias("Program Exit Date"),
        pl.col("exit_reason").alias("Exit Reason"),
    )


def _contacts(program: Program) -> pl.DataFrame:
    return _dated(program, "contacts", "day").select(
        pl.col("contact_id").alias("Record ID"),
        "Client ID",
        pl.col("day").alias("Contact Date"),
        pl.col("contact_type").replace_strict(_TYPES).alias("Type of Contact"),
        pl.col("outcome").str.to_titlecase().alias("Outcome"),
        pl.col("minutes").alias("Duration (minutes)"),
        pl.col("medium").alias("Method"),
        pl.lit(_STAFF).alias("Case Note"),
    )


def _services(program: Program) -> pl.DataFrame:
    return _dated(program, "services", "day").select(
        "Client ID",
        pl.col("day").alias("Service Date"),
        pl.col("service_code").alias("Service"),
        pl.col("quantity").alias("Quantity"),
        pl.col("unit").alias("Unit"),
    )


def _goals(program: Program) -> pl.DataFrame:
    return _dated(program, "goals", "opened_day", "closed_day").select(
        pl.col("goal_id").alias("Goal ID"),
        "Client ID",
        pl.col("domain").alias("Goal Area"),
        pl.col("opened_day").alias("Date Opened"),
        pl.col("closed_day").alias("Date Closed"),
        pl.col("status").str.replace("_", " ").str.to_titlecase().alias("Goal Status"),
        pl.col("rating").alias("Rating"),
    )


def _needs(program: Program) -> pl.DataFrame:
    return _dated(program, "needs", "day").select(
        "Client ID",
        pl.col("day").alias("Assessment Date"),
        pl.col("domain").alias("Need Domain"),
        pl.col("level").alias("Level"),
    )


def _survey(program: Program) -> pl.DataFrame:
    """One row a visit, three instruments side by side, three header rows; a skipped answer is an empty cell."""
    given = _dated(program, "administrations", "day").rename({"day": "when"})
    answers = program.tables["responses"].join(
        given.select("administration_id", "Client ID", "when", "language"), on="administration_id"
    )
    items = [f"{name}_{item.id}" for name in sorted(set(given["instrument"])) for item in load(name).items]
    wide = answers.pivot(on="item", index=["Client ID", "when", "language"], values="response").sort(
        "when", "Client ID"
    )
    began = pl.col("when").cast(pl.Datetime) + timedelta(hours=15)
    columns = [
        began.dt.strftime("%Y-%m-%d %H:%M:%S").alias("StartDate"),
        (began + timedelta(minutes=14)).dt.strftime("%Y-%m-%d %H:%M:%S").alias("EndDate"),
        pl.lit("0").alias("Status"),
        pl.lit("192.0.2.1").alias("IPAddress"),
        pl.lit("100").alias("Progress"),
        pl.lit("840").alias("Duration (in seconds)"),
        pl.lit("1").alias("Finished"),
        (began + timedelta(days=1)).dt.strftime("%Y-%m-%d %H:%M:%S").alias("RecordedDate"),
        pl.format("R_madeup{}", pl.int_range(1, pl.len() + 1)).alias("ResponseId"),
        pl.format("Madeup{}", pl.col("Client ID")).alias("RecipientLastName"),
        pl.col("Client ID").cast(pl.String).alias("ExternalReference"),
        pl.col("language").str.to_uppercase().alias("UserLanguage"),
    ]
    cells = wide.select(*columns, *(pl.col(item).cast(pl.Int64).cast(pl.String).alias(_name(item)) for item in items))
    return pl.concat([_headers(items), cells])


def _name(item: str) -> str:
    """An item as a survey service's editors would call it."""
    instrument, _, number = item.rpartition("_")
    return f"{instrument.upper().replace('_', '-')}_{number}"


def _headers(items: list[str]) -> pl.DataFrame:
    """The second and third header row: what was asked, and the id it is imported under."""
    gists = {
        f"{name}_{item.id}": item.gist for name in {i.rpartition("_")[0] for i in items} for item in load(name).items
    }
    asked = {name: label for name, (label, _) in _META.items()} | {_name(item): gists[item] for item in items}
    ids = {name: identity for name, (_, identity) in _META.items()}
    ids |= {_name(item): f"QID{number}" for number, item in enumerate(items, start=1)}
    return pl.DataFrame([asked, {name: json.dumps({"ImportId": identity}) for name, identity in ids.items()}])
