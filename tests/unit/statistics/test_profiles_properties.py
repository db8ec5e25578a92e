"""Promise: profiles are found where there are some, not where there are none, and never from too few people."""

from __future__ import annotations

import numpy as np
import pytest

from casearc.errors import MissingExtraError, StatisticsRefusedError
from casearc.statistics.profiles import LEAST_PEOPLE, LatentProfiles, latent_profiles

pytest.importorskip("stepmix")
NAMES = ["hope", "trust", "sleep"]


def kinds(*sizes: int, apart: float = 4.0) -> np.ndarray:
    rng = np.random.default_rng(6)
    return np.vstack([rng.normal(apart * i, 1.0, (size, 3)) for i, size in enumerate(sizes)])


def profiles(scores: np.ndarray, **how: object) -> LatentProfiles:
    return latent_profiles(scores, names=NAMES, rng_or_seed=1, starts=6, **how)  # type: ignore[arg-type]


def test_two_kinds_are_found_in_order_of_the_first_indicator() -> None:
    found = profiles(kinds(80, 40), most=3)
    assert found.fit.profiles == 2
    assert found.means[0, 0] < found.means[1, 0]
    assert found.shares == pytest.approx([2 / 3, 1 / 3], abs=0.02)
    assert (found.assigned[:80] == 0).mean() > 0.95
    assert found.posterior.sum(axis=1) == pytest.approx(np.ones(120), abs=1e-9)
    assert found.fit.entropy is not None
    assert found.fit.entropy > 0.9
    assert min(found.certainty) > 0.9


def test_the_order_of_people_and_the_unit_of_an_indicator_do_not_matter() -> None:
    scores = kinds(80, 40)
    plain, other = profiles(scores, profiles=2), profiles(scores[::-1] * np.array([10.0, 1.0, 1.0]), profiles=2)
    assert other.means[:, 0] == pytest.approx(10.0 * plain.means[:, 0], rel=1e-5)
    assert other.fit.log_likelihood == pytest.approx((plain.fit.log_likelihood or 0.0) - 120 * np.log(10.0), abs=1e-4)


def test_the_same_seed_gives_the_same_profiles() -> None:
    first, again = profiles(kinds(80, 40)), profiles(kinds(80, 40))
    assert first.to_json() == again.to_json()


def test_one_kind_is_one_profile_and_the_result_says_so() -> None:
    found = profiles(kinds(150), most=3)
    assert found.fit.profiles == 1
    assert any("nothing in them speaks for kinds of people" in note for note in found.notes)


def test_a_small_profile_is_no_profile() -> None:
    with pytest.raises(StatisticsRefusedError, match="smallest profile has fewer than 25 people"):
        profiles(kinds(110, 12), profiles=2)
    assert profiles(kinds(110, 12), most=2).fit.profiles == 1


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (kinds(50, 49), "of 99 people are not trustworthy"),
        (np.column_stack([kinds(120)[:, :2], np.full(120, 3.0)]), 'same score on "sleep"'),
        (np.column_stack([kinds(120)[:, :2], np.arange(120) % 4]), 'different scores occur on "sleep"'),
    ],
)
def test_refusals(scores: np.ndarray, words: str) -> None:
    assert LEAST_PEOPLE == 100
    with pytest.raises(StatisticsRefusedError, match=words):
        profiles(scores)


def test_too_many_profiles_for_so_few_people_are_not_tried() -> None:
    with pytest.raises(StatisticsRefusedError, match="fewer than 30 each"):
        profiles(kinds(60, 60), profiles=5)
    assert [fit.profiles for fit in profiles(kinds(60, 45), most=9).table] == [1, 2, 3]


def test_without_stepmix_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "stepmix.stepmix", None)
    with pytest.raises(MissingExtraError, match=r"casearc\[profiles\]"):
        profiles(kinds(80, 40))
