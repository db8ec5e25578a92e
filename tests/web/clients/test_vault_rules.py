"""Ages, hours and likeness are told by rules that anybody can read here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from casearc_web.vault.birth import age_on, birth_in_words, whole_years, year_from_age
from casearc_web.vault.hours import Hours
from casearc_web.vault.matching import Likeness, alike
from web.cast import Cast

DAY = date(2026, 3, 13)
AGES = [
    # stored        whole years on DAY   years with decimals
    ("2010-03-14", 15, Decimal("16.00")),
    ("2010-03-13", 16, Decimal("16.00")),
    ("2010", None, None),
    ("", None, None),
    ("2027-01-01", None, None),
]


@pytest.mark.parametrize(("stored", "whole", "exact"), AGES)
def test_age(stored: str, whole: int | None, exact: Decimal | None) -> None:
    assert (whole_years(stored, DAY), age_on(stored, DAY)) == (whole, exact)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 1, 15), "2010"), (date(2026, 6, 30), "2010"), (date(2026, 7, 1), "2011")]
)
def test_the_year_that_an_age_of_fifteen_most_likely_means(day: date, year: str) -> None:
    assert year_from_age(15, day) == year


def test_where_only_the_age_was_known_it_says_so() -> None:
    assert "only the age was known" in birth_in_words("2010", DAY)


MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
HOURS = [
    # what is kept                                        day      at       allowed
    ({}, MONDAY, "03:00", True),
    ({"days": [0]}, MONDAY, "23:59", True),
    ({"days": [0]}, TUESDAY, "00:00", False),
    ({"from": "15:00", "until": "18:00"}, MONDAY, "15:00", True),
    ({"from": "15:00", "until": "18:00"}, MONDAY, "18:01", False),
    ({"from": "15:00"}, MONDAY, "14:59", False),
    ({"until": "18:00"}, MONDAY, "00:00", True),
    ({"days": [0], "from": "22:00", "until": "02:00"}, MONDAY, "23:00", True),
    ({"days": [0], "from": "22:00", "until": "02:00"}, TUESDAY, "01:00", True),
    ({"days": [0], "from": "22:00", "until": "02:00"}, MONDAY, "01:00", False),
    ({"days": [0], "from": "22:00", "until": "02:00"}, TUESDAY, "23:00", False),
]


@pytest.mark.parametrize(("kept", "day", "at", "allowed"), HOURS)
def test_hours(kept: dict[str, object], day: date, at: str, allowed: bool) -> None:
    assert Hours.of(kept).allow(datetime.fromisoformat(f"{day}T{at}")) is allowed
    assert Hours.of(kept).stored() == kept


LIKES = [
    # name             born          like Acacia Oriole, 2010-03-14
    ("Oriole ACACIA", "", {Likeness.NAME}),
    ("Acacia", "", set()),
    ("Acorn", "2010-03-14", {Likeness.BIRTH}),
    ("Zinnia", "2010-03-14", set()),
    ("Acacia Oriole", "2010-03-14", {Likeness.NAME, Likeness.BIRTH}),
    ("Acacia Oriole", "2010", {Likeness.NAME}),
    ("", "2010-03-14", set()),
]


@pytest.mark.parametrize(("name", "born", "likeness"), LIKES)
def test_likeness(cast: Cast, name: str, born: str, likeness: set[Likeness]) -> None:
    found = alike(cast.riverbend.pk, names=[name], birth_date=born, ways=[])
    assert set(found.get(cast.acacia.identity.pk, ())) == likeness


def test_another_agencys_digests_are_never_alike(cast: Cast) -> None:
    assert alike(cast.farshore.pk, names=["Acacia Oriole"], birth_date="2010-03-14", ways=[]) == {}
