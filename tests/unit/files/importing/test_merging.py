"""An import beside earlier ones: twice is once, new rows are added, changed ones renewed, the others stay."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.files.importing.merge import Counts, merge
from casearc.tables import TABLES, Tables


def needs(*rows: tuple[str, int, str, str]) -> Tables:
    return Tables.of(needs=pl.DataFrame(rows, schema=["enrollment_id", "day", "domain", "level"], orient="row"))


def services(*rows: tuple[str, int, str]) -> Tables:
    return Tables.of(services=pl.DataFrame(rows, schema=["enrollment_id", "day", "service_code"], orient="row"))


A, B, C = ("e1", 0, "housing", "2"), ("e1", 0, "school", "1"), ("e2", 5, "housing", "3")

# what was there, what comes, what is counted
IDENTIFIED = {
    "nothing was there": (needs(), needs(A, B), Counts(added=2, changed=0, same=0, others=0)),
    "nothing comes": (needs(A), needs(), Counts(added=0, changed=0, same=0, others=1)),
    "the same": (needs(A, B), needs(B, A), Counts(added=0, changed=0, same=2, others=0)),
    "one more": (needs(A), needs(A, B), Counts(added=1, changed=0, same=1, others=0)),
    "one fewer": (needs(A, B), needs(A), Counts(added=0, changed=0, same=1, others=1)),
    "one changed": (needs(A, B), needs((*A[:3], "9")), Counts(added=0, changed=1, same=0, others=1)),
    "all of it": (needs(A, B), needs((*A[:3], "9"), B, C), Counts(added=1, changed=1, same=1, others=0)),
}


@pytest.mark.parametrize("kind", IDENTIFIED)
def test_rows_are_the_same_by_their_identity(kind: str) -> None:
    there, new, counts = IDENTIFIED[kind]
    merged = merge(there, new)
    assert merged.counts["needs"] == counts
    assert merged.frames["needs"].height == counts.total
    assert merged.frames["needs"].select("enrollment_id", "day", "domain").is_unique().all()
    for row in new.needs.rows():
        assert row in merged.frames["needs"].rows()


ANSWER = ["administration_id", "item", "response", "missing_reason"]
GOAL = ["goal_id", "enrollment_id", "opened_day", "closed_day", "status", "rating"]

# what there was of a row, what comes, what stands afterwards
CELLS = {
    "an answer, and no more": (ANSWER, ("a", "i", 5.0, None), ("a", "i", None, None), ("a", "i", 5.0, None)),
    "no answer, and then one": (ANSWER, ("a", "i", None, "declined"), ("a", "i", 5.0, None), ("a", "i", 5.0, None)),
    "an answer taken back": (
        ANSWER,
        ("a", "i", 5.0, None),
        ("a", "i", None, "declined"),
        ("a", "i", None, "declined"),
    ),
    "a goal with less": (
        GOAL,
        ("g", "e", 0, 9, "met", 1),
        ("g", "e", 0, None, "met", None),
        ("g", "e", 0, 9, "met", 1),
    ),
    "a goal opened again": (
        GOAL,
        ("g", "e", 0, 9, "met", 1),
        ("g", "e", 0, None, "open", None),
        ("g", "e", 0, None, "open", None),
    ),
}


@pytest.mark.parametrize("kind", CELLS)
def test_what_a_row_had_stays_unless_it_cannot_be(kind: str) -> None:
    columns, old, new, stands = CELLS[kind]
    table = "responses" if columns is ANSWER else "goals"
    there, here = (Tables.of(**{table: pl.DataFrame([row], schema=columns, orient="row")}) for row in (old, new))
    merged = merge(there, here)
    assert merged.frames[table].select(columns).rows() == [stands]
    assert merged.counts[table].changed == (stands != old)


S, T = ("e1", 3, "legal"), ("e1", 4, "legal")

# the same for rows without an identity: each copy of a whole row counts
COPIES = {
    "the same": (services(S, S), services(S, S), 2),
    "one copy more": (services(S), services(S, S), 2),
    "one copy fewer": (services(S, S), services(S), 2),
    "another row": (services(S), services(T), 2),
}


@pytest.mark.parametrize("kind", COPIES)
def test_rows_without_an_identity_are_counted(kind: str) -> None:
    there, new, total = COPIES[kind]
    assert merge(there, new).frames["services"].height == total


def test_a_covariate_that_is_a_number_here_and_a_text_there() -> None:
    old = Tables.of(participants=pl.DataFrame({"participant_id": ["p1"], "county": [7.0]}))
    new = Tables.of(participants=pl.DataFrame({"participant_id": ["p2"], "county": ["north"], "team": ["red"]}))
    merged = merge(old, new).frames["participants"]
    assert merged["participant_id"].to_list() == ["p1", "p2"]
    assert merged["county"].to_list()[1] == "north"
    assert merged["team"].to_list() == [None, "red"]


ROW = st.tuples(
    st.sampled_from(["e1", "e2"]), st.integers(0, 3), st.sampled_from(["a", "b"]), st.sampled_from(["1", "2"])
)
BATCH = st.lists(ROW, max_size=8, unique_by=lambda row: row[:3])


@settings(deadline=None, max_examples=60)
@given(BATCH, BATCH)
def test_any_two_imports(first: list[tuple[str, int, str, str]], second: list[tuple[str, int, str, str]]) -> None:
    """The second goes over the first row by row, as a dictionary does, and again changes nothing."""
    once = merge(merged_tables(merge(None, needs(*first))), needs(*second))
    expected = {row[:3]: row[3] for row in first} | {row[:3]: row[3] for row in second}
    assert {row[:3]: row[3] for row in once.frames["needs"].rows()} == expected
    twice = merge(merged_tables(once), needs(*second))
    assert twice.counts["needs"].added == twice.counts["needs"].changed == 0
    assert twice.frames["needs"].sort(pl.all()).equals(once.frames["needs"].sort(pl.all()))


def merged_tables(merged: object) -> Tables:
    frames = merged.frames  # type: ignore[attr-defined]
    return Tables.made_of({name: frames[name] for name in TABLES})
