"""What is a code and what a text that could tell of somebody: the same wherever a cell is shown or taken in."""

from __future__ import annotations

import polars as pl
import pytest

from casearc.files.codes_and_texts import called, is_code, is_no_code, is_plain
from casearc.files.proposal.vocabulary import CODES

# text, in how many cells, a code of the agency's own, a code of a closed list
TEXTS = [
    ("Completed", 1, True, True),
    ("Not completed", 1, True, True),
    ("Native Hawaiian or Other Pacific Islander", 1, True, True),
    ("Muy en desacuerdo", 1, True, True),
    ("F2F", 1, True, True),
    ("9", 1, True, True),
    ("Inventa", 1, True, False),
    ("inventing", 3, True, True),
    ("an invention", 1, True, False),
    ("Camp Inventa", 2, False, False),
    ("Camp Inventa", 3, True, False),
    ("Girl, goes by Rosa Madeup", 2, False, False),
    ("goes by inventa", 2, False, False),
    ("Drove Rosa Madeup and sister to court", 4, False, False),
    ("Referred to the Madeup Valley program", 5, True, False),
    ("Called Rosa Madeup 555-0142", 90, False, False),
    ("moved to her aunt at 4 Madeup Ave", 90, False, False),
    ("vive en Calle Inventada 12", 90, False, False),
    ("made@example.org", 90, False, False),
    ("born 3/4/2008", 90, False, False),
    ("two\nlines", 90, False, False),
]


@pytest.mark.parametrize(("text", "count", "own", "closed"), TEXTS)
def test_codes_and_texts(text: str, count: int, *, own: bool, closed: bool) -> None:
    assert (is_code(text, count), is_code(text, count, closed=True)) == (own, closed)


def test_a_list_with_one_text_in_it_is_a_text() -> None:
    cells = pl.Series(["black;white", "black; cousin of Rosa Madeup", "white", None])
    assert is_no_code(cells, several=True).to_list() == [False, True, False, False]


def test_what_fills_a_column_alone_is_a_code() -> None:
    assert is_no_code(pl.Series(["Camp Inventa", "Camp Inventa"])).to_list() == [False, False]
    assert is_no_code(pl.Series(["Camp Inventa", "Madeup House"])).to_list() == [True, True]


# a column's name, what it is called where everybody reads it
HEADERS = {
    "Living situation": "Living situation",
    "What is your preferred language?": "What is your preferred language?",
    "Report run by J. Madeup on 3/4/2024": "number 7",
    "Rosa's mother will call back about court": "number 7",
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_reads_like_a_text_is_called_by_its_number(name: str) -> None:
    assert called(name, 7) == HEADERS[name]


def test_the_words_of_every_known_code_are_plain() -> None:
    """Otherwise a code that the vocabulary knows would be kept from whoever looks at the mapping."""
    phrases = [phrase for codes in CODES.values() for phrases in codes.values() for phrase in phrases]
    assert [phrase for phrase in phrases if not is_plain(phrase)] == []
