"""The real records' outside edition attacked: three trials, 3,560 people, many small groups."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attacker import breaches
from click.testing import CliRunner

from casearc_cli.main import casearc

HERE = Path(__file__).resolve().parents[2]
DATA = HERE.parent / "shared" / "data" / "ctn0094"
EXAMPLE = HERE / "examples" / "ctn0094"


@pytest.mark.skipif(not DATA.is_dir(), reason="the trial data set lies beside the repository and is not here")
def test_no_hidden_count_of_the_trials_can_be_pinned_down(tmp_path: Path) -> None:
    given = ["--data", str(DATA), "--mapping", str(EXAMPLE / "mapping.toml"), "-o", str(tmp_path / "report")]
    result = CliRunner().invoke(casearc, ["evaluate", str(EXAMPLE / "study.toml"), *given])
    assert result.exit_code == 0, result.output
    disclosure = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))["disclosure"]
    assert any(entry["shown"] == "withheld" for entry in disclosure["counts"].values())
    assert breaches(disclosure) == {}
