"""How each quantity is printed: one readable table, because this is the only place that rounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casearc.findings import Interval, Number, Quantity, Sentence, Text
from casearc.reports.cells import Printer
from casearc.reports.numbers import (
    interval_text,
    level_text,
    number_text,
    p_statement,
    rounded,
    rounded_limits,
    share_text,
    whole_text,
)
from casearc.reports.sentences import say

Q = Quantity


@pytest.mark.parametrize(
    ("value", "quantity", "text"),
    [
        (4.3149, Q.MEAN, "4.31"),
        (1234.5, Q.MEAN, "1,234.50"),
        (1.3, Q.SD, "1.30"),
        (-0.345, Q.DIFFERENCE, "−0.34"),  # the sign is a minus, and the binary value lies below the half
        (-0.001, Q.DIFFERENCE, "0.00"),  # never "−0.00"
        (0.42, Q.COEFFICIENT, "0.42"),
        (0.0712, Q.COEFFICIENT, "0.071"),
        (-0.00412, Q.COEFFICIENT, "−0.0041"),
        (0.031, Q.STANDARD_ERROR, "0.031"),
        (1.5749, Q.RATIO, "1.57"),
        (28.184, Q.RATIO, "28.2"),
        (812.69, Q.RATIO, "813"),
        (0.31, Q.EFFECT_SIZE, "0.31"),
        (0.9312, Q.RELIABILITY, "0.93"),
        (0.0712, Q.PROPORTION, "7 %"),
        (2.5299, Q.STATISTIC, "2.53"),
        (66.0, Q.DF, "66"),
        (41.27, Q.DF, "41.3"),
        (0.412, Q.FIT, "0.41"),
        (-179.9817, Q.FIT, "−179.98"),
        (-45.0, Q.LEVEL, "−45"),
        (30.4375, Q.LEVEL, "30.44"),
        (0.0134, Q.P_VALUE, ".013"),
        (0.0004, Q.P_VALUE, "< .001"),
        (0.9999, Q.P_VALUE, "> .999"),
        (0.0496, Q.P_VALUE, ".0496"),  # three decimals would put it on .05, which decides
        (0.05, Q.P_VALUE, ".050"),
        (1.0, Q.P_VALUE, "> .999"),
    ],
)
def test_a_number_is_printed_by_its_quantity(value: float, quantity: Quantity, text: str) -> None:
    assert number_text(value, quantity) == text


@pytest.mark.parametrize(
    ("low", "high", "quantity", "text"),
    [
        (0.1249, 0.4801, Q.DIFFERENCE, "0.12 to 0.48"),
        (-0.2, 0.48, Q.DIFFERENCE, "−0.20 to 0.48"),
        (0.003, 0.481, Q.DIFFERENCE, "0.003 to 0.481"),  # not rounded onto no difference
        (0.0, 0.481, Q.DIFFERENCE, "0.00 to 0.48"),
        (1.004, 2.1, Q.RATIO, "1.004 to 2.100"),  # nor onto an odds ratio of one
        (0.25, 238.47, Q.RATIO, "0.25 to 238"),
        (0.0092, 0.1332, Q.COEFFICIENT, "0.009 to 0.133"),
        (None, 0.48, Q.DIFFERENCE, "0.48 or less"),
        (0.12, None, Q.DIFFERENCE, "0.12 or more"),
        (0.021, 0.094, Q.PROPORTION, "2 % to 9 %"),
    ],
)
def test_an_interval_is_printed_in_words(low: float, high: float, quantity: Quantity, text: str) -> None:
    assert interval_text(low, high, quantity) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.004, "< 1 %"), (0.01, "1 %"), (0.745, "74 %"), (0.996, "> 99 %"), (1.0, "100 %")],
)
def test_some_is_never_printed_as_none_or_all(share: float, text: str) -> None:
    assert share_text(share) == text


def test_counts_levels_and_p_in_words() -> None:
    assert whole_text(12480) == "12,480"
    assert (level_text(0.95), level_text(0.975)) == ("95 %", "97.5 %")
    assert (p_statement(0.0134), p_statement(0.0001)) == ("p = .013", "p < .001")


@given(st.floats(-1e6, 1e6), st.sampled_from([q for q in Quantity if q not in (Q.P_VALUE, Q.PROPORTION)]))
def test_the_number_in_data_is_the_printed_one(value: float, quantity: Quantity) -> None:
    """What leaves the house in results.json says no more than the paper does."""
    printed = number_text(value, quantity).replace(",", "").replace("−", "-")
    assert rounded(value, quantity) == float(printed)


@given(st.floats(-1e3, 1e3), st.floats(0, 1e3), st.sampled_from([Q.DIFFERENCE, Q.COEFFICIENT, Q.RATIO, Q.EFFECT_SIZE]))
def test_limits_in_data_are_the_printed_ones(low: float, width: float, quantity: Quantity) -> None:
    printed = interval_text(low, low + width, quantity).replace(",", "").replace("−", "-").split(" to ")
    assert rounded_limits(low, low + width, quantity) == tuple(float(limit) for limit in printed)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("support rose ({p})", "support rose (p = .013)"),
        ("support rose (p = {p})", "support rose (p = .013)"),
        ("support rose (p {p})", "support rose (p = .013)"),
        ("by 0.3 ({interval})", "by 0.3 (95 % interval 0.12 to 0.48)"),
        ("by 0.3 (95 % interval {interval})", "by 0.3 (95 % interval 0.12 to 0.48)"),
        ("named {name}, missing {other}", "named {p}, missing {other}"),
    ],
)
def test_a_sentence_says_each_thing_once(template: str, text: str) -> None:
    """Slots name themselves unless the template does; words are never read as templates again."""
    slots = {
        "p": Number(0.0134, Q.P_VALUE),
        "interval": Interval(0.12, 0.48, 0.95, Q.DIFFERENCE),
        "name": Text("{p}"),
    }
    assert say(Sentence(template, slots), Printer({}, full=False)).text == text


def test_what_is_not_a_number_is_no_value() -> None:
    """A bare nan or inf is never printed, whoever let it through."""
    printer = Printer({}, full=True)
    assert printer.cell(Number(float("nan"), Q.MEAN)).data == {"kind": "blank", "text": ""}
    assert printer.cell(Interval(0.1, float("inf"), 0.95, Q.RATIO)).text == "0.10 or more"
