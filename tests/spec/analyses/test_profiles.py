"""Promise: profiles are those of the estimator on people with every score, told ever more coarsely, or a plain refusal.

A hundred and twenty people answered the MSPSS at intake: two thirds low, a third high, by family, friends and others.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

import numpy as np
import polars as pl
import pytest

from casearc.analyses import StudyData, prepare, score_profiles
from casearc.disclosure.structure import true_counts
from casearc.errors import MissingExtraError
from casearc.findings import Finding, Number, Quantity, ShareRef
from casearc.reading import cells, displayed
from casearc.statistics.profiles import latent_profiles
from casearc.study import explain, parse_plan
from casearc.tables import Tables
from people import PLAN, rows, said

pytest.importorskip("stepmix")

SCORES = ("mspss_family", "mspss_friends", "mspss_significant_other")
ASKED = """
[[profiles]]
id = "kinds"
scores = ["mspss_family", "mspss_friends", "mspss_significant_other"]
at = "intake"
most = 2
"""
PROFILES = PLAN.replace("[coding]", f"{ASKED}\n[coding]").replace('urica = "1-5"', "")


@cache
def answered(people: int = 120) -> Tables:
    rng = np.random.default_rng(4)
    kind = np.where(np.arange(people) < people * 2 // 3, 2.6, 5.4)
    answers = np.clip(np.rint(kind[:, None] + rng.normal(0, 1.0, (people, 12))), 1, 7)
    ids = [f"P{i:03}" for i in range(people)]
    responses = [
        (name, f"mspss_{n + 1}", value) for name, row in zip(ids, answers, strict=True) for n, value in enumerate(row)
    ]
    return Tables.of(
        participants=pl.DataFrame(
            {"participant_id": ids, "age_at_enrollment": [15.0] * people, "gender": ["girl"] * people}
        ),
        enrollments=pl.DataFrame({"enrollment_id": ids, "participant_id": ids, "first_service_day": [0] * people}),
        administrations=pl.DataFrame(
            {"administration_id": ids, "enrollment_id": ids, "instrument": ["mspss"] * people, "day": [0] * people}
        ),
        responses=pl.DataFrame(responses, schema=["administration_id", "item", "response"], orient="row"),
    )


def prepared(plan: str = PROFILES, people: int = 120, *, threshold: int = 11) -> StudyData:
    return prepare(parse_plan(plan), answered(people), threshold=threshold)


@cache
def finding(plan: str = PROFILES, people: int = 120) -> Finding:
    (found,) = score_profiles.profile_findings(prepared(plan, people))
    return found


def approximately(means: np.ndarray) -> list[object]:
    return [pytest.approx(mean) for mean in means.tolist()]


def test_profiles_are_those_of_the_estimator() -> None:
    data = prepared()
    scores = data.people.select(f"{score}@intake" for score in SCORES).to_numpy()
    by_hand = latent_profiles(scores, names=SCORES, rng_or_seed=1, most=2)
    body = finding().bodies[0]
    assert by_hand.fit.profiles == 2
    fit = next(table for table in body.tables if table.id == "profiles_kinds-fit")
    told = [[cell.value for cell in row.cells[1:3] if isinstance(cell, Number)] for row in fit.rows]
    assert told == [pytest.approx([each.log_likelihood, each.bic]) for each in by_hand.table]
    means = rows(body, "profiles_kinds")
    assert means["Profile 1"] == [int((by_hand.assigned == 0).sum()), *approximately(by_hand.means[0])]
    assert means["Profile 2"] == [int((by_hand.assigned == 1).sum()), *approximately(by_hand.means[1])]
    assert body.sentences[0].slots["entropy"].value == pytest.approx(by_hand.fit.entropy)
    assert body.counts[f"all[{','.join(SCORES)}@intake]"] == 120


def test_how_many_are_in_a_profile_stays_in_the_finest_telling() -> None:
    fine, without, fit_alone = finding().bodies
    people = {key for key in fine.counts if "profile" in key}
    assert people <= set(displayed(fine))
    for body in (without, fit_alone):
        assert not people & set(displayed(body))
        assert not any(isinstance(cell, ShareRef) for cell in cells(body))
        assert not any(isinstance(cell, Number) and cell.quantity is Quantity.EXTREME for cell in cells(body))
        fit = next(table for table in body.tables if table.id == "profiles_kinds-fit")
        log_likelihood, bic = (cell.value for cell in fine.tables[0].rows[1].cells[1:3] if isinstance(cell, Number))
        assert not {log_likelihood, bic} & {cell.value for cell in cells(body) if isinstance(cell, Number)}
        assert [cell.value for cell in fit.rows[0].cells[:2] if isinstance(cell, Number)] == [1.0, 0.0]
    assert people <= without.supports
    assert [table.id for table in fit_alone.tables] == ["profiles_kinds-fit"]
    assert true_counts([finding()])


def test_fewer_than_a_hundred_people_are_told_in_words() -> None:
    found = finding(people=99)
    assert not found.bodies
    assert "fewer than a hundred people have all of these scores" in found.refusal
    assert not any(character.isdigit() for character in found.refusal)


@pytest.fixture
def few_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """For speed, where the profiles themselves are not looked at."""
    monkeypatch.setattr(score_profiles, "latent_profiles", partial(latent_profiles, starts=3))


@pytest.mark.usefixtures("few_starts")
def test_more_profiles_than_can_be_trusted_are_refused() -> None:
    found = finding(PROFILES.replace("most = 2", "most = 4\nnumber = 4"))
    assert "cannot be trusted" in found.refusal


def test_a_wave_at_which_nobody_answered_is_refused() -> None:
    assert not finding(PROFILES.replace('"intake"\nmost', '"six_months"\nmost')).bodies


@pytest.mark.usefixtures("few_starts")
def test_one_profile_is_no_kind_of_people() -> None:
    """The high third alone, in more people."""
    tables = answered(360)
    high = tables.responses["administration_id"].unique().sort()[240:]
    own = pl.col("administration_id").is_in(high.implode())
    alone = replace(tables, administrations=tables.administrations.filter(own), responses=tables.responses.filter(own))
    (found,) = score_profiles.profile_findings(prepare(parse_plan(PROFILES), alone, threshold=11))
    assert "nothing speaks for kinds of people" in said(found.bodies[0])[0]
    assert list(rows(found.bodies[0], "profiles_kinds")) == ["Profile 1"]


def test_without_the_optional_part_the_report_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise MissingExtraError(purpose="Latent profile analysis", extra="profiles")

    monkeypatch.setattr(score_profiles, "latent_profiles", missing)
    (found,) = score_profiles.profile_findings(prepared())
    assert "pip install 'casearc[profiles]'" in found.refusal


def test_a_plan_that_does_not_ask_gets_none() -> None:
    assert not list(score_profiles.profile_findings(prepared(PLAN.replace('urica = "1-5"', ""))))


def test_the_plan_says_profiles_back_and_its_digest_knows_them() -> None:
    plan = parse_plan(PROFILES)
    assert any(sentence.startswith("Profiles kinds: are there kinds of people") for sentence in explain(plan))
    assert plan.digest != parse_plan(PLAN.replace('urica = "1-5"', "")).digest
