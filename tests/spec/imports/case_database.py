"""A case database's sheets as CSV files: what stands beside a survey service's export."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from programs import dated, entries

from casearc.synthetic.make import Program

TYPES = {
    "client": "Client",
    "caregiver": "Parent or caregiver",
    "team_partner": "MDT partner",
    "outside_provider": "Outside provider",
    "joint": "Joint communication",
    "crisis_response": "Crisis response",
    "non_crisis_response": "Non-crisis response",
}


def write_roster(made: Program, folder: Path) -> tuple[Path, Path]:
    """Clients and program entries."""
    people = made.tables["participants"].rename(
        {
            "participant_id": "Client ID",
            "age_at_enrollment": "Age at Enrollment",
            "gender": "Gender",
            "race_ethnicity": "Race/Ethnicity",
            "language": "Primary Language",
            "education": "Education",
            "housing": "Living Situation",
            "trafficking_status": "Trafficking Status",
            "screening_score": "Screening Score",
            "exploitation_types": "Types of Exploitation",
            "victimization_types": "Victimization Types",
        }
    )
    clients, stays = folder / "clients.csv", folder / "program_entries.csv"
    people.write_csv(clients)
    entries(made).rename(
        {
            "enrollment_id": "Entry ID",
            "participant_id": "Client ID",
            "program": "Program",
            "site": "Site",
            "staff_id": "Worker ID",
            "start_date": "Program Entry Date",
            "first_service_day": "First Service Date",
            "exit_day": "Program Exit Date",
            "exit_reason": "Exit Reason",
        }
    ).write_csv(stays)
    return clients, stays


def write_contacts(made: Program, folder: Path) -> Path:
    """Contacts under the client's id."""
    path = folder / "contacts.csv"
    dated(made, "contacts", "day").select(
        pl.col("contact_id").alias("Contact ID"),
        pl.col("participant_id").alias("Client ID"),
        pl.col("day").alias("Contact Date"),
        pl.col("contact_type").replace_strict(TYPES).alias("Type of Contact"),
        pl.col("outcome").str.to_titlecase().alias("Outcome"),
        pl.col("minutes").alias("Duration (minutes)"),
        pl.col("medium").alias("Method"),
        pl.col("staff_id").alias("Worker ID"),
    ).write_csv(path)
    return path
