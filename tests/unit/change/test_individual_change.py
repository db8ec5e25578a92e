"""Promise: each method of reliable change flags whom its formula flags, and the choice of error is said in words."""

from __future__ import annotations

import numpy as np
import pytest

from casearc.change import (
    ClinicalStatus,
    Norm,
    ReliableChangeMethod,
    choose_error_source,
    clinical_change,
    clinical_cutoffs,
    reliable_changes,
)
from casearc.errors import StatisticsRefusedError

BEFORE = np.array([20.0, 30.0, 40.0, 50.0, 60.0, 70.0])
AFTER = np.array([45.0, 31.0, 20.0, 52.0, 58.0, 69.0])


@pytest.mark.parametrize("method", ReliableChangeMethod)
def test_turning_the_scale_around_turns_better_into_worse(method: ReliableChangeMethod) -> None:
    up = reliable_changes(BEFORE, AFTER, reliability=0.9, method=method)
    down = reliable_changes(-BEFORE, -AFTER, reliability=0.9, method=method, direction="lower")
    assert (up.worse, up.same, up.better) == (down.worse, down.same, down.better)
    assert up.classes.tolist() == down.classes.tolist()
    assert up.index == pytest.approx(-down.index, abs=1e-12)
    assert up.n == up.worse + up.same + up.better == 6


def test_methods_that_draw_to_the_mean_expect_a_low_score_to_rise() -> None:
    """Nobody's score changed: who began low should have risen, so staying counts against them."""
    for method in (ReliableChangeMethod.EDWARDS_NUNNALLY, ReliableChangeMethod.GULLIKSEN_LORD_NOVICK):
        index = reliable_changes(BEFORE, BEFORE, reliability=0.8, method=method).index
        assert index[0] < 0.0 < index[-1]
    assert not reliable_changes(BEFORE, BEFORE, reliability=0.8).index.any()


def test_a_population_mean_takes_the_place_of_the_samples() -> None:
    method = ReliableChangeMethod.GULLIKSEN_LORD_NOVICK
    own = reliable_changes(BEFORE, AFTER, reliability=0.8, method=method)
    given = reliable_changes(BEFORE, AFTER, reliability=0.8, method=method, mean_before=80.0)
    assert own.mean_before == pytest.approx(45.0)
    assert (given.index < own.index).all()


def test_hageman_and_arrindell_need_differences_beyond_error() -> None:
    method = ReliableChangeMethod.HAGEMAN_ARRINDELL
    with pytest.raises(StatisticsRefusedError, match="no more between people than measurement error") as refused:
        reliable_changes(BEFORE, BEFORE + 1.0, reliability=0.8, method=method)
    assert "Jacobson" in refused.value.alternative


def test_each_result_says_whose_it_is() -> None:
    for method in ReliableChangeMethod:
        found = reliable_changes(BEFORE, AFTER, reliability=0.9, method=method)
        assert found.formula
        assert "(19" in found.source
    multipliers = [reliable_changes(BEFORE, AFTER, reliability=0.9, method=m).multiplier for m in ReliableChangeMethod]
    assert multipliers == [1.96, 2.0, 1.65, 1.96]


SOURCES = [
    ({"own_retest": 0.7, "published_retest": 0.9, "own_sd": 1.0}, "this program's own retest correlation"),
    ({"published_retest": 0.9, "own_alpha": 0.8, "own_sd": 1.0}, "the published retest correlation"),
    ({"own_alpha": 0.8, "published_alpha": 0.9, "own_sd": 1.0}, "this program's own alpha"),
    ({"published_alpha": 0.9, "own_sd": 1.0, "published_sd": 2.0}, "the published alpha and this program's own SD"),
    ({"published_alpha": 0.9, "published_sd": 2.0}, "the published alpha and the published SD"),
    ({"own_retest": -0.1, "published_alpha": 0.9, "own_sd": 0.0, "published_sd": 2.0}, "the published alpha and the"),
]


@pytest.mark.parametrize(("given", "words"), SOURCES)
def test_retest_before_alpha_and_own_before_published(given: dict[str, float], words: str) -> None:
    assert choose_error_source(**given).words.startswith(words)


def test_what_was_passed_over_is_said() -> None:
    found = choose_error_source(own_retest=-0.1, published_alpha=0.9, own_sd=1.0)
    assert found.notes == ("This program's own retest correlation lies outside 0 to 1 and was passed over.",)


@pytest.mark.parametrize("given", [{}, {"own_sd": 1.0}, {"own_retest": 0.8}, {"own_alpha": 1.0, "own_sd": 1.0}])
def test_without_reliability_or_spread_there_is_no_choice(given: dict[str, float]) -> None:
    with pytest.raises(StatisticsRefusedError) as refused:
        choose_error_source(**given)
    assert "leave out" in refused.value.alternative.lower()


def test_cutoffs_turn_around_with_the_scale() -> None:
    up = clinical_cutoffs(Norm(mean=40.0, sd=5.0), Norm(mean=60.0, sd=10.0))
    down = clinical_cutoffs(Norm(mean=-40.0, sd=5.0), Norm(mean=-60.0, sd=10.0), direction="lower")
    assert (up.a, up.b, up.c) == pytest.approx((-down.a, -(down.b or 0), -(down.c or 0)))
    assert up.chosen == down.chosen == "c"
    assert clinical_cutoffs(Norm(mean=40.0, sd=2.0), Norm(mean=60.0, sd=2.0)).chosen == "b"
    assert clinical_cutoffs(Norm(mean=40.0, sd=2.0)).cutoff == 44.0


def test_norms_on_the_wrong_side_are_refused() -> None:
    with pytest.raises(StatisticsRefusedError, match="do not score better"):
        clinical_cutoffs(Norm(mean=60.0, sd=5.0), Norm(mean=40.0, sd=5.0))


def test_recovery_needs_both_a_reliable_change_and_a_crossing() -> None:
    before = np.array([30.0, 30.0, 49.0, 60.0, 60.0])
    after = np.array([55.0, 45.0, 51.0, 75.0, 40.0])
    changes = reliable_changes(before, after, reliability=0.8, sd=7.5)
    found = clinical_change(before, after, changes=changes, cutoff=50.0)
    assert found.statuses == (
        ClinicalStatus.RECOVERED,
        ClinicalStatus.IMPROVED,  # reliably, but not across
        ClinicalStatus.UNCHANGED,  # across, but not reliably
        ClinicalStatus.IMPROVED,  # was beyond the cutoff already
        ClinicalStatus.DETERIORATED,
    )
    assert (found.recovered, found.improved, found.unchanged, found.deteriorated) == (1, 2, 1, 1)
    assert found.began_beyond == 2
