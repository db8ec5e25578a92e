"""Responses that cannot be scored are refused: where and why is said, the value never.

Promise guarded: no wrong score without a sign, and no participant's answer in a message.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from response_frames import KINDS, long, wide

from casearc.errors import ScoringError, UsageError
from casearc.instruments import load
from casearc.scoring import score

MSPSS = load("mspss")
FOUR = {str(item): 4 for item in range(1, 13)}


def three() -> pl.DataFrame:
    return wide([FOUR] * 3, MSPSS)


def cell(value: float) -> pl.DataFrame:
    """Three administrations, the second with `value` as its answer to item 5."""
    return three().with_columns(mspss_5=pl.Series([4.0, value, 4.0]))


def cell_in_long(value: float) -> pl.DataFrame:
    here = (pl.col("administration_id") == "a00001") & (pl.col("item") == "mspss_5")
    return long(three()).with_columns(response=pl.when(here).then(value).otherwise("response"))


TEXTS = pl.Series("mspss_5", ["4", "87.25x", "4"])

# what is wrong -> frame, then (row, column, words of the problem) of each fault
REFUSED: dict[str, tuple[pl.DataFrame, list[tuple[int | None, str, str]]]] = {
    "over the range": (cell(87.0), [(3, "mspss_5", "not within the range")]),
    "under the range": (cell(0.0), [(3, "mspss_5", "not within the range")]),
    "not whole": (cell(3.87), [(3, "mspss_5", "not a whole number")]),
    "infinite": (cell(float("inf")), [(3, "mspss_5", "not within the range")]),
    "text": (three().with_columns(TEXTS), [(3, "mspss_5", "text stands")]),
    "decimal comma": (three().with_columns(mspss_5=pl.Series(["4", "87,5", "4"])), [(3, "mspss_5", "decimal comma")]),
    "true and false": (
        three().with_columns(mspss_5=pl.Series([True, None, False])),
        [(2, "mspss_5", "text stands"), (4, "mspss_5", "text stands")],
    ),
    "no id": (
        three().with_columns(administration_id=pl.Series(["a", None, "c"])),
        [(3, "administration_id", "no id")],
    ),
    "an administration twice": (
        three().with_columns(administration_id=pl.Series(["a87", "b", "a87"])),
        [(2, "administration_id", "more than once"), (4, "administration_id", "more than once")],
    ),
    "long: over the range": (cell_in_long(87.0), [(15, "response", "not within the range")]),
    "long: unknown item": (
        long(three()).with_columns(pl.col("item").replace("mspss_5", "mspss_87")),
        [(row, "item", "no such item") for row in (14, 15, 16)],
    ),
    "long: item of another instrument": (
        long(three()).with_columns(pl.col("item").replace("mspss_5", "cop_se_5")),
        [(row, "item", "no such item") for row in (14, 15, 16)],
    ),
    "long: item of another instrument, with its own range": (
        long(three()).with_columns(
            item=pl.col("item").replace("mspss_5", "cop_se_5"),
            response=pl.when(pl.col("item") == "mspss_5").then(10).otherwise("response"),
        ),
        [(row, "item", "no such item") for row in (14, 15, 16)],
    ),
    "long: no item": (
        long(three()).with_columns(item=pl.when(pl.col("item") != "mspss_5").then("item")),
        # the three rows without an item repeat nothing: each is its administration's only one
        [(row, "item", "no such item") for row in (14, 15, 16)],
    ),
    "long: item twice": (
        pl.concat([long(three()), long(three()).tail(1)]),
        [(37, "item", "more than once"), (38, "item", "more than once")],
    ),
    "long: response and reason": (
        long(three()).with_columns(missing_reason=pl.Series(["declined87", ""] + [None] * 34)),
        [(2, "missing_reason", "stand in one row")],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_place_and_without_value(name: str, kind: str) -> None:
    frame, expected = REFUSED[name]
    with pytest.raises(ScoringError) as refusal:
        score(KINDS[kind](frame), "mspss")
    told = [(fault.row, fault.column) for fault in refusal.value.faults]
    assert told == [(row, column) for row, column, _ in expected]
    for fault, (_, _, words) in zip(refusal.value.faults, expected, strict=True):
        assert words in fault.problem
    assert "87" not in str(refusal.value)


# what is wrong with the columns -> change, words of the message
COLUMNS: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "no id column": (lambda frame: frame.drop("administration_id"), "no column `administration_id`"),
    "another instrument's columns": (
        lambda frame: frame.rename(lambda name: name.replace("mspss", "cop_se")),
        "no responses of `mspss`",
    ),
    "unknown item": (lambda frame: frame.with_columns(mspss_13=4), "column mspss_13: `mspss` has no such item"),
    "absent item": (lambda frame: frame.drop("mspss_7"), "column mspss_7: the column of a scored item is missing"),
    "column in the way": (lambda frame: frame.with_columns(mspss_total=4), "column mspss_total: scoring makes"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_that_do_not_fit_are_refused(name: str) -> None:
    change, words = COLUMNS[name]
    with pytest.raises(ScoringError, match=words):
        score(change(three()), "mspss")


def test_an_absent_column_of_an_unscored_item_is_no_fault() -> None:
    urica = load("urica")
    frame = wide([{item.id: 3 for item in urica.items}], urica)
    assert score(frame.drop("urica_4", "urica_31"), urica).rows() == score(frame, urica).rows()


def test_at_most_fifty_faults_are_listed_and_a_rare_one_is_among_them() -> None:
    frame = wide([FOUR] * 200, MSPSS).with_columns(mspss_1=pl.lit(87))
    frame = frame.with_columns(administration_id=pl.col("administration_id").replace("a00199", "a00198"))
    with pytest.raises(ScoringError) as refusal:
        score(frame, "mspss")
    assert len(refusal.value.faults) == 51
    assert refusal.value.faults[-1].problem == "and 152 more."
    assert any("more than once" in fault.problem for fault in refusal.value.faults)


USAGE: dict[str, dict[str, str]] = {
    "no such instrument": {"instrument": "mspsss"},
    "no such variant": {"instrument": "mspss:short"},
    "no such rule": {"instrument": "mspss", "missing": "mean"},
    "no such bands": {"instrument": "mspss", "bands": "means"},
    "no coding": {"instrument": "mspss", "coding": "one to ten"},
    "coding the wrong way round": {"instrument": "mspss", "coding": "7-1"},
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_calls_are_usage_errors(name: str) -> None:
    with pytest.raises(UsageError):
        score(three(), **USAGE[name])


def test_frames_without_rows_give_scores_without_rows() -> None:
    for frame in (three().clear(), long(three()).clear()):
        scored = score(frame, "mspss")
        assert scored.is_empty()
        assert scored.schema["mspss_total"] == pl.Float64
