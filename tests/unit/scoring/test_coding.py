"""How a file codes its responses is asked, never guessed; what is declared is applied exactly and put on record."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from response_frames import KINDS, as_rows, long, wide

from casearc.errors import ScoringError
from casearc.instruments import load
from casearc.scoring import score

COP_SE = load("cop_se")


def coded(low: int, high: int, *, administrations: int, shape: str = "wide") -> pl.DataFrame:
    """Administrations of Cop-SE that use each code from low to high."""
    rows = [
        {item.id: low + (int(item.id) + n) % (high - low + 1) for item in COP_SE.items} for n in range(administrations)
    ]
    return wide(rows, COP_SE) if shape == "wide" else long(wide(rows, COP_SE))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", ["wide", "long"])
def test_thirty_administrations_that_never_use_an_end_are_questioned(kind: str, shape: str) -> None:
    with pytest.raises(ScoringError, match=r"--coding 0-10.*--coding 1-10") as question:
        score(KINDS[kind](coded(1, 10, administrations=30, shape=shape)), "cop_se")
    assert "uses 0, an end" in str(question.value)


# low and high code used, administrations, whether the file is questioned
QUESTIONED = [
    (0, 10, 30, False),
    (1, 10, 30, True),
    (0, 9, 30, True),
    (1, 9, 300, True),
    (1, 10, 29, False),
]


@pytest.mark.parametrize(("low", "high", "administrations", "questioned"), QUESTIONED)
def test_when_the_coding_is_questioned(low: int, high: int, administrations: int, questioned: bool) -> None:
    frame = coded(low, high, administrations=administrations)
    if questioned:
        with pytest.raises(ScoringError, match="coded"):
            score(frame, "cop_se")
    else:
        assert score(frame, "cop_se")["key_version"].unique().to_list() == ["cop_se 1.0.0"]


def test_unanswered_administrations_do_not_count_towards_thirty() -> None:
    frame = pl.concat([coded(1, 10, administrations=29), wide([{}] * 20, COP_SE).with_columns(
        administration_id=pl.col("administration_id").str.replace("a", "b")
    )])  # fmt: skip
    assert score(frame, "cop_se").height == 49


def test_declaring_the_official_coding_answers_the_question_and_changes_nothing() -> None:
    frame = coded(1, 10, administrations=40)
    scored = score(frame, "cop_se", coding="0-10")
    assert scored["key_version"].unique().to_list() == ["cop_se 1.0.0"]
    assert scored.head(29).rows() == score(frame.head(29), "cop_se").rows()


@pytest.mark.parametrize("kind", KINDS)
def test_another_number_of_points_is_rescaled_linearly(kind: str) -> None:
    frame = coded(1, 10, administrations=40)
    scored = as_rows(score(KINDS[kind](frame), "cop_se", coding="1-10"))
    for made, row in zip(scored, frame.drop("administration_id").iter_rows(), strict=True):
        exact = sum(Fraction(int(code) - 1) * Fraction(10, 9) for code in row)
        assert made[1] == float(exact)
        assert made[-1] == "cop_se 1.0.0; coding 1-10 rescaled to 0-10"


@pytest.mark.parametrize("shape", ["wide", "long"])
def test_the_same_number_of_points_is_shifted(shape: str) -> None:
    official, shifted = (coded(low, low + 10, administrations=40, shape=shape) for low in (0, 1))
    scored = score(shifted, "cop_se", coding="1-11")
    assert scored.drop("key_version").rows() == score(official, "cop_se").drop("key_version").rows()
    assert scored["key_version"][0] == "cop_se 1.0.0; coding 1-11 shifted to 0-10"


def test_cut_scores_stay_exact_under_a_rescale() -> None:
    """0-9 for 1-7: a mean of exactly 3 on the official range is a mean code of exactly 3; 5 is 6."""
    mspss = load("mspss")
    rows = [{str(item): code for item in range(1, 13)} for code in (0, 3, 6, 9)]
    rows += [
        {str(item): 3 - (item == 1) for item in range(1, 13)},
        {str(item): 6 + (item == 1) for item in range(1, 13)},
    ]
    scored = score(wide(rows, mspss), "mspss", coding="0-9")
    assert scored["mspss_total"].to_list()[:4] == [1.0, 3.0, 5.0, 7.0]
    assert scored["mspss_total_band"].to_list() == ["low", "moderate", "moderate", "high", "low", "high"]


def test_a_declared_coding_that_the_file_contradicts_is_refused() -> None:
    with pytest.raises(ScoringError) as refusal:
        score(coded(0, 10, administrations=2), "cop_se", coding="1-10")
    assert all("not within the declared coding, 1 to 10" in fault.problem for fault in refusal.value.faults)
    assert {fault.row for fault in refusal.value.faults} == {2, 3}


def test_levels_straight_from_an_item_cannot_be_stretched(rating: Path) -> None:
    instrument = load(rating)
    frame = pl.DataFrame({"administration_id": ["a", "b"], "severity_1": [1, 4]})
    assert score(frame, instrument, coding="1-4")["severity_level"].to_list() == ["none", "severe"]
    with pytest.raises(ScoringError, match="levels of `severity_level`"):
        score(frame, instrument, coding="1-5")


def test_what_a_caller_chose_is_on_record() -> None:
    mspss = load("mspss")
    frame = wide([{str(item): 3 for item in range(1, 13)}], mspss)
    scored = score(frame, "mspss", coding="0-6", missing="strict", bands="sums-49-69")
    expected = "mspss 1.0.0; coding 0-6 shifted to 1-7; missing strict; bands sums-49-69"
    assert scored["key_version"].to_list() == [expected]


@pytest.fixture
def rating(tmp_path: Path) -> Path:
    """A clinician's rating of one item, none to severe."""
    folder = tmp_path / "severity"
    folder.mkdir()
    (folder / "instrument.toml").write_text(
        'id = "severity"\ntitle = "Severity as a clinician rates it"\nversion = "1.0.0"\nlanguages = ["en"]\n'
        '[range]\nlow = 0\nhigh = 3\nsource = "us"\nconfidence = "D"\n'
        '[[reference]]\nid = "us"\ncitation = "Made up"\n'
    )
    (folder / "items.csv").write_text("item,gist,scored,reverse\n1,how severe things are,yes,no\n")
    (folder / "scoring.toml").write_text(
        '[[score]]\nid = "severity_level"\nlabel = "Severity"\nkind = "stage"\nitems = [1]\n'
        'levels = ["none", "mild", "moderate", "severe"]\ndirection = "lower"\nsource = "us"\nconfidence = "D"\n'
    )
    (folder / "cut_scores.toml").write_text("")
    (folder / "worked_examples.csv").write_text("example,severity_1,severity_level\nlow,0,none\nhigh,3,severe\n")
    return folder
