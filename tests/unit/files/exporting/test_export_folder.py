"""An export is whole or not there; what is no export of ours is never replaced; nothing said carries a value."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from casearc.analyses import named_instruments
from casearc.errors import DataRefusedError, UsageError
from casearc.files.exporting import KINDS, STAYS, described, export
from casearc.files.exporting.notes import folded
from casearc.synthetic import make_program
from casearc.tables import Tables, build


@pytest.fixture(scope="module")
def tables() -> Tables:
    return build(make_program(participants=15, seed=6).tables)


def run(tables: Tables, folder: Path, formats: Collection[str] = ("csv",)) -> tuple[str, ...]:
    return export(tables, instruments=named_instruments(tables), formats=formats, folder=folder)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_export_says_what_is_in_it_and_that_it_stays(tables: Tables, tmp_path: Path) -> None:
    notes = run(tables, tmp_path / "out", ["csv", "htcds"])
    content = json.loads((tmp_path / "out" / "export.json").read_text("utf-8"))
    assert content["formats"] == ["csv", "htcds"]
    assert set(content["files"]) == names(tmp_path / "out") - {"export.json"}
    assert content["notes"] == list(notes)
    assert (tmp_path / "out" / "READ-FIRST.txt").read_text("utf-8").startswith(STAYS)
    assert [path.name for path in tmp_path.iterdir()] == ["out"], "nothing unfinished beside it"


def test_an_earlier_export_is_replaced_whole(tables: Tables, tmp_path: Path) -> None:
    run(tables, tmp_path / "out", ["csv", "arrow"])
    run(tables, tmp_path / "out", ["csv"])
    assert not (tmp_path / "out" / "arrow").exists()


def _a_stranger(folder: Path) -> None:
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")


def _a_report(folder: Path) -> None:
    folder.mkdir()
    (folder / "results.json").write_text('{"format": "casearc-results"}')


def _a_file(folder: Path) -> None:
    folder.write_text("mine")


@pytest.mark.parametrize("lay", [_a_stranger, _a_report, _a_file])
def test_what_is_no_export_stays(lay: object, tables: Tables, tmp_path: Path) -> None:
    assert callable(lay)
    lay(tmp_path / "out")
    with pytest.raises(UsageError, match=r"not an export|is a file"):
        run(tables, tmp_path / "out")
    assert not (tmp_path / "out" / "csv").exists()


def test_files_laid_beside_an_export_are_not_lost(tables: Tables, tmp_path: Path) -> None:
    run(tables, tmp_path / "out")
    (tmp_path / "out" / "csv" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not part of it"):
        run(tables, tmp_path / "out")


def test_where_one_format_refuses_nothing_is_written(tables: Tables, tmp_path: Path) -> None:
    long = tables.participants.with_columns(gender=pl.lit("x" * 40_000))
    with pytest.raises(DataRefusedError):
        run(replace(tables, participants=long), tmp_path / "out", ["csv", "xlsx"])
    assert not list(tmp_path.iterdir())


def test_the_analyses_need_a_plan(tables: Tables, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="plan"):
        run(tables, tmp_path / "out", ["csv", "analysis"])
    with pytest.raises(UsageError, match="Formats"):
        run(tables, tmp_path / "out", ["csvv"])
    with pytest.raises(UsageError, match="Formats"):
        run(tables, tmp_path / "out", [])
    assert not list(tmp_path.iterdir())


def test_responses_that_cannot_be_scored_keep_nothing_else_back(tables: Tables, tmp_path: Path) -> None:
    wrong = tables.responses.with_columns(
        response=pl.when(pl.col("item") == "mspss_2").then(73519.5).otherwise(pl.col("response"))
    )
    spoiled = replace(tables, responses=wrong)
    notes: list[str] = []
    going = described(spoiled, named_instruments(tables), notes=notes)
    made = {table.name: table for table in going}
    assert "scores_mspss" not in made
    assert {"scores_urica", "responses_mspss"} < made.keys()
    assert not made["responses_mspss"].fields["mspss_2"].choices
    assert made["responses_mspss"].fields["mspss_3"].choices
    assert len(notes) == 1
    assert "73519" not in notes[0]
    assert all(
        "73519" not in note for note in run(spoiled, tmp_path / "out", set(KINDS) - {"analysis", "spss", "stata"})
    )


def test_responses_in_a_coding_of_their_own_get_no_choices(tables: Tables, tmp_path: Path) -> None:
    own = pl.col("instrument") == "mspss"
    coded = tables.administrations.with_columns(coding=pl.when(own).then(pl.lit("0-6")))
    moved = tables.responses.with_columns(
        response=pl.when(pl.col("item").str.starts_with("mspss_")).then(pl.col("response") - 1).otherwise("response")
    )
    going = {
        t.name: t for t in described(replace(tables, administrations=coded, responses=moved), named_instruments(tables))
    }
    assert not going["responses_mspss"].fields["mspss_1"].choices
    assert "coding" in going["responses_mspss"].frame.columns
    assert going["responses_urica"].fields["urica_1"].choices
    plain = {table.name: table for table in described(tables, named_instruments(tables))}
    assert going["scores_mspss"].frame["mspss_total"].equals(plain["scores_mspss"].frame["mspss_total"])
    run(replace(tables, administrations=coded, responses=moved), tmp_path / "out", ["fhir", "redcap"])


def test_what_is_said_of_many_columns_is_said_once() -> None:
    told = {"a": ["Column x: cut.", "Column y: cut.", "Whole."], "b": ["Whole.", "Column z: other."]}
    assert folded(told) == ("a, b: Whole.", "a.x and 1 other column: cut.", "b.z: other.")
