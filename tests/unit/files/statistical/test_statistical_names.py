"""Columns keep their names where SPSS and Stata allow it, and never lose them to one another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.files.statistical.names import SPSS, STATA, Rule, allowed_names

NAMES = [
    (SPSS, "mspss_1", "mspss_1"),
    (SPSS, "score@intake", "score@intake"),
    (SPSS, "first name", "first_name"),
    (SPSS, "_row2", "v_row2"),
    (SPSS, "1st", "v_1st"),
    (SPSS, "With", "With_"),
    (SPSS, "total.", "total"),
    (SPSS, "año", "año"),
    (SPSS, "é" * 40, "é" * 32),
    (STATA, "score@intake", "score_intake"),
    (STATA, "_row2", "_row2"),
    (STATA, "int", "int_"),
    (STATA, "Int", "Int"),
    (STATA, "str20", "str20_"),
    (STATA, "a" * 40, "a" * 32),
]


@pytest.mark.parametrize(("rule", "column", "name"), NAMES)
def test_names(rule: Rule, column: str, name: str) -> None:
    assert allowed_names([column], rule) == {column: name}


def test_a_column_whose_name_is_allowed_keeps_it_whatever_the_others_are_called() -> None:
    found = allowed_names(["score intake", "score_intake", "Score_Intake"], SPSS)
    assert found == {"score intake": "score_intake_3", "score_intake": "score_intake", "Score_Intake": "Score_Intake_2"}
    assert allowed_names(["x", "X"], STATA) == {"x": "x", "X": "X"}


@settings(max_examples=60)
@given(columns=st.lists(st.text(min_size=1, max_size=70), unique=True, max_size=12))
@pytest.mark.parametrize("rule", [SPSS, STATA], ids=["spss", "stata"])
def test_names_differ_and_are_allowed(rule: Rule, columns: list[str]) -> None:
    names = list(allowed_names(columns, rule).values())
    assert len({name.casefold() if rule.folds else name for name in names}) == len(columns)
    for name in names:
        assert rule.length(name) <= rule.longest + 1
        assert re.match(r"[^\W\d]", name)
