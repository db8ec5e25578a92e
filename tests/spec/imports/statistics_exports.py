"""The program as a statistics program's file: one row a person, ``mspss1_t1`` … ``urica32_t3``, codes for missing."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from programs import INSTRUMENTS, answered, entries, items_of

from casearc.files.described import Described
from casearc.files.sheet import Field, Holds, MissingCode
from casearc.files.statistical.write import write_spss, write_stata
from casearc.instruments import load
from casearc.synthetic.make import Program

REASONS = {
    "declined": 98,
    "not_asked": 99,
    "unknown": 97,
    "not_reached": 96,
    "not_applicable": 95,
    "staff_omission": 94,
}
_CALLED = {
    "declined": "Refused",
    "not_asked": "Not asked",
    "unknown": "Don't know",
    "not_reached": "Not reached",
    "not_applicable": "Does not apply",
    "staff_omission": "Staff error",
}
_GENDERS = {"girl": 1, "boy": 2, "nonbinary": 3, "transgender": 4}
_STATUS = {"confirmed": 1, "presumed": 2, "not_identified": 3}
_STEMS = {"mspss": "mspss", "cop_se": "copse", "urica": "urica"}


def _choices(codes: dict[str, int]) -> dict[str, str]:
    return {str(code): label.replace("_", " ").capitalize() for label, code in codes.items()}


def wide(made: Program) -> Described:
    """The whole program, save contacts and what else happens between waves."""
    stays = entries(made).select("participant_id", "start_date", "exit_day")
    frame = made.tables["participants"].join(stays, on="participant_id", maintain_order="left")
    frame = frame.select(
        pl.col("participant_id").alias("id"),
        pl.col("start_date").alias("intake_date"),
        pl.col("exit_day").alias("exit_date"),
        pl.col("age_at_enrollment").alias("age"),
        pl.col("gender").replace_strict(_GENDERS).cast(pl.Int64).alias("sex"),
        pl.col("trafficking_status").replace_strict(_STATUS).cast(pl.Int64).alias("cse_status"),
    )
    fields = {
        "id": Field(name="id", label="Study ID", holds=Holds.TEXT),
        "intake_date": Field(name="intake_date", label="Date of intake", holds=Holds.DATE),
        "exit_date": Field(name="exit_date", label="Date of exit", holds=Holds.DATE),
        "age": Field(name="age", label="Age at intake", holds=Holds.NUMBER),
        "sex": Field(name="sex", label="Gender", holds=Holds.CHOICE, choices=_choices(_GENDERS)),
        "cse_status": Field(
            name="cse_status", label="Trafficking status", holds=Holds.CHOICE, choices=_choices(_STATUS)
        ),
    }
    for wave in (1, 2, 3):
        frame = frame.join(_wave(made, wave, fields), left_on="id", right_on="participant_id", how="left")
    return Described(name="wide", title="One participant.", frame=frame, fields=fields)


def _wave(made: Program, wave: int, fields: dict[str, Field]) -> pl.DataFrame:
    whole: pl.DataFrame | None = None
    date = f"date_t{wave}"
    fields[date] = Field(name=date, label=f"Date of the assessment, time {wave}", holds=Holds.DATE)
    for each in INSTRUMENTS:
        instrument = load(each)
        names = {item: f"{_STEMS[each]}{item.rpartition('_')[2]}_t{wave}" for item in items_of(each)}
        rows = (
            answered(made, each, reasons=REASONS)
            .sort("day")
            .filter(pl.int_range(pl.len()).over("participant_id") == wave - 1)
        )
        part = rows.select(
            "participant_id", pl.col("day").alias(date), *(pl.col(item).alias(to) for item, to in names.items())
        )
        whole = part if whole is None else whole.join(part, on=["participant_id", date], how="full", coalesce=True)
        for item in instrument.items:
            name = names[instrument.column(item.id)]
            fields[name] = Field(
                name=name,
                label=item.gist,
                holds=Holds.CHOICE,
                choices={str(code): str(code) for code in range(instrument.low, instrument.high + 1)},
                missing=tuple(MissingCode(code=str(code), name=_CALLED[reason]) for reason, code in REASONS.items()),
            )
    if whole is None:
        raise ValueError
    return whole


def write_sav(made: Program, path: Path) -> Path:
    """As an SPSS file."""
    write_spss(wide(made), path)
    return path


def write_dta(made: Program, path: Path) -> Path:
    """As a Stata file."""
    write_stata(wide(made), path)
    return path
