"""Any answers, any frame: the same scores, and those an independent implementation in fractions gives.

Promise guarded: shape, library and dtype of a frame never change a score.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from response_frames import KINDS, Answers, as_rows, long, wide

from casearc.instruments import Instrument, available, load, score_exactly
from casearc.scoring import output_columns, score

INSTRUMENTS = {reference: load(reference) for reference in available()}
quick = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def answers_to(instrument: Instrument) -> st.SearchStrategy[list[Answers]]:
    """A few administrations, from complete to empty."""
    answer = st.integers(instrument.low, instrument.high)
    mostly = st.one_of(answer, answer, answer, answer, answer, answer, answer, st.none())
    row = st.one_of(
        st.fixed_dictionaries({item.id: answer for item in instrument.items}),
        st.fixed_dictionaries({item.id: mostly for item in instrument.items}),
    )
    return st.lists(row, min_size=1, max_size=25)


@pytest.mark.parametrize("missing", ["house", "strict"])
@pytest.mark.parametrize("reference", INSTRUMENTS)
def test_scores_equal_the_exact_ones(reference: str, missing: str) -> None:
    instrument = INSTRUMENTS[reference]

    @quick
    @given(answers_to(instrument))
    def holds(rows: list[Answers]) -> None:
        scored = score(wide(rows, instrument), instrument, missing=missing)
        for row, made in zip(rows, scored.iter_rows(named=True), strict=True):
            for column, exact in score_exactly(instrument, row, missing=missing).items():
                assert made[column] == (float(exact) if isinstance(exact, Fraction) else exact), column

    holds()


@pytest.mark.parametrize("reference", ["mspss", "cop_se:short-13", "urica"])
def test_wide_and_long_and_every_kind_of_frame_agree(reference: str) -> None:
    instrument = INSTRUMENTS[reference]

    @settings(quick, max_examples=4)
    @given(answers_to(instrument))
    def holds(rows: list[Answers]) -> None:
        frame = wide(rows, instrument)
        expected = as_rows(score(frame, instrument))
        for kind in KINDS.values():
            assert as_rows(score(kind(frame), instrument)) == expected
            assert as_rows(score(kind(long(frame)), instrument)) == expected

    holds()


REVERSED = {
    "instrument.toml": """
        id = "turn"
        title = "Made up, with items that count the other way round"
        version = "1.0.0"
        languages = ["en"]
        [range]
        low = 0
        high = 4
        source = "us"
        confidence = "D"
        [[reference]]
        id = "us"
        citation = "Made up for this test"
    """,
    "scoring.toml": """
        [[score]]
        id = "turn_total"
        label = "Total"
        kind = "sum"
        items = "all"
        direction = "higher"
        source = "us"
        confidence = "D"
        missing = { rule = "person_mean", minimum_answered = 2, source = "us", confidence = "D" }
    """,
    "cut_scores.toml": "",
}


def instrument_with(folder: Path, *, reverse: tuple[bool, ...]) -> Instrument:
    """A made-up instrument whose items are reversed as told."""
    folder.mkdir()
    for name, text in REVERSED.items():
        (folder / name).write_text("\n".join(line.strip() for line in text.splitlines()))
    flags = ["yes" if flag else "no" for flag in reverse]
    items = [f"{number},made up for a test,yes,{flag}" for number, flag in enumerate(flags, start=1)]
    (folder / "items.csv").write_text("item,gist,scored,reverse\n" + "\n".join(items) + "\n")
    columns = [f"turn_{number}" for number in range(1, len(reverse) + 1)]
    total = sum(4 if flag else 0 for flag in reverse)
    example = ["all zeros", *["0"] * len(reverse), str(total)]
    header = ["example", *columns, "turn_total"]
    (folder / "worked_examples.csv").write_text(",".join(header) + "\n" + ",".join(example) + "\n")
    return load(folder)


def test_reversing_twice_is_not_reversing(tmp_path: Path) -> None:
    straight = instrument_with(tmp_path / "straight", reverse=(False,) * 3)
    mixed = instrument_with(tmp_path / "mixed", reverse=(True, False, True))

    @quick
    @given(answers_to(straight))
    def holds(rows: list[Answers]) -> None:
        turned = [
            {i.id: 4 - a if i.reverse and (a := row[i.id]) is not None else row[i.id] for i in mixed.items}
            for row in rows
        ]
        expected = as_rows(score(wide(rows, straight), straight))
        for frame in (wide(turned, mixed), long(wide(turned, mixed))):
            assert as_rows(score(frame, mixed)) == expected

    holds()


def test_nan_null_and_empty_text_are_all_skipped() -> None:
    instrument = INSTRUMENTS["mspss"]
    frame = wide([{str(item): 4 for item in range(2, 13)}], instrument)
    expected = as_rows(score(frame, instrument))
    for skipped in (pl.lit(float("nan")), pl.lit(""), pl.lit("  "), pl.lit(None)):
        assert as_rows(score(frame.with_columns(mspss_1=skipped), instrument)) == expected


def test_numbers_written_as_text_are_numbers() -> None:
    instrument = INSTRUMENTS["mspss"]
    frame = wide([{str(item): 1 + item % 7 for item in range(1, 13)}], instrument)
    texts = frame.with_columns(pl.exclude("administration_id").cast(pl.Int64).cast(pl.String))
    for kind in KINDS.values():
        assert as_rows(score(kind(texts), instrument)) == as_rows(score(frame, instrument))


def test_other_columns_are_carried_along_in_their_place() -> None:
    frame = wide([{str(item): 4 for item in range(1, 13)}], INSTRUMENTS["mspss"]).with_columns(
        enrollment_id=pl.lit("e1"), day=pl.lit(-3)
    )
    scored = score(frame.select("enrollment_id", pl.exclude("enrollment_id")), "mspss")
    carried = ["enrollment_id", "administration_id", "day"]
    assert scored.columns == [*carried, *output_columns(INSTRUMENTS["mspss"])]
    assert scored.select(carried).rows() == [("e1", "a00000", -3)]


def test_an_item_absent_from_long_responses_is_skipped_and_a_reason_is_respected() -> None:
    frame = long(wide([{str(item): 4 for item in range(1, 13)}], INSTRUMENTS["mspss"]))
    gone = frame.filter(pl.col("item") != "mspss_1")
    reasoned = frame.with_columns(
        response=pl.when(pl.col("item") != "mspss_1").then("response"),
        missing_reason=pl.when(pl.col("item") == "mspss_1").then(pl.lit("declined")),
    )
    assert score(gone, "mspss").rows() == score(reasoned, "mspss").rows()
    assert score(gone, "mspss")["mspss_total_answered"].to_list() == [11]


def test_a_lazy_frame_is_not_collected_whole_to_prove_it_sound() -> None:
    """Validation asks for one row; the scores are computed when the caller collects."""
    rows = [{str(item): 1 + (item + n) % 7 for item in range(1, 13)} for n in range(50)]
    lazy = score(wide(rows, INSTRUMENTS["mspss"]).lazy(), "mspss")
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect().rows() == score(wide(rows, INSTRUMENTS["mspss"]), "mspss").rows()


@pytest.mark.parametrize("kind", KINDS)
def test_long_responses_come_out_sorted_by_administration(kind: str) -> None:
    rows = [{str(item): 1 + (item + n) % 7 for item in range(1, 13)} for n in range(5)]
    frame = long(wide(rows, INSTRUMENTS["mspss"]))
    scored = score(KINDS[kind](frame.reverse()), "mspss")
    assert as_rows(scored) == as_rows(score(frame, "mspss"))
    if kind.startswith("pandas"):
        assert list(scored.index) == list(range(5))
