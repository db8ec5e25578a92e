"""Whatever a program holds goes out in a format, is proposed for, imported, and is the same: values, labels, reasons.

A program is made up by its seed and size; its missing reasons, odd codes and covariate are drawn beside it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from casearc.analyses import named_instruments
from casearc.files.columnar import here as columnar
from casearc.files.exporting import KINDS, described, export
from casearc.files.importing import import_files
from casearc.files.proposal import propose
from casearc.files.reading import Reading
from casearc.files.sheet import Field, MissingCode, Sheet
from casearc.files.statistical import here as statistical
from casearc.synthetic import make_program
from casearc.tables import MISSING_REASONS, TABLES, FaultLog, Tables, build

EVERY = {"csv": 3, "xlsx": 2, "parquet": 1, "arrow": 1, "spss": 1, "stata": 1}
"""Format -> programs tried here; of those read in a process of their own, fewer. `CASEARC_TEST_ALL` tries ten times."""
TIMES = 10 if os.environ.get("CASEARC_TEST_ALL") else 1


@st.composite
def programs(draw: st.DrawFn) -> Tables:
    made = make_program(participants=draw(st.integers(2, 6)), seed=draw(st.integers(0, 10_000)))
    frames = dict(made.tables)
    step = draw(st.integers(2, 40))
    reasons = draw(st.lists(st.sampled_from(MISSING_REASONS), min_size=1, max_size=6, unique=True))
    turn = pl.int_range(pl.len()) % step
    frames["responses"] = frames["responses"].with_columns(
        response=pl.when(turn == 0).then(None).otherwise(pl.col("response")),
        missing_reason=pl.when(turn == 0).then(
            (pl.int_range(pl.len()) % len(reasons)).replace_strict(dict(enumerate(reasons)), default=None)
        ),
    )
    odd = draw(st.sampled_from(["north", "=1+1", "'quoted", "né, l'été", "007", "1e5"]))
    frames["enrollments"] = frames["enrollments"].with_columns(site=pl.lit(odd))
    return build(frames)


@pytest.mark.parametrize("kind", EVERY)
def test_a_program_comes_back_the_same(kind: str) -> None:
    @settings(
        deadline=None,
        max_examples=EVERY[kind] * TIMES,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],  # a smaller program that fails as well would take minutes to find
    )
    @given(programs())
    def there_and_back(tables: Tables) -> None:
        with TemporaryDirectory() as name:
            again = through(tables, kind, Path(name))
        for table in TABLES:
            expected, found = tables.table(table), again.table(table).select(tables.table(table).columns)
            assert_frame_equal(found.sort(found.columns), expected.sort(expected.columns), check_exact=True)

    there_and_back()


@pytest.mark.parametrize("kind", ["spss", "stata", "parquet", "arrow"])
def test_what_is_said_of_columns_comes_back_the_same(kind: str) -> None:
    """In the file itself, of every table: labels, labels of codes, codes for missing with their reasons."""

    @settings(
        deadline=None,
        max_examples=2 * TIMES,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
    )
    @given(programs())
    def there_and_back(tables: Tables) -> None:
        instruments = named_instruments(tables)
        with TemporaryDirectory() as name:
            export(tables, instruments=instruments, formats=[kind], folder=Path(name, "out"))
            for table in described(tables, instruments):
                sheet = READERS[kind](Path(name, "out", kind, f"{table.name}{KINDS[kind].suffix}"))
                for column, name_there in zip(table.frame.columns, sheet.frame.columns, strict=True):
                    said, found = table.fields[column], sheet.field(name_there)
                    assert (found.label, dict(found.choices)) == (said.label, dict(said.choices)), (table.name, column)
                    assert reasons(found, kind) == reasons(said, kind), (table.name, column)

    there_and_back()


def reasons(field: Field, kind: str) -> set[str] | list[MissingCode]:
    """Codes for missing with their names; in Stata letters stand for codes, so only the names are the same."""
    return (
        {each.name for each in field.missing} if kind == "stata" else sorted(field.missing, key=lambda each: each.code)
    )


def read_here(reader: ModuleType) -> Callable[[Path], Sheet]:
    def read(path: Path) -> Sheet:
        log = FaultLog()
        (sheet,) = reader.read(path, name=path.name, log=log, reading=Reading())
        assert not log.total
        return sheet

    return read


READERS = dict.fromkeys(("spss", "stata"), read_here(statistical)) | dict.fromkeys(
    ("parquet", "arrow"), read_here(columnar)
)


def through(tables: Tables, kind: str, folder: Path) -> Tables:
    """Export, propose for what was exported, and import by the proposal as it stands."""
    export(tables, instruments=named_instruments(tables), formats=[kind], folder=folder / "out")
    files = sorted((folder / "out" / kind).iterdir())
    files = [path for path in files if kind == "xlsx" or path.stem in TABLES]
    proposal = propose(files)
    assert proposal.questions == ()
    mapping = files[0].parent / "mapping.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    return import_files(mapping, files[0].parent).tables
