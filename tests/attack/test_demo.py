"""The whole way: a made-up program is evaluated by the command line, and its results.json attacked."""

from __future__ import annotations

import json
import os

import pytest
from attacker import attack, breaches
from click.testing import CliRunner

from casearc_cli.main import casearc


@pytest.fixture(scope="module", params=[2024, 7] if os.environ.get("CASEARC_TEST_ALL") else [7])
def disclosure(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(casearc, ["demo", "-o", str(folder), "--seed", str(request.param)])
    assert result.exit_code == 0, result.output
    return json.loads((folder / "report" / "results.json").read_text(encoding="utf-8"))["disclosure"]


def test_no_hidden_count_of_the_demo_can_be_pinned_down(disclosure):
    assert breaches(disclosure) == {}


def test_the_demo_hides_and_shows_enough_for_the_attack_to_mean_something(disclosure):
    kinds = [entry["shown"] for entry in disclosure["counts"].values()]
    assert min(kinds.count(kind) for kind in ("exact", "band", "withheld")) >= 10
    assert any(worked.high < 95 for worked in attack(disclosure).values())
