"""The program as an agency keeps it in a longitudinal REDCap project that Casearc had no part in.

Events are the waves, forms the agency's own; contacts repeat; boxes stand for race; the answers to all three
instruments lie in one row of record and event.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
from programs import INSTRUMENTS, answered, dated, entries, items_of

from casearc.instruments import load
from casearc.synthetic.make import Program

EVENTS = {"Intake": "intake_arm_1", "Six months": "six_months_arm_1", "Twelve months": "twelve_months_arm_1"}
REASONS = {
    "declined": -97,
    "unknown": -98,
    "not_reached": -99,
    "not_applicable": -96,
    "staff_omission": -95,
    "not_asked": -94,
}
MISSING = "-97, Refused | -98, Don't know | -99, Not reached | -96, Not applicable | -95, Staff error | -94, Not asked"
_RACES = {"1": "Black", "2": "Hispanic", "3": "White", "4": "Asian"}
_GENDERS = {"1": "Girl", "2": "Boy", "3": "Nonbinary", "4": "Transgender"}
_STATUS = {"1": "Confirmed", "2": "Presumed", "3": "Not identified"}
_TYPES = {
    "1": "Client",
    "2": "Caregiver",
    "3": "Team partner (MDT)",
    "4": "Outside provider",
    "5": "Joint communication",
    "6": "Crisis response",
    "7": "Non-crisis response",
}
_OF_TYPE = dict(
    zip(
        (
            *("client", "caregiver", "team_partner", "outside_provider"),
            *("joint", "crisis_response", "non_crisis_response"),
        ),
        _TYPES,
        strict=True,
    )
)
_HEADER = (
    *("Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label"),
    *("Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number"),
    *("Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)"),
    *("Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name"),
    *("Matrix Ranking?", "Field Annotation"),
)
Naming = Mapping[str, str]
"""Instrument -> what stands before the number of an item: ``mspss_``, ``ss0``."""
PLAIN: Naming = {"mspss": "mspss_", "cop_se": "cop_", "urica": "urica_"}


def _choices(codes: Mapping[str, str]) -> str:
    return " | ".join(f"{code}, {label}" for code, label in codes.items())


def _line(name: str, form: str, kind: str, label: str, *, choices: str = "", checked: str = "", who: str = "") -> dict:
    cells = dict.fromkeys(_HEADER, "")
    cells |= {"Variable / Field Name": name, "Form Name": form, "Field Type": kind, "Field Label": label}
    cells |= {"Choices, Calculations, OR Slider Labels": choices, "Identifier?": who}
    return cells | {"Text Validation Type OR Show Slider Number": checked}


def _dictionary(names: Naming) -> pl.DataFrame:
    lines = [
        _line("record_id", "demographics", "text", "Record ID"),
        _line("youth_first_name", "demographics", "text", "First name", who="y"),
        _line("age_intake", "demographics", "text", "Age at intake", checked="number"),
        _line("gender", "demographics", "radio", "Gender identity", choices=_choices(_GENDERS)),
        _line("race", "demographics", "checkbox", "Race/ethnicity (all that apply)", choices=_choices(_RACES)),
        _line("cse_status", "demographics", "radio", "Exploitation status", choices=_choices(_STATUS)),
        _line("enroll_date", "enrollment", "text", "Date of enrollment", checked="date_ymd"),
        _line("site", "enrollment", "dropdown", "Site", choices="1, North pier | 2, South pier"),
        _line("first_service", "enrollment", "text", "Date of first service", checked="date_ymd"),
        _line("exit_date", "enrollment", "text", "Exit date", checked="date_ymd"),
        _line("survey_date", "assessment", "text", "Date of the assessment", checked="date_ymd"),
    ]
    for instrument in INSTRUMENTS:
        codes = load(instrument)
        choices = _choices({str(code): str(code) for code in range(codes.low, codes.high + 1)})
        for item in codes.items:
            lines.append(_line(f"{names[instrument]}{item.id}", instrument, "radio", item.gist, choices=choices))
    lines += [
        _line("contact_date", "contact_log", "text", "Date of contact", checked="date_ymd"),
        _line("contact_with", "contact_log", "dropdown", "Type of contact", choices=_choices(_TYPES)),
        _line("contact_made", "contact_log", "radio", "Outcome of contact", choices="1, Completed | 2, Attempted"),
        _line("contact_min", "contact_log", "text", "Minutes", checked="integer"),
        _line("contact_note", "contact_log", "notes", "What was talked about"),
    ]
    return pl.DataFrame(lines)


def _demographics(made: Program) -> pl.DataFrame:
    codes = {label.lower(): code for code, label in _GENDERS.items()}
    status = {label.lower().replace(" ", "_"): code for code, label in _STATUS.items()}
    people = made.tables["participants"]
    held = pl.col("race_ethnicity").fill_null("")
    boxes = [
        held.str.split(";").list.contains(label.lower()).cast(pl.Int8).alias(f"race___{code}")
        for code, label in _RACES.items()
    ]
    stays = entries(made).unique("participant_id", keep="first", maintain_order=True)
    return people.join(stays, on="participant_id", maintain_order="left").select(
        pl.col("participant_id").alias("record_id"),
        pl.lit(EVENTS["Intake"]).alias("redcap_event_name"),
        pl.format("Madeup{}", pl.int_range(pl.len())).alias("youth_first_name"),
        pl.col("age_at_enrollment").alias("age_intake"),
        pl.col("gender").replace_strict(codes),
        *boxes,
        pl.col("trafficking_status").replace_strict(status).alias("cse_status"),
        pl.lit("2").alias("demographics_complete"),
        pl.col("start_date").alias("enroll_date"),
        pl.col("site").replace_strict({"north_pier": "1", "south_pier": "2"}),
        pl.col("first_service_day").alias("first_service"),
        pl.col("exit_day").alias("exit_date"),
        pl.lit("2").alias("enrollment_complete"),
    )


def _assessments(made: Program, names: Naming) -> pl.DataFrame:
    """A row a person and wave: the nth round of a person is the nth event."""
    parts = []
    for instrument in INSTRUMENTS:
        rows = answered(made, instrument, reasons=REASONS).sort("participant_id", "day")
        place = pl.int_range(pl.len()).over("participant_id")
        parts.append(
            rows.select(
                pl.col("participant_id").alias("record_id"),
                place.replace_strict(list(range(3)), list(EVENTS.values())).alias("redcap_event_name"),
                pl.col("day").alias("survey_date"),
                *(pl.col(each).alias(names[instrument] + each.rpartition("_")[2]) for each in items_of(instrument)),
                pl.lit("2").alias(f"{instrument}_complete"),
            )
        )
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.join(part, on=["record_id", "redcap_event_name", "survey_date"], how="full", coalesce=True)
    return whole.with_columns(pl.lit("2").alias("assessment_complete"))


def _contacts(made: Program) -> pl.DataFrame:
    return dated(made, "contacts", "day").select(
        pl.col("participant_id").alias("record_id"),
        pl.lit(EVENTS["Intake"]).alias("redcap_event_name"),
        pl.lit("contact_log").alias("redcap_repeat_instrument"),
        (pl.int_range(pl.len()).over("participant_id") + 1).alias("redcap_repeat_instance"),
        pl.col("day").alias("contact_date"),
        pl.col("contact_type").replace_strict(_OF_TYPE).alias("contact_with"),
        pl.col("outcome").replace_strict({"completed": "1", "attempted": "2"}).alias("contact_made"),
        pl.col("minutes").cast(pl.Int64).alias("contact_min"),
        pl.lit("A made-up note, which must never leave the project.").alias("contact_note"),
        pl.lit("2").alias("contact_log_complete"),
    )


def write_project_of_an_agency(made: Program, folder: Path, *, names: Naming = PLAIN) -> list[Path]:
    """Data, dictionary, events and settings as the project's pages download them."""
    keys = ["record_id", "redcap_event_name"]
    own = _demographics(made).join(_assessments(made, names), on=keys, how="full", coalesce=True)
    rows = pl.concat([own.cast(pl.String), _contacts(made).cast(pl.String)], how="diagonal")
    front = [*keys, "redcap_repeat_instrument", "redcap_repeat_instance"]
    boxes = [name for name in rows.columns if name.startswith("race___")]
    rows = rows.with_columns(pl.col(boxes).fill_null("0"))
    rows = rows.select(*front, pl.exclude(front)).sort(front, nulls_last=False)
    events = pl.DataFrame(
        {
            "event_name": list(EVENTS),
            "arm_num": ["1"] * 3,
            "day_offset": ["1", "180", "360"],
            "unique_event_name": list(EVENTS.values()),
        }
    )
    settings = pl.DataFrame({"project_title": ["Harbor (made up)"], "missing_data_codes": [MISSING]})
    files = {"data": rows, "dictionary": _dictionary(names), "events": events, "project": settings}
    for name, frame in files.items():
        frame.write_csv(folder / f"{name}.csv")
    return [folder / f"{name}.csv" for name in files]
