"""The scripts that go out with the rows give the numbers of results.json, to the last digits that mean anything."""

from __future__ import annotations

import json
import math
import re
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
from casearc.study import StudyPlan, parse_plan, plan_in_effect
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
[[outcome]]
id = "nearest"
score = "urica_stage_nearest_mean"
role = "exploratory"
direction = "none"
merge = { later = ["contemplation", "preparation_action"] }
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
        ("HC2", "minutes", '"stage@intake", "nearest@intake"'),
        ("HC1", "months_served", '"level@six_months"'),
        ("HC0", "minutes", '"age"'),
        ("classical", "minutes", '"level@intake", "gender"'),
    )
)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return build(make_program(participants=80, seed=11).tables)


@pytest.fixture(scope="module")
def plan() -> StudyPlan:
    return parse_plan(PLAN + MODELS)


@pytest.fixture(scope="module")
def folder(plan: StudyPlan, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("analysis")
    written(plan, tables, out)
    return out


@pytest.fixture(scope="module")
def printed(plan: StudyPlan, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    return report_numbers(plan, tables, tmp_path_factory.mktemp("report"))


def written(plan: StudyPlan, tables: Tables, out: Path) -> tuple[str, ...]:
    """Write rows and scripts as an export does; what the scripts leave out."""
    data = prepare(plan_in_effect(plan, tables), tables, threshold=11, instruments=study_instruments(plan, tables))
    return write_analysis(data, out)


def report_numbers(plan: StudyPlan, tables: Tables, out: Path) -> dict[str, float]:
    """Every number of results.json in the edition for the house, by table, row and column.

    A row under a heading is called by both, except in the table of all tests, where every test has a name of its own.
    """
    evaluate(plan, tables, edition="in-house").write(out / "report")
    content = json.loads((out / "report" / "results.json").read_text("utf-8"))
    findings = [finding for section in content["sections"] for finding in section["findings"]]
    found: dict[str, float] = {}
    for table in (table for finding in findings for table in finding["tables"]):
        names = [column["id"] for column in table["columns"]]
        heading = ""
        for row in table["rows"]:
            title = row["cells"][0]["text"]
            heading = title if row["heading"] else heading
            under = f"{heading}: {title}" if row["indent"] and table["id"] != "all_tests" else title
            for name, cell in zip(names[1:], row["cells"][1:], strict=not row["heading"]):
                found |= numbers(f"{table['id']}|{under}|{name}", cell)
    return found


def numbers(key: str, cell: dict[str, Any]) -> dict[str, float]:
    match cell["kind"]:
        case "number":
            return {key: cell["value"]}
        case "count":
            return {key: cell["value"]}
        case "interval":
            ends = {f"{key}_low": cell["low"], f"{key}_high": cell["high"]}
            return {name: value for name, value in ends.items() if value is not None}
        case _:
            return {}


def made_again(file: Path) -> dict[str, float]:
    rows = pl.read_csv(file, schema_overrides={"value": pl.Float64})
    again = {f"{table}|{row}|{column}": value for table, row, column, value in rows.iter_rows()}
    assert len(again) == rows.height  # a name for each number
    return again


def differing(
    again: dict[str, float], printed: dict[str, float], *, rel: float = 1e-9, abs_: float = 1e-12
) -> dict[str, tuple[float, float | None]]:
    """Numbers that a script gives and the report does not, with what the report has."""
    capital = {key.lower(): value for key, value in printed.items()}  # rows of stages are capitalized labels
    return {
        key: (value, capital.get(shown(key)))
        for key, value in again.items()
        if not math.isclose(value, capital.get(shown(key), math.nan), rel_tol=rel, abs_tol=abs_)
    }


def compare(again: dict[str, float], printed: dict[str, float]) -> None:
    assert not differing(again, printed)
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


def run_notebook(folder: Path) -> dict[str, float]:
    notebook = json.loads((folder / "analysis.ipynb").read_text("utf-8"))
    code = "\n\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    ended = subprocess.run([sys.executable, "-I", "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return made_again(folder / "results-of-python.csv")


def test_the_notebook_s_cells_give_the_report_s_numbers(folder: Path, printed: dict[str, float]) -> None:
    compare(run_notebook(folder), printed)


def run_r(folder: Path) -> dict[str, float] | None:
    """The numbers that the script in R gives; None where R is not installed."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    command = [program, "--vanilla", "analysis.R"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return made_again(folder / "results-of-r.csv")


def test_the_script_in_r_gives_the_report_s_numbers(folder: Path, printed: dict[str, float]) -> None:
    again = run_r(folder)
    if again is None:
        pytest.skip("R is not installed here, so the script in R was not run")
    compare(again, printed)


def test_script_document_and_notebook_hold_the_same_and_leave_the_title_as_it_is(folder: Path) -> None:
    script, document = ((folder / name).read_text("utf-8") for name in ("analysis.R", "analysis.qmd"))
    chunks = re.findall(r"```\{r\}\n(.*?)\n```", document, flags=re.DOTALL)
    assert len(chunks) == 6
    assert all(chunk in script for chunk in chunks)
    title = re.search(r'^title: (".*")$', document, flags=re.MULTILINE)
    assert title is not None
    assert json.loads(title[1]) == 'Is *support* "higher"?'
    notebook = json.loads((folder / "analysis.ipynb").read_text("utf-8"))
    assert (notebook["nbformat"], len({cell["id"] for cell in notebook["cells"]})) == (4, len(notebook["cells"]))
    assert "".join(notebook["cells"][0]["source"]).startswith(r'# Is \*support\* "higher"?')
    for text in (script, document, "".join(notebook["cells"][0]["source"])):
        assert "may leave the house" in text


def test_texts_like_formulas_and_quotes_stand_in_rows_and_scripts_alike(plan: StudyPlan, tmp_path: Path) -> None:
    """The reference level looks like a formula, another has quotes: the model is the same."""
    frames = dict(make_program(participants=60, seed=12).tables)
    coded = pl.col("gender").replace({"girl": "=girl", "boy": "'b\"o\\y"})
    odd = frames | {"participants": frames["participants"].with_columns(gender=coded)}
    changed = parse_plan((PLAN + MODELS).replace('reference = "girl"', 'reference = "=girl"'))
    results = []
    for name, given, its in (("plain", frames, plan), ("odd", odd, changed)):
        tables = build(given)
        (tmp_path / name).mkdir()
        written(its, tables, tmp_path / name)
        results.append(run_notebook(tmp_path / name))
        in_r = run_r(tmp_path / name)
        assert in_r is None or in_r == pytest.approx(results[-1], rel=1e-9)
    plain, strange = ({k: v for k, v in each.items() if k.startswith("model_m_hc3|")} for each in results)
    assert sorted(strange.values()) == pytest.approx(sorted(plain.values()))
    assert any('"' in key for key in strange)
