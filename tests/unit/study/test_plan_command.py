"""Promise of `casearc plan`: says a sound plan back, refuses another with exit code 4, writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from casearc.errors import PlanRefusedError
from casearc.study import parse_plan, template_plan
from casearc_cli.plan import plan_group


@pytest.fixture
def study(tmp_path):
    file = tmp_path / "study.toml"
    file.write_text(template_plan(), encoding="utf-8")
    return file


def run(*arguments):
    return CliRunner().invoke(plan_group, [str(argument) for argument in arguments])


def test_a_sound_plan_is_said_back_with_its_fingerprint(study):
    result = run("check", study)
    assert result.exit_code == 0
    assert "Does months of service go with perceived social support" in result.output
    assert parse_plan(template_plan()).digest in result.output


def test_json_holds_sentences_and_fingerprint(study):
    told = json.loads(run("check", study, "--json").output)
    assert told["digest"] == parse_plan(template_plan()).digest
    assert told["faults"] == []
    assert len(told["sentences"]) > 10


def test_a_score_no_instrument_has_is_refused_with_the_plans_exit_code(study):
    study.write_text(template_plan().replace("mspss_total", "mspss_totl"), encoding="utf-8")
    error = run("check", study).exception
    assert isinstance(error, PlanRefusedError)
    assert error.exit_code == 4
    assert "Did you mean mspss_total?" in str(error)


def test_a_mapping_without_data_is_a_wrong_call(study):
    assert run("check", study, "--mapping", study).exit_code == 2


def test_data_are_held_against_the_plan(study, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "participants.csv").write_text("participant_id,gender\np1,boy\n", encoding="utf-8")
    (data / "enrollments.csv").write_text("enrollment_id,participant_id\ne1,p1\n", encoding="utf-8")
    (data / "administrations.csv").write_text(
        "administration_id,enrollment_id,instrument,day\na1,e1,mspss,0\n", encoding="utf-8"
    )
    responses = "administration_id," + ",".join(f"mspss_{i}" for i in range(1, 13)) + "\na1" + ",4" * 12 + "\n"
    (data / "responses.csv").write_text(responses, encoding="utf-8")
    error = run("check", study, "--data", data).exception
    assert isinstance(error, PlanRefusedError)
    assert "No participant has the reference level" in str(error)
    assert "The data have no contacts" in str(error)


def test_the_template_is_a_plan_one_can_check(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(run("template").output, encoding="utf-8")
    assert run("check", file).exit_code == 0


def test_the_agency_s_floor_decides_which_threshold_is_too_low(tmp_path: Path) -> None:
    study, policy = tmp_path / "study.toml", tmp_path / "policy.toml"
    study.write_text(template_plan().replace("# threshold = 15", "threshold = 15"), encoding="utf-8")
    policy.write_text("[disclosure]\nfloor = 20\n", encoding="utf-8")
    assert CliRunner().invoke(plan_group, ["check", str(study)]).exit_code == 0
    refused = CliRunner().invoke(plan_group, ["check", str(study), "--policy", str(policy)])
    assert isinstance(refused.exception, PlanRefusedError)
    assert "floor of 20" in str(refused.exception)
