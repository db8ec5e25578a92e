"""Made-up tables written to CSV and read back are the same tables."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casearc.errors import TableError
from casearc.files import read_folder
from casearc.files.csv import read_csv
from casearc.files.formulas import harmless_frame
from casearc.tables import TABLES, FaultLog

_PRINTABLE = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf"), exclude_characters=",|;"
)
_CODE = st.text(_PRINTABLE, min_size=1, max_size=8)
_DAYS = st.integers(min_value=-900, max_value=3000)
_MINUTES = st.one_of(st.none(), st.floats(min_value=0, max_value=1440))


def _maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of(st.none(), values)


@st.composite
def programs(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    """Tables of a small program in the contract's columns, references and rules kept."""
    people = draw(st.integers(min_value=1, max_value=6))
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    for index in range(people):
        rows["participants"].append(
            {
                "participant_id": f"P{index}",
                "age_at_enrollment": draw(_maybe(st.floats(min_value=0, max_value=120))),
                "gender": draw(_maybe(_CODE)),
                "trafficking_status": draw(_maybe(st.sampled_from(("confirmed", "presumed", "not_identified")))),
            }
        )
        rows["enrollments"].append(
            {
                "enrollment_id": f"E{index}",
                "participant_id": f"P{index}",
                "site": draw(_maybe(_CODE)),
                "start_date": draw(_maybe(st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 1, 1)))),
                "exit_day": draw(_maybe(st.integers(min_value=0, max_value=3000))),
            }
        )
        for number in range(draw(st.integers(min_value=0, max_value=3))):
            rows["contacts"].append(
                {
                    "contact_id": f"C{index}-{number}",
                    "enrollment_id": f"E{index}",
                    "day": draw(_DAYS),
                    "contact_type": draw(st.sampled_from(TABLES["contacts"].column("contact_type").codes)),
                    "outcome": draw(st.sampled_from(("completed", "attempted"))),
                    "minutes": draw(_MINUTES),
                    "medium": draw(_maybe(_CODE)),
                }
            )
        rows["administrations"].append(
            {"administration_id": f"A{index}", "enrollment_id": f"E{index}", "instrument": "mspss", "day": draw(_DAYS)}
        )
        rows["responses"] += [
            {
                "administration_id": f"A{index}",
                "item": f"mspss_{item}",
                "response": (answer := draw(_maybe(st.integers(min_value=1, max_value=7)))),
                "missing_reason": None if answer is not None else draw(_maybe(st.just("declined"))),
            }
            for item in range(1, 4)
        ]
    return {
        name: pl.DataFrame(
            rows[name], schema={column.name: column.kind.dtype for column in schema.columns}, orient="row"
        )
        for name, schema in TABLES.items()
    }


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_written_and_read_back_they_are_equal(program: dict[str, pl.DataFrame]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in program.items():
            harmless_frame(frame).write_csv(Path(folder, f"{name}.csv"))
        tables = read_folder(folder)
    for name, frame in program.items():
        assert tables.table(name).equals(frame), name


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_days_written_as_dates_come_back_as_days(program: dict[str, pl.DataFrame]) -> None:
    start = date(2020, 2, 29)

    def dated(frame: pl.DataFrame) -> pl.DataFrame:
        dates = [start + timedelta(days=day) for day in frame["day"]]
        return frame.with_columns(pl.Series("date", dates, dtype=pl.Date)).drop("day")

    written = program | {name: dated(program[name]) for name in ("contacts", "administrations")}
    written["enrollments"] = program["enrollments"].with_columns(pl.lit(start).alias("start_date"))
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in written.items():
            harmless_frame(frame).write_csv(Path(folder, f"{name}.csv"))
        tables = read_folder(folder)
    for name in ("contacts", "administrations"):
        assert tables.table(name)["day"].equals(program[name]["day"])


_CELL = st.text(st.sampled_from('ab1 ,;"\n=#\u00e9'), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=1, max_value=4).flatmap(
    lambda width: st.lists(st.lists(_CELL, min_size=width, max_size=width), max_size=6)
))  # fmt: skip
def test_any_well_formed_file_is_read_as_the_reference_parser_reads_it(rows: list[list[str]]) -> None:
    """Python's csv module is the outside reference for quoting, line breaks in cells, and row numbers."""
    width = len(rows[0]) if rows else 1
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f"c{index}" for index in range(width)])
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        raw = read_csv(path, name="some.csv", log=(log := FaultLog()))
    log.raise_if_any(TableError, "The data were")
    assert raw is not None
    tidy = [tuple(cell.strip() or None for cell in row) for row in rows]
    expected = [(number, cells) for number, cells in enumerate(tidy, start=2) if any(cells)]
    assert raw.frame.rows() == [cells for _, cells in expected]
    assert raw.places["_row"].to_list() == [number for number, _ in expected]
