"""Whatever a program holds, it goes out in a format, is proposed for, imported, and is the same: values and reasons.

A program is made up by its seed and size; its missing reasons, odd codes and covariate are drawn beside it.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from casearc.analyses import named_instruments
from casearc.files.exporting import export
from casearc.files.importing import import_files
from casearc.files.proposal import propose
from casearc.synthetic import make_program
from casearc.tables import MISSING_REASONS, TABLES, Tables, build

EVERY = {"csv": 5, "xlsx": 4, "parquet": 1, "arrow": 1, "spss": 1, "stata": 1}
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
