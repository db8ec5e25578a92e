"""The visits as survey services export questions that nobody has named: Q1, Q2 …, texts as names, words as answers.

What is asked are the gists of the items, in words of our own; no instrument's wording is here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from programs import INSTRUMENTS, items_of, visits
from xlsxwriter import Workbook

from casearc.instruments import load
from casearc.synthetic.make import Program

ABOVE = {
    "mspss": "How much do you agree with each of these?",
    "cop_se": "How certain are you that you can do the following?",
    "urica": "How well does each of these describe you right now?",
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "mspss": (
        *("Very strongly disagree", "Strongly disagree", "Mildly disagree", "Neutral", "Mildly agree"),
        *("Strongly agree", "Very strongly agree"),
    ),
    "urica": ("Strongly disagree", "Disagree", "Undecided", "Agree", "Strongly agree"),
    "cop_se": (),
}
_DAY, _MOMENT = "%m/%d/%Y", "%m/%d/%Y %I:%M:%S %p"


def asked(instrument: str) -> list[str]:
    """What stands beside each item."""
    return [item.gist for item in load(instrument).items]


def in_words(rows: pl.DataFrame, instrument: str) -> pl.DataFrame:
    """The answers as the words of their choices, where they have words."""
    low = load(instrument).low
    texts = {str(number): word for number, word in enumerate(WORDS[instrument], start=low)}
    return rows.with_columns(pl.col(items_of(instrument)).cast(pl.String).replace(texts))


def with_ends(rows: pl.DataFrame, instrument: str) -> pl.DataFrame:
    """The answers as numbers, the lowest and the highest with their words: a linear scale of Google Forms."""
    known = load(instrument)
    ends = {str(known.low): f"{known.low} - not at all", str(known.high): f"{known.high} - fully"}
    return rows.with_columns(pl.col(items_of(instrument)).cast(pl.String).replace(ends))


def write_qualtrics(made: Program, path: Path, *, words: bool) -> Path:
    """Three questions with a statement a row: ``Q3_1``, ``Q3_2`` …; choice texts, or recode values."""
    rows = visits(made)
    names, texts, ids = {}, {}, {}
    for place, instrument in enumerate(INSTRUMENTS, start=3):
        rows = in_words(rows, instrument) if words else rows
        for at, (item, gist) in enumerate(zip(items_of(instrument), asked(instrument), strict=True), start=1):
            names[item] = f"Q{place}_{at}"
            texts[names[item]] = f"{ABOVE[instrument]} - {gist}"
            ids[names[item]] = f"QID{place}_{at}"
    frame = rows.select(
        pl.col("day").dt.strftime("%Y-%m-%d 14:00:00").alias("StartDate"),
        pl.col("day").dt.strftime("%Y-%m-%d 14:20:00").alias("EndDate"),
        pl.format("R_madeup{}", pl.int_range(1, pl.len() + 1)).alias("ResponseId"),
        pl.col("participant_id").alias("ExternalReference"),
        pl.col("language").str.to_uppercase().alias("UserLanguage"),
        *(pl.col(item).cast(pl.String).alias(name) for item, name in names.items()),
    )
    told = {"StartDate": "startDate", "EndDate": "endDate", "ResponseId": "_recordId"}
    told |= {"ExternalReference": "externalDataReference", "UserLanguage": "userLanguage", **ids}
    heads = [{name: texts.get(name, name) for name in frame.columns}]
    heads += [{name: json.dumps({"ImportId": told[name]}) for name in frame.columns}]
    pl.concat([pl.DataFrame(heads), frame]).write_csv(path, quote_style="non_numeric")
    return path


def _surveymonkey(made: Program) -> tuple[list[str], list[str], pl.DataFrame]:
    """Both rows of names, and the responses below them."""
    rows = visits(made)
    first = ["Respondent ID", "Collector ID", "Start Date", "What is your participant number?"]
    second = ["", "", "", "Open-Ended Response"]
    for instrument in INSTRUMENTS:
        rows = in_words(rows, instrument)
        first += [ABOVE[instrument], *([""] * (len(items_of(instrument)) - 1))]
        second += asked(instrument)
    cells = rows.select(
        pl.format("1180000{}", pl.int_range(100, pl.len() + 100)).alias("respondent"),
        pl.lit("450001").alias("collector"),
        pl.col("day").dt.strftime(_DAY + " 12:00:00 AM").alias("start"),
        "participant_id",
        *(pl.col(item).cast(pl.String) for each in INSTRUMENTS for item in items_of(each)),
    )
    return first, second, cells


def write_surveymonkey(made: Program, path: Path) -> Path:
    """As CSV: the question above the first of its columns, the rows of the grid below it."""
    first, second, cells = _surveymonkey(made)
    whole = pl.DataFrame([first, second], schema=cells.columns, orient="row")
    pl.concat([whole, cells]).write_csv(path, include_header=False)
    return path


def write_surveymonkey_workbook(made: Program, path: Path) -> Path:
    """The same as a workbook, the question merged over its columns."""
    first, second, cells = _surveymonkey(made)
    with Workbook(path) as book:
        page = book.add_worksheet("Sheet")
        at = 0
        while at < len(first):
            end = next((place for place in range(at + 1, len(first)) if first[place]), len(first))
            if end - at > 1:
                page.merge_range(0, at, 0, end - 1, first[at])
            else:
                page.write(0, at, first[at])
            at = end
        page.write_row(1, 0, second)
        for number, row in enumerate(cells.iter_rows(), start=2):
            page.write_row(number, 0, [cell or "" for cell in row])
    return path


def write_google_forms(made: Program, path: Path) -> Path:
    """Grids as ``question [1. row]``, with words beside the lowest and the highest number alone."""
    rows = visits(made)
    names = {}
    for instrument in INSTRUMENTS:
        rows = with_ends(rows, instrument)
        for at, (item, gist) in enumerate(zip(items_of(instrument), asked(instrument), strict=True), start=1):
            names[item] = f"{ABOVE[instrument]} [{at}. {gist}]"
    rows.select(
        pl.col("day").dt.strftime("%m/%d/%Y 14:00:33").alias("Timestamp"),
        pl.lit("madeup@example.org").alias("Email Address"),
        pl.col("participant_id").alias("What is your ID number?"),
        *(pl.col(item).alias(name) for item, name in names.items()),
        pl.lit(None, dtype=pl.String).alias("Anything you want to tell us?"),
    ).write_csv(path)
    return path
