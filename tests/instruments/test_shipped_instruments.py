"""What the shipped instruments must say: keys, ranges, cut scores with their sides, figures, limits of use.

Promise guarded: a slip in a data file (an item on the wrong subscale, a boundary on the wrong side) is noticed.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from casearc.instruments import Confidence, UseLimit, available, check, find_score, level_of, load
from casearc.instruments.load import find_places

SHIPPED = find_places()

# score -> its items; numbers as in the form given
KEYS = {
    "mspss": {
        "mspss_total": range(1, 13),
        "mspss_significant_other": [1, 2, 5, 10],
        "mspss_family": [3, 4, 8, 11],
        "mspss_friends": [6, 7, 9, 12],
    },
    "cop_se": {
        "cop_se_total": range(1, 27),
        "cop_se_mean": range(1, 27),
        "cop_se_problem": [3, 5, 6, 7, 8, 20],
        "cop_se_emotion": [10, 12, 15, 19],
        "cop_se_support": [4, 16, 17],
    },
    "cop_se:short-13": {
        "cop_se_short_total": range(1, 14),
        "cop_se_short_mean": range(1, 14),
        "cop_se_problem": [1, 2, 3, 4, 5, 6],
        "cop_se_emotion": [7, 8, 9, 10],
        "cop_se_support": [11, 12, 13],
    },
    "cop_se:short-13-full-numbers": {
        "cop_se_short_total": [3, 4, 5, 6, 7, 8, 10, 12, 15, 16, 17, 19, 20],
        "cop_se_short_mean": [3, 4, 5, 6, 7, 8, 10, 12, 15, 16, 17, 19, 20],
        "cop_se_problem": [3, 5, 6, 7, 8, 20],
        "cop_se_emotion": [10, 12, 15, 19],
        "cop_se_support": [4, 16, 17],
    },
    "urica": {
        "urica_precontemplation": [1, 5, 11, 13, 23, 26, 29],
        "urica_contemplation": [2, 8, 12, 15, 19, 21, 24],
        "urica_action": [3, 7, 10, 14, 17, 25, 30],
        "urica_maintenance": [6, 16, 18, 22, 27, 28, 32],
    },
}


@pytest.mark.parametrize(
    ("reference", "score", "items"),
    [(reference, score, items) for reference, scores in KEYS.items() for score, items in scores.items()],
)
def test_each_score_rests_on_its_items(reference: str, score: str, items: list[int]) -> None:
    assert sorted(map(int, load(reference).score(score).items)) == list(items)


# form, items, response range, possible range of one score
RANGES = [
    ("mspss", 12, (1, 7), "mspss_total", (1, 7)),
    ("cop_se", 26, (0, 10), "cop_se_total", (0, 260)),
    ("cop_se", 26, (0, 10), "cop_se_mean", (0, 10)),
    ("cop_se:short-13", 13, (0, 10), "cop_se_short_total", (0, 130)),
    ("urica", 32, (1, 5), "urica_readiness", (-2, 14)),
]


@pytest.mark.parametrize(("reference", "items", "responses", "score", "possible"), RANGES)
def test_ranges(reference: str, items: int, responses: tuple[int, int], score: str, possible: tuple[int, int]) -> None:
    instrument = load(reference)
    definition = instrument.score(score)
    assert len(instrument.items) == items
    assert (instrument.low, instrument.high) == responses
    assert (definition.low, definition.high) == possible


# score, fewest answered items under the house rule
MINIMA = [
    ("mspss_total", 10), ("mspss_family", 3), ("mspss_friends", 3), ("mspss_significant_other", 3),
    ("cop_se_total", 21), ("cop_se_mean", 21), ("cop_se_problem", 5), ("cop_se_emotion", 4), ("cop_se_support", 3),
    ("cop_se_short_total", 11), ("urica_precontemplation", 6), ("urica_maintenance", 6), ("urica_readiness", 24),
]  # fmt: skip


@pytest.mark.parametrize(("score", "minimum"), MINIMA)
def test_minimum_answered(score: str, minimum: int) -> None:
    assert find_score([load(name) for name in available()], score)[1].minimum_answered == minimum


# cut set, value, level; each boundary from both sides
LEVELS = [
    ("mspss_total", "means-3-5", "35/12", "low"), ("mspss_total", "means-3-5", "3", "moderate"),
    ("mspss_total", "means-3-5", "5", "moderate"), ("mspss_total", "means-3-5", "61/12", "high"),
    ("mspss_total", "means-3-5", "2.95", "low"), ("mspss_total", "means-3-5", "5.05", "high"),
    ("mspss_total", "sums-49-69", "48", "low"), ("mspss_total", "sums-49-69", "49", "moderate"),
    ("mspss_total", "sums-49-69", "68", "moderate"), ("mspss_total", "sums-49-69", "69", "high"),
    ("urica_stage_habits", "", "8", "precontemplation"), ("urica_stage_habits", "", "57/7", "contemplation"),
    ("urica_stage_habits", "", "11", "contemplation"), ("urica_stage_habits", "", "78/7", "preparation_action"),
    ("urica_stage_nearest_mean", "", "203/20", "precontemplation"),
    ("urica_stage_nearest_mean", "", "10.1501", "contemplation"),
    ("urica_stage_nearest_mean", "", "59/5", "contemplation"),
    ("urica_stage_nearest_mean", "", "11.8001", "preparation_action"),
]  # fmt: skip


@pytest.mark.parametrize(("score", "name", "value", "level"), LEVELS)
def test_sides_of_boundaries(score: str, name: str, value: str, level: str) -> None:
    definition = find_score([load("mspss"), load("urica")], score)[1]
    cut_set = definition.stage_cuts or definition.band_set(name)
    assert cut_set is not None
    assert level_of(cut_set, Fraction(value)) == level


def test_decimal_cuts_are_exact_fractions() -> None:
    cuts = load("urica").score("urica_stage_nearest_mean").stage_cuts
    assert cuts is not None
    assert [cut.at for cut in cuts.cuts] == [Fraction(203, 20), Fraction(59, 5)]


def test_nearest_mean_cuts_lie_halfway_between_the_group_means() -> None:
    means = [Fraction("9.3"), Fraction(11), Fraction("12.6")]
    cuts = load("urica").score("urica_stage_nearest_mean").stage_cuts
    assert cuts is not None
    assert [cut.at for cut in cuts.cuts] == [(means[0] + means[1]) / 2, (means[1] + means[2]) / 2]


def test_sum_bands_are_never_the_default() -> None:
    total = load("mspss").score("mspss_total")
    default = total.band_set()
    assert default is not None
    assert default.id == "means-3-5"
    assert [bands.id for bands in total.bands if not bands.default] == ["sums-49-69"]


# score, figure, value, confidence
FIGURES = [
    ("mspss_total", "n", 275, Confidence.AT_SOURCE), ("mspss_total", "alpha", 0.88, Confidence.AT_SOURCE),
    ("mspss_total", "retest", 0.85, Confidence.AT_SOURCE), ("mspss_total", "sd", 0.86, Confidence.UNVERIFIED),
    ("mspss_significant_other", "sd", 1.25, Confidence.UNVERIFIED),
    ("mspss_family", "retest", 0.85, Confidence.UNVERIFIED), ("mspss_friends", "alpha", 0.85, Confidence.UNVERIFIED),
    ("cop_se_total", "sd", 45.6, Confidence.AT_SOURCE), ("cop_se_total", "alpha", 0.95, Confidence.AT_SOURCE),
    ("cop_se_mean", "sd", 45.6 / 26, Confidence.AT_SOURCE), ("cop_se_support", "alpha", 0.80, Confidence.AT_SOURCE),
    ("urica_action", "alpha", 0.89, Confidence.UNVERIFIED),
]  # fmt: skip


@pytest.mark.parametrize(("score", "figure", "value", "confidence"), FIGURES)
def test_published_figures(score: str, figure: str, value: float, confidence: Confidence) -> None:
    published = find_score([load("mspss"), load("cop_se"), load("urica")], score)[1].published
    assert published is not None
    assert getattr(published, figure) == pytest.approx(value, rel=1e-12)
    assert published.confidence_of(figure) is confidence


def test_readiness_carries_its_limit_of_use() -> None:
    for score in ("urica_readiness", "urica_stage_habits", "urica_stage_nearest_mean"):
        use = load("urica").score(score).permitted_use
        assert use is not None
        assert use.limit is UseLimit.BEFORE_SERVICE
        assert use.show_beside == ("urica_action", "urica_maintenance")
        assert not use.allowed_on_client_boards
        assert "before services" in use.warning


def test_only_urica_limits_use() -> None:
    limited = {score.id for name in available() for score in load(name).scores if score.permitted_use}
    assert limited == {"urica_readiness", "urica_stage_habits", "urica_stage_nearest_mean", "urica_maintenance"}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_shipped_folders_have_no_fault(name: str) -> None:
    assert check(SHIPPED[name].folders[0]) == ()


@pytest.mark.parametrize("reference", available())
def test_every_key_and_cut_score_says_where_it_comes_from(reference: str) -> None:
    for score in load(reference).scores:
        assert score.source in load(reference).sources
        for cut_set in [*score.bands, *([score.stage_cuts] if score.stage_cuts else [])]:
            assert cut_set.source in load(reference).sources


@pytest.mark.parametrize("reference", available())
def test_gists_are_short_and_differ(reference: str) -> None:
    gists = [item.gist for item in load(reference).items]
    assert all(3 <= len(gist.split()) <= 8 for gist in gists)
    assert len(set(gists)) == len(gists)


@pytest.mark.parametrize(
    ("reference", "key_version"),
    [("mspss", "mspss 1.0.0"), ("cop_se", "cop_se 1.0.0"), ("cop_se:short-13", "cop_se 1.0.0 short-13")],
)
def test_key_versions(reference: str, key_version: str) -> None:
    assert load(reference).key_version == key_version
