"""What a mapping can say of rows without ids, of copies, and of columns whose names mislead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import MappingError, TableError
from casearc.files.importing import Imported, import_files
from casearc.files.mapping.definition import CountWithin, Digest
from casearc.files.mapping.derive import expression
from casearc.files.mapping.explain import explain_mapping

MAPPING = """
version = 1
[table.participants]
file = "people.csv"
columns = { participant_id = "id" }
%s
[table.enrollments]
file = "people.csv"
columns = { participant_id = "id", enrollment_id = "id" }
[table.services]
file = "services.csv"
columns = { day = "day", service_code = "what" }
%s
"""
FOUND = 'derive = { enrollment_id = { from = "people.csv", key = { who = "id" }, column = "id" } }'
PEOPLE = "id,language\na,en\nb,es\n"
TWICE = "who,day,what\na,1,legal\na,1,legal\nb,1,legal\n"


def run(folder: Path, services: str = TWICE, *, said: str = FOUND, people: str = "", roster: str = PEOPLE) -> Imported:
    (folder / "people.csv").write_text(roster, encoding="utf-8")
    (folder / "services.csv").write_text(services, encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING % (people, said), encoding="utf-8")
    return import_files(folder / "mapping.toml", folder)


CELLS = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["1", "2", None])), max_size=8)


def made(rows: list[tuple[str | None, str | None]], way: CountWithin | Digest) -> list[str | None]:
    frame = pl.DataFrame(rows, schema={"who": pl.String, "when": pl.String}, orient="row")
    return frame.select(expression(way)).to_series().to_list()


@given(CELLS)
def test_rows_with_the_same_cells_are_counted(rows: list[tuple[str | None, str | None]]) -> None:
    numbers = made(rows, CountWithin(columns=("who", "when")))
    for at, row in enumerate(rows):
        before = rows[:at].count(row)
        assert numbers[at] == (str(before + 1) if before else None)


@settings(max_examples=50)
@given(CELLS, CELLS)
def test_the_same_cells_have_the_same_digest(
    first: list[tuple[str | None, str | None]], second: list[tuple[str | None, str | None]]
) -> None:
    """In whatever file, in whatever order the mapping names the columns; and other cells another."""
    here = zip(first, made(first, Digest(columns=("who", "when"))), strict=True)
    there = zip(second, made(second, Digest(columns=("when", "who"))), strict=True)
    pairs = {*here, *there}
    assert len({row for row, _ in pairs}) == len({digest for _, digest in pairs}) == len(pairs)


def test_a_column_that_came_later_changes_no_digest_of_rows_that_lack_it() -> None:
    frame = pl.DataFrame({"who": ["a"], "medium": [None]}, schema={"who": pl.String, "medium": pl.String})
    with_it, without = (expression(Digest(columns=names)).alias(names[-1]) for names in (("who", "medium"), ("who",)))
    assert frame.select(with_it, without).row(0)[0] == frame.select(with_it, without).row(0)[1]


# what the mapping says of copies, the rows that come in, whether they are told
COPIES = {
    "nothing": (FOUND, 3, True),
    "all": (f'{FOUND}\nduplicates = {{ key = ["who", "day", "what"], keep = "all" }}', 3, False),
    "the first": (f'{FOUND}\nduplicates = {{ key = ["who", "day", "what"], keep = "first" }}', 2, False),
}


@pytest.mark.parametrize("kind", COPIES)
def test_copies_are_told_unless_somebody_decided(kind: str, tmp_path: Path) -> None:
    said, rows, told = COPIES[kind]
    imported = run(tmp_path, said=said)
    assert imported.tables.services.height == rows
    assert any("says the same as another in every column" in note for note in imported.tables.report.notes) is told


def test_a_column_whose_name_misleads_is_left(tmp_path: Path) -> None:
    assert run(tmp_path).tables.participants["language"].to_list() == ["en", "es"]
    left = run(tmp_path, people='leave = ["language"]').tables.participants
    assert left["language"].to_list() == [None, None]


@pytest.mark.parametrize("said", ['leave = ["participant_id"]', "leave = []"])
def test_what_cannot_be_left_is_refused(said: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"leave|participant_id is left out and taken"):
        run(tmp_path, people=said)


# services of somebody who is in no other file; what is said of the row, and where
NOBODYS = {
    "unknown": ("who,day,what\nc9x,1,legal\n", ("services.csv", 2, "who"), "No row of people.csv has this id"),
    "unnamed": ("who,day,what\n,1,legal\n", ("services.csv", 2, "enrollment_id"), "The cell is empty"),
}


@pytest.mark.parametrize("kind", NOBODYS)
def test_whose_row_nobody_knows(kind: str, tmp_path: Path) -> None:
    services, place, words = NOBODYS[kind]
    with pytest.raises(TableError) as caught:
        run(tmp_path, services)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.column) == place
    assert fault.problem.startswith(words)
    assert "c9x" not in str(caught.value)


def test_a_person_whose_row_lacks_the_stay_is_not_called_unknown(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="The cell is empty"):
        run(tmp_path, said=FOUND.replace('column = "id"', 'column = "stay"'), roster="id,stay\na,\nb,\n")


@pytest.mark.parametrize(
    ("derive", "told"),
    [
        (
            {"id": {"join": ["who", "_copy"]}, "_copy": {"count_within": ["who"]}},
            "id is made of who, with a number where an earlier row has the same.",
        ),
        (
            {
                "id": {"join": ["who", "_kind", "_copy"]},
                "_kind": {"digest": ["type", "place"]},
                "_copy": {"count_within": ["who", "type", "place"]},
            },
            "id is made of who, type, place, with a number where an earlier row has the same.",
        ),
        (
            {"id": {"join": ["_each"]}, "_each": {"join": ["who", "_n"]}, "_n": {"count_within": ["who"]}},
            "id is made of who, with a number where an earlier row has the same.",
        ),
        ({"id": {"join": ["who", "when"], "prefix": "v-"}}, "id is v- and who and when put together."),
    ],
)
def test_an_id_is_told_by_what_it_is_made_of(derive: dict[str, Any], told: str) -> None:
    content = {"version": 1, "table": {"contacts": {"file": "c.csv", "derive": derive}}}
    assert f"  {told}" in explain_mapping(content)
