"""Promises: only a single SELECT is run; a database's values become the text a sheet holds, unrounded and harmless."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc_sources.cells import text_frame, why_no_columns
from casearc_sources.statements import why_refused, without_end

READING = [
    "select 1",
    "  SELECT day, minutes FROM contacts WHERE minutes > 5 ;  ",
    "with late as (select * from contacts where day > 3) select * from late",
    "(select 1) union all (select 2)",
    "select last_update, deleted, created_on, replace(name, 'a', 'b'), settings from clients",
    "select '12:30', ':name', 100 % 7, '50%', \"Order\" from t",
]
REFUSED = [
    "",
    "insert into contacts values (1)",
    "update contacts set minutes = 0",
    "delete from contacts",
    "drop table contacts",
    "pragma query_only = 0",
    "selection",
    "explain select 1",
    "select 1; drop table contacts",
    "select 1;;",
    "select ';' from contacts",
    "select 1 -- and more",
    "select /*! 1 */ 1",
    "select 1 # and more",
    "with gone as (delete from contacts returning *) select * from gone",
    "with new as (insert into contacts values (1) returning *) select * from new",
    "select * into copied from contacts",
    "select * from contacts into outfile 'a'",
    "select * from contacts for update",
    "select * from contacts for share",
    "select nextval('ids')",
    "select pg_catalog.setval('ids', 1)",
    "select set_config('transaction_read_only', 'off', true)",
    "select load_extension('a')",
    "select lo_export(1, 'a')",
    "select * from dblink('a', 'b')",
    "select E'\\047'",
    "SELECT 1 FROM a WHERE b = 'Delete'",
    "select 1\x00",
]


@pytest.mark.parametrize("statement", READING)
def test_a_single_select_is_run(statement: str) -> None:
    assert why_refused(statement) == ""


@pytest.mark.parametrize("statement", REFUSED)
def test_everything_else_is_refused(statement: str) -> None:
    assert why_refused(statement)


def test_the_end_of_a_statement_is_taken_off() -> None:
    assert without_end(" select 1 ; \n") == "select 1"


VALUES = [
    ([5.0, 0.1, None, math.nan, 1e15], ["5", "0.1", None, None, "1000000000000000"]),
    ([1, -2, None], ["1", "-2", None]),
    ([2**70, 1], [str(2**70), "1"]),
    ([True, None, False], ["true", None, "false"]),
    ([Decimal("5.00"), Decimal("1.50"), Decimal("100"), None], ["5", "1.5", "100", None]),
    ([Decimal("1E+3"), Decimal("NaN")], ["1000", None]),
    ([date(2024, 2, 29), None], ["2024-02-29", None]),
    ([datetime(2024, 2, 29, 23, 5), None], ["2024-02-29 23:05:00", None]),
    ([datetime(2024, 1, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))], ["2024-01-01 23:30:00"]),
    ([datetime(2024, 1, 1, tzinfo=UTC), None], ["2024-01-01 00:00:00", None]),
    ([time(9, 5), None], ["09:05:00", None]),
    ([timedelta(minutes=30), None], ["1800", None]),
    (["  a ", "", " ", None], ["a", None, None, None]),
    (["=1+1", "'a", "-5", "@x"], ["'=1+1", "''a", "-5", "'@x"]),
    ([1, "a", 2.0, None, 0.5], ["1", "a", "2", None, "0.5"]),
    ([["a", 1], {"b": "ñ"}], ['["a", 1]', '{"b": "ñ"}']),
    ([UUID(int=5)], ["00000000-0000-0000-0000-000000000005"]),
    ([None, None], [None, None]),
]


@pytest.mark.parametrize(("values", "texts"), VALUES)
def test_values_become_texts(values: list[object], texts: list[str | None]) -> None:
    assert text_frame(["a"], [(value,) for value in values])["a"].to_list() == texts


def test_bytes_are_refused_by_their_column() -> None:
    with pytest.raises(TypeError, match=r"^photo$"):
        text_frame(["id", "photo"], [(1, b"zq"), (2, None)])


def test_names_of_columns() -> None:
    assert not list(why_no_columns(["a", "b"]))
    assert len(list(why_no_columns(["a", "a", " ", "=b", "_file"]))) == 4


@given(st.lists(st.integers() | st.none(), max_size=8), st.sampled_from([int, Decimal, str]))
@settings(max_examples=60)
def test_whole_numbers_are_never_rounded(numbers: list[int | None], kind: type) -> None:
    cells = text_frame(["a"], [(None if each is None else kind(each),) for each in numbers])
    assert cells["a"].to_list() == [None if each is None else str(each) for each in numbers]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
@settings(max_examples=60)
def test_numbers_come_back_equal(numbers: list[float]) -> None:
    assert [float(cell) for cell in text_frame(["a"], [(each,) for each in numbers])["a"]] == numbers


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=8))
@settings(max_examples=60)
def test_no_cell_of_a_file_begins_as_a_formula_does(texts: list[str]) -> None:
    written = text_frame(["a", "b"], [(text, "x") for text in texts]).write_csv()
    found = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert len(found) == len(texts)
    assert not [row for row in found if row[0][:1] in ("=", "@", "\t", "\r")]
