"""The scripts that go out with the rows give the numbers of results.json, to the last digits that mean anything."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from casearc.analyses import prepare, study_instruments
from casearc.evaluation import evaluate
from casearc.files.exporting.analysis.write import write_analysis
from casearc.study import StudyPlan, parse_plan
from casearc.synthetic import make_program
from casearc.tables import Tables, build

WAVES = "".join(
    f'[[wave]]\nname = "{name}"\ntarget_day = {day}\nwindow = [-30, 45]\n'
    for name, day in (("intake", 0), ("six_months", 180), ("twelve_months", 360))
)
PLAN = (
    '[study]\ntitle = "Is *support* \\"higher\\"?"\nprogram = "Harbor Light (made up)"\ndesign = "pretest-posttest"\n'
    + WAVES
    + """
[[outcome]]
id = "support"
score = "mspss_total"
role = "primary"
direction = "higher"
[[outcome]]
id = "readiness"
score = "urica_readiness"
role = "exploratory"
direction = "none"
[[outcome]]
id = "stage"
score = "urica_stage_habits"
role = "exploratory"
direction = "none"
[[dose]]
id = "months_served"
table = "contacts"
measure = "months_served"
from = "intake"
to = "six_months"
[[dose]]
id = "minutes"
table = "contacts"
measure = "amount"
from = "intake"
to = "six_months"
[[covariate]]
id = "age"
table = "participants"
column = "age_at_enrollment"
[[covariate]]
id = "gender"
table = "participants"
column = "gender"
reference = "girl"
[inference]
alpha = 0.1
"""
)
MODEL = """
[[model]]
id = "{id}"
kind = "linear"
outcome = "support"
at = "twelve_months"
dose = "{dose}"
adjust_for = [{adjust_for}]
covariance = "{covariance}"
"""
MODELS = "".join(
    MODEL.format(id=f"m_{kind}".lower(), dose=dose, adjust_for=adjust_for, covariance=kind)
    for kind, dose, adjust_for in (
        ("HC3", "months_served", '"level@six_months", "gender", "age"'),
        ("HC2", "minutes", '"stage@intake"'),
        ("HC1", "months_served", '"level@six_months"'),
        ("HC0", "minutes", '"age"'),
        ("classical", "minutes", '"level@intake", "gender"'),
    )
)
CLUSTERED = MODEL.format(id="clustered", dose="minutes", adjust_for='"age"', covariance="HC3") + 'cluster = "site"\n'


@pytest.fixture(scope="module")
def tables() -> Tables:
    return build(make_program(participants=80, seed=11).tables)


@pytest.fixture(scope="module")
def plan() -> StudyPlan:
    return parse_plan(PLAN + MODELS + CLUSTERED)


@pytest.fixture(scope="module")
def folder(plan: StudyPlan, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("analysis")
    notes = write_analysis(prepare(plan, tables, threshold=11, instruments=study_instruments(plan, tables)), out)
    assert [note for note in notes if "clustered" in note]
    return out


@pytest.fixture(scope="module")
def printed(plan: StudyPlan, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Every number of results.json in the edition for the house, by table, row and column."""
    out = tmp_path_factory.mktemp("report")
    evaluate(plan, tables, edition="in-house").write(out / "report")
    content = json.loads((out / "report" / "results.json").read_text("utf-8"))
    findings = [finding for section in content["sections"] for finding in section["findings"]]
    found: dict[str, float] = {}
    for table in (table for finding in findings for table in finding["tables"]):
        names = [column["id"] for column in table["columns"]]
        for row in table["rows"]:
            for name, cell in zip(names[1:], row["cells"][1:], strict=True):
                found |= numbers(f"{table['id']}|{row['cells'][0]['text']}|{name}", cell)
    return found


def numbers(key: str, cell: dict[str, Any]) -> dict[str, float]:
    match cell["kind"]:
        case "number":
            return {key: cell["value"]}
        case "count":
            return {key: cell["value"]}
        case "interval":
            return {f"{key}_low": cell["low"], f"{key}_high": cell["high"]}
        case _:
            return {}


def made_again(file: Path) -> dict[str, float]:
    rows = pl.read_csv(file, schema_overrides={"value": pl.Float64})
    return {f"{table}|{row}|{column}": value for table, row, column, value in rows.iter_rows()}


def compare(again: dict[str, float], printed: dict[str, float]) -> None:
    capital = {key.lower(): value for key, value in printed.items()}  # rows of stages are capitalized labels
    differing = {
        key: (value, capital.get(shown(key)))
        for key, value in again.items()
        if not math.isclose(value, capital.get(shown(key), math.nan), rel_tol=1e-9, abs_tol=1e-12)
    }
    assert not differing
    tables = {key.partition("|")[0] for key in again}
    assert {
        "change_support",
        "change_readiness-tests",
        "change_urica_action",
        "model_m_hc3",
        "model_m_classical",
    } < tables
    assert {"stages_stage_intake_twelve_months", "model_m_hc2-fit"} < tables
    assert len(again) > 200


def shown(key: str) -> str:
    """A level's code as the report labels it."""
    table, row, column = key.split("|")
    if table.startswith("stages_"):
        row = {"preparation_action": "preparation or action"}.get(row, row)
    return f"{table}|{row}|{column}".lower()


def test_the_notebook_s_cells_give_the_report_s_numbers(folder: Path, printed: dict[str, float]) -> None:
    notebook = json.loads((folder / "analysis.ipynb").read_text("utf-8"))
    code = "\n\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    ended = subprocess.run([sys.executable, "-I", "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    compare(made_again(folder / "results-of-python.csv"), printed)


def test_the_script_in_r_gives_the_report_s_numbers(folder: Path, printed: dict[str, float]) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed here, so the script in R was not run")
    command = [program, "--vanilla", "analysis.R"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    compare(made_again(folder / "results-of-r.csv"), printed)
