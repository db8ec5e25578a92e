"""The promise of the gate, attacked with integer programs that know only what was published.

Promise: every hidden count keeps at least `threshold` possible values, whatever hangs together with what.
"""

from __future__ import annotations

import pytest
from attacker import ImpossibleError, attack, breaches
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linked_systems import cohort, cross_tables, nested, two_findings

from casearc.disclosure import Policy, gate, release_counts_dict

SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def published(findings, threshold):
    return release_counts_dict(gate(findings, policy=Policy(floor=3), threshold=threshold))


class TestTheAttackerCanAttack:
    """An attacker that finds nothing proves nothing: these are releases a careless gate might have made."""

    def test_subtracts_the_parts_from_the_whole(self):
        worked = attack(
            {
                "threshold": 11,
                "counts": {
                    "all": {"shown": "exact", "value": 95},
                    "a": {"shown": "exact", "value": 90},
                    "b": {"shown": "withheld"},
                },
                "partitions": [{"whole": "all", "parts": ["a", "b"]}],
            }
        )
        assert (worked["b"].low, worked["b"].high, worked["b"].possible) == (5, 5, 1)

    def test_subtracts_two_tables_that_are_each_safe(self):
        disclosure = {
            "threshold": 11,
            "counts": {
                "both": {"shown": "exact", "value": 60},
                "after": {"shown": "exact", "value": 63},
                "late": {"shown": "withheld"},
            },
            "partitions": [{"whole": "after", "parts": ["both", "late"]}],
        }
        assert list(breaches(disclosure)) == ["late"]

    def test_narrows_a_cell_of_a_cross_table_by_its_margins(self):
        cells = {key: {"shown": "withheld"} for key in "abcd"}
        margins = {"ab": 5, "cd": 40, "ac": 40, "bd": 5}
        disclosure = {
            "threshold": 11,
            "counts": cells | {key: {"shown": "exact", "value": value} for key, value in margins.items()},
            "partitions": [{"whole": key, "parts": list(key)} for key in margins],
        }
        assert set(breaches(disclosure)) == {"a", "b", "c", "d"}
        assert attack(disclosure)["b"].possible == 6

    def test_says_when_a_release_contradicts_itself(self):
        with pytest.raises(ImpossibleError):
            attack(
                {
                    "threshold": 11,
                    "counts": {"a": {"shown": "exact", "value": 5}, "b": {"shown": "band", "low": 6, "high": 9}},
                    "partitions": [{"whole": "a", "parts": ["b", "c"]}],
                }
            )


class TestNothingHiddenCanBePinnedDown:
    @SETTINGS
    @given(nested(), st.integers(3, 12))
    def test_where_ns_nest(self, findings, threshold):
        assert breaches(published(findings, threshold)) == {}

    @SETTINGS
    @given(cohort(), st.integers(3, 12))
    def test_where_transition_tables_have_margins_and_people_not_measured(self, findings, threshold):
        assert breaches(published(findings, threshold)) == {}

    @SETTINGS
    @given(cross_tables(), st.integers(3, 12))
    def test_where_two_tables_share_a_margin(self, findings, threshold):
        assert breaches(published(findings, threshold)) == {}

    @SETTINGS
    @given(two_findings(), st.integers(3, 12))
    def test_where_one_finding_refines_another(self, findings, threshold):
        assert breaches(published(findings, threshold)) == {}


class TestWhatIsShownIsTrue:
    @SETTINGS
    @given(cohort(), st.integers(3, 12))
    def test_exact_counts_and_bands_hold_the_true_values(self, findings, threshold):
        truth = {key: value for f in findings for body in f.bodies for key, value in body.counts.items()}
        for key, entry in published(findings, threshold)["counts"].items():
            low, high = entry.get("value", entry.get("low", 0)), entry.get("value", entry.get("high", 10**6))
            assert low <= truth[key] <= high

    @SETTINGS
    @given(cohort(), st.integers(3, 12))
    def test_no_count_below_the_threshold_is_shown(self, findings, threshold):
        shown = published(findings, threshold)["counts"].values()
        assert all(entry.get("value", entry.get("low", threshold)) >= threshold for entry in shown)
