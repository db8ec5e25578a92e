"""The visits as Qualtrics exports a survey of three instruments, in its several ways."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import polars as pl
from programs import INSTRUMENTS, items_of, visits

from casearc.instruments import load
from casearc.synthetic.make import Program

_META = {
    "StartDate": ("Start Date", "startDate"),
    "EndDate": ("End Date", "endDate"),
    "Status": ("Response Type", "status"),
    "Progress": ("Progress", "progress"),
    "Finished": ("Finished", "finished"),
    "RecordedDate": ("Recorded Date", "recordedDate"),
    "ResponseId": ("Response ID", "_recordId"),
    "ExternalReference": ("External Data Reference", "externalDataReference"),
    "UserLanguage": ("User Language", "userLanguage"),
}


def responses(made: Program) -> pl.DataFrame:
    """A row a visit under Qualtrics' names, items as ``MSPSS_1``."""
    rows = visits(made)
    began = pl.col("day").cast(pl.Datetime) + timedelta(hours=14)
    return rows.select(
        began.dt.strftime("%Y-%m-%d %H:%M:%S").alias("StartDate"),
        (began + timedelta(minutes=20)).dt.strftime("%Y-%m-%d %H:%M:%S").alias("EndDate"),
        pl.lit("0").alias("Status"),
        pl.lit("100").alias("Progress"),
        pl.lit("1").alias("Finished"),
        (began + timedelta(days=2)).dt.strftime("%Y-%m-%d %H:%M:%S").alias("RecordedDate"),
        pl.format("R_madeup{}", pl.int_range(1, pl.len() + 1)).alias("ResponseId"),
        pl.col("participant_id").alias("ExternalReference"),
        pl.col("language").str.to_uppercase().alias("UserLanguage"),
        *(pl.col(item).cast(pl.String).alias(called(item)) for each in INSTRUMENTS for item in items_of(each)),
    )


def called(item: str) -> str:
    """An item as a survey's editors would call it: ``COP-SE_3``."""
    instrument, _, number = item.rpartition("_")
    return f"{instrument.upper().replace('_', '-')}_{number}"


def with_headers(rows: pl.DataFrame) -> pl.DataFrame:
    """The two further header rows: what was asked, and the id it is imported under."""
    gists = {called(f"{each}_{item.id}"): item.gist for each in INSTRUMENTS for item in load(each).items}
    asked = {name: _META[name][0] if name in _META else gists.get(name, name) for name in rows.columns}
    ids = {name: _META[name][1] if name in _META else f"QID{place}" for place, name in enumerate(rows.columns)}
    return pl.concat([pl.DataFrame([asked, {k: json.dumps({"ImportId": v}) for k, v in ids.items()}]), rows])


def older(rows: pl.DataFrame) -> pl.DataFrame:
    """As exports with two header rows have it: ``V1``, ``V2`` … for what Qualtrics adds."""
    names = {
        "ResponseId": ("V1", "ResponseID"),
        "ExternalReference": ("V4", "ExternalDataReference"),
        "Status": ("V7", "Status"),
        "StartDate": ("V8", "StartDate"),
        "EndDate": ("V9", "EndDate"),
        "Finished": ("V10", "Finished"),
    }
    more = {"V2": "ResponseSet", "V3": "Name", "V5": "EmailAddress", "V6": "IPAddress"}
    kept = rows.drop("Progress", "RecordedDate").rename({name: to for name, (to, _) in names.items()})
    kept = kept.with_columns(pl.lit("Default Response Set").alias("V2"), *(pl.lit(None).alias(n) for n in ("V3", "V5")))
    kept = kept.with_columns(pl.lit("192.0.2.1").alias("V6"))
    order = [f"V{number}" for number in range(1, 11)]
    kept = kept.select(*order, pl.exclude(order)).cast(pl.String)
    asked = dict(names.values()) | more
    return pl.concat([pl.DataFrame([{name: asked.get(name, name) for name in kept.columns}]), kept])


def in_words(rows: pl.DataFrame, instrument: str, words: Mapping[int, str]) -> pl.DataFrame:
    """The answers to an instrument as the words of its choices."""
    texts = {str(number): word for number, word in words.items()}
    return rows.with_columns(pl.col(called(item)).replace(texts) for item in items_of(instrument))


def write(frame: pl.DataFrame, path: Path) -> Path:
    """As Qualtrics writes CSV."""
    frame.write_csv(path, quote_style="non_numeric")
    return path


def write_tsv(frame: pl.DataFrame, path: Path) -> Path:
    """As Qualtrics writes TSV: tabs, in UTF-16."""
    path.write_bytes(frame.write_csv(separator="\t").encode("utf-16"))
    return path
