"""Which column names look as if they told who a person is, and which do not."""

from __future__ import annotations

import pytest

from casearc.tables.names import holds_text, identifies

IDENTIFYING = """name, Name, first_name, LastName, client name, staff_name, Mother's name, DOB, birth_date,
date of birth, E-mail, phone2, Phone, home_address, ZIP, ssn, Social Security No, instagram"""
HARMLESS = """age, instrument_name, program name, site_name, language, trial, emotion, namely, birth_country,
phonetics, staff_id, mspss_1, streetwork_hours, children"""


def names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


@pytest.mark.parametrize("name", names(IDENTIFYING))
def test_columns_that_identify(name: str) -> None:
    assert identifies(name)


@pytest.mark.parametrize("name", names(HARMLESS))
def test_columns_that_do_not(name: str) -> None:
    assert not identifies(name)


@pytest.mark.parametrize(("name", "text"), [("contact note", True), ("Comments", True), ("annotated", False)])
def test_columns_of_free_text(name: str, text: bool) -> None:
    assert holds_text(name) is text
