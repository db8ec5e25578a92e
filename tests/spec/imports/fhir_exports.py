"""The answers as FHIR responses to questionnaires whose items are called ``1`` to ``12``."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
from programs import INSTRUMENTS, answered, items_of

from casearc.files.fhir import write_responses
from casearc.files.form import Form, Question
from casearc.files.sheet import Holds
from casearc.instruments import load
from casearc.synthetic.make import Program


def _form(name: str) -> Form:
    instrument = load(name)
    questions = [Question(name=item.id, text={"": item.gist}, holds=Holds.INTEGER) for item in instrument.items]
    return Form(id=name.replace("_", "-"), title=instrument.title, questions=tuple(questions))


def _answers(made: Program, name: str) -> pl.DataFrame:
    rows = answered(made, name)
    items = [pl.col(item).alias(item.rpartition("_")[2]) for item in items_of(name)]
    return rows.select("administration_id", "participant_id", "enrollment_id", "day", "start_date", "language", *items)


def write_relative(made: Program, folder: Path) -> list[Path]:
    """A Bundle an instrument, times told as days from the enrollment's start."""
    paths = []
    for name in INSTRUMENTS:
        rows = _answers(made, name)
        days = (pl.col("day") - pl.col("start_date")).dt.total_days()
        path = folder / f"responses_{name}.json"
        write_responses(_form(name), rows.with_columns(days.alias("day")).drop("start_date"), path)
        paths.append(path)
    return paths


def write_bundle(made: Program, path: Path) -> Path:
    """One Bundle of all instruments, with moments of the calendar."""
    entries = []
    for name in INSTRUMENTS:
        rows = _answers(made, name)
        dates = rows.with_columns(pl.col("day").cast(pl.String).alias("authored"))
        beside = path.with_name(f"{name}.part")
        write_responses(_form(name), dates.drop("day", "enrollment_id", "start_date"), beside)
        entries += json.loads(beside.read_text(encoding="utf-8"))["entry"]
        beside.unlink()
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")
    return path
