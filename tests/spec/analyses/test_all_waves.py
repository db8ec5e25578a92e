"""Promise: tests over all waves are of those measured at every wave, say so, and give what their estimators give.

Nine of the cast have support at all three waves: P01 to P08 and P12.
"""

from __future__ import annotations

import numpy as np
import pytest

from casearc.analyses.change import all_waves_findings
from casearc.disclosure.structure import true_counts
from casearc.findings import Finding, Quantity, Section, SectionRef
from casearc.statistics.paired import friedman, repeated_measures_anova
from people import CAST, PLAN, by_id, cast, rows, study

SCORES = np.array(
    [
        [4.0, 4.5, 5.0],
        [3.0, 4.0, 4.0],
        [5.0, 5.0, 5.5],
        [2.0, 2.5, 4.0],
        [6.0, 5.5, 6.0],
        [4.0, 3.0, 3.0],
        [3.5, 4.0, 5.5],
        [5.0, 6.0, 6.5],
        [4.0, 4.0, 4.5],
    ]
)
KEY = "at_all[mspss_total@intake,six_months,twelve_months]"


def found(plan: str = PLAN, text: str = CAST) -> dict[str, Finding]:
    return by_id(all_waves_findings(study(plan, cast(text))))


def test_those_measured_at_every_wave_are_counted_and_tied_to_those_at_each_two() -> None:
    finding = found()["all_waves.support"]
    body = finding.bodies[0]
    assert body.counts[KEY] == 9
    assert KEY in body.bases
    assert sum(KEY in partition.parts for partition in body.partitions) == 3
    assert true_counts([finding])


def test_the_sentence_says_who_is_in_and_where_the_better_answer_stands() -> None:
    plainly = found()["all_waves.support"].bodies[0].sentences[0]
    assert "only of those measured at each of intake, six months and twelve months" in plainly.template
    assert plainly.template.endswith("the plan did not ask for it.")
    everybody = found(PLAN + '\n[missing]\nwaves = "all-enrolled"\nimputations = 5\n')["all_waves.support"]
    assert everybody.bodies[0].sentences[0].slots["section"] == SectionRef(Section.ALL_ENROLLED)


def test_both_corrections_and_friedman_are_those_of_the_estimators() -> None:
    body = found()["all_waves.support"].bodies[0]
    table, anova, ranks = rows(body, "all_waves_support-tests"), repeated_measures_anova(SCORES), friedman(SCORES)
    assert table["Analysis of variance, Greenhouse-Geisser"] == pytest.approx(
        [anova.f, anova.epsilon_greenhouse_geisser, anova.p_greenhouse_geisser]
    )
    assert table["Analysis of variance, Huynh-Feldt"] == pytest.approx(
        [anova.f, anova.epsilon_huynh_feldt, anova.p_huynh_feldt]
    )
    assert table["Friedman"] == [pytest.approx(ranks.statistic), None, pytest.approx(ranks.p)]
    assert ranks.method == "exact"
    slots = {name: cell for sentence in body.sentences for name, cell in sentence.slots.items()}
    assert slots["agreement"].value == pytest.approx(ranks.kendall_w)
    assert slots["share"].value == pytest.approx(anova.generalized_eta_squared)
    assert slots["anova"].value == pytest.approx(anova.p_corrected)


def test_means_and_mean_ranks_are_those_of_the_same_people() -> None:
    table = rows(found()["all_waves.support"].bodies[0], "all_waves_support")
    ranks = friedman(SCORES).mean_ranks
    for place, wave in enumerate(("intake", "six months", "twelve months")):
        column = SCORES[:, place]
        assert table[wave] == pytest.approx([column.mean(), column.std(ddof=1), ranks[place]])


def test_what_gives_n_away_stays_where_degrees_of_freedom_do() -> None:
    """Friedman's chi-square is W times n times waves less one."""
    table = next(t for t in found()["all_waves.support"].bodies[0].tables if t.id == "all_waves_support-tests")
    chi_square = table.rows[-1].cells[1]
    assert (chi_square.quantity, chi_square.rests_on) == (Quantity.DF, KEY)


def test_every_p_is_handed_up_as_exploratory() -> None:
    finding = found()["all_waves.support"]
    tests = {test.id.rsplit(".", 1)[1]: test for test in finding.bodies[0].tests}
    anova = repeated_measures_anova(SCORES)
    assert {name: test.p for name, test in tests.items()} == pytest.approx(
        {
            "greenhouse_geisser": anova.p_greenhouse_geisser,
            "huynh_feldt": anova.p_huynh_feldt,
            "mauchly": anova.mauchly_p,
            "friedman": friedman(SCORES).p,
        }
    )
    assert not any(test.confirmatory for test in tests.values())
    assert finding.plan_item is None


def test_one_test_that_is_refused_leaves_the_other() -> None:
    """Everybody changed alike: nothing to compare the waves with, but an order of the waves."""
    alike = [
        f"P{i:02} | 14 | girl | north | {x} {x + 0.5} {x + 1} | p p p | 30 |" for i, x in enumerate((2.0, 3.0, 4.5))
    ]
    body = found(text="\n".join([*CAST.strip().splitlines()[:2], *alike]))["all_waves.support"].bodies[0]
    table = rows(body, "all_waves_support-tests")
    assert table["Analysis of variance, Greenhouse-Geisser"] == [None, None, None]
    assert table["Friedman"][2] == pytest.approx(1 / 36)  # all three order the waves alike: 1 of 6 orders, squared
    assert any("analysis of variance could not" in note.template for note in body.tables[1].notes)
    assert [test.id for test in body.tests] == ["all_waves.support.friedman"]


def test_where_both_are_refused_there_is_a_reason_and_no_table() -> None:
    alone = "P01 | 14 | girl | north | 4.0 4.5 5.0 | p c a | 30 |"
    finding = found(text="\n".join([*CAST.strip().splitlines()[:2], alone]))["all_waves.support"]
    assert finding.bodies == ()
    assert "Too few people" in finding.refusal


def test_two_waves_and_stages_have_no_such_finding() -> None:
    plan = PLAN.replace('[[wave]]\nname = "six_months"\ntarget_day = 180\nwindow = [-30, 45]\n', "")
    plan = plan.replace("level@six_months", "level@intake").replace('to = "six_months"', 'to = "twelve_months"')
    assert found(plan) == {}
    assert list(found()) == ["all_waves.support"]
