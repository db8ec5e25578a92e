"""Every kind of model in the scripts, in both languages: the numbers are the report's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from test_export_analysis import WAVES, differing, report_numbers, run_notebook, run_r, written

from casearc.study import parse_plan, template_plan
from casearc.synthetic import make_program
from casearc.tables import Tables, build

START = '[study]\ntitle = "Kinds of model"\nprogram = "Harbor Light (made up)"\n' + WAVES
LEVELS = ("multinomial", "logistic", "separated", "ordinal", "ordinal, penalized")
MIXED = ("intercepts", "mixed", "mixed, Satterthwaite")

OUTCOMES = """
[[outcome]]
id = "{id}"
score = "{score}"
role = "exploratory"
direction = "none"
"""
DOSE = """
[[dose]]
id = "{id}"
table = "{table}"
measure = "{measure}"
from = "{start}"
to = "{end}"
"""
MEASURED = (
    OUTCOMES.format(id="support", score="mspss_total")
    + OUTCOMES.format(id="action", score="urica_action")
    + OUTCOMES.format(id="stage", score="urica_stage_habits")
    + OUTCOMES.format(id="two", score="urica_stage_nearest_mean")
    + 'merge = { later = ["contemplation", "preparation_action"] }\n'
    + DOSE.format(id="months", table="contacts", measure="months_served", start="intake", end="six_months")
    + DOSE.format(id="minutes", table="contacts", measure="amount", start="intake", end="six_months")
    + DOSE.format(id="later", table="contacts", measure="count", start="six_months", end="twelve_months")
    + DOSE.format(id="goals", table="goals", measure="count", start="six_months", end="twelve_months")
    + 'types = ["met"]\n'
    + DOSE.format(id="risk", table="enrollments", measure="months_enrolled", start="six_months", end="twelve_months")
    + '[[covariate]]\nid = "age"\ntable = "participants"\ncolumn = "age_at_enrollment"\n'
    + '[[covariate]]\nid = "gender"\ntable = "participants"\ncolumn = "gender"\nreference = "girl"\n'
    + "[inference]\nalpha = 0.1\n"
)
STAGE = 'outcome = "stage"\nat = "twelve_months"\n'
SUPPORT = 'outcome = "support"\nat = "twelve_months"\n'
BY_ALL = 'dose = "minutes"\nadjust_for = ["gender", "age"]\n'
BY_LEVEL = 'dose = "months"\nadjust_for = ["level@six_months", "age"]\n'

MODELS: dict[str, tuple[str, ...]] = {
    "multinomial": (
        f'kind = "multinomial"\n{STAGE}{BY_ALL}',
        f'kind = "multinomial"\n{STAGE}dose = ["months", "minutes"]\nadjust_for = ["age"]\ncluster = "staff_id"\n',
    ),
    "logistic": (
        'kind = "multinomial"\noutcome = "two"\nat = "six_months"\nadjust_for = ["gender", "age"]\n',
        'kind = "multinomial"\noutcome = "two"\nat = "twelve_months"\ndose = "minutes"\nreference = "later"\n',
    ),
    "separated": (f'kind = "multinomial"\n{STAGE}{BY_LEVEL}penalty = "firth"\n',),
    "ordinal": (
        f'kind = "ordinal"\n{STAGE}{BY_ALL}',
        f'kind = "ordinal"\n{STAGE}dose = "months"\nadjust_for = ["age"]\ncluster = "staff_id"\n',
        f'kind = "ordinal"\noutcome = "two"\nat = "twelve_months"\n{BY_ALL}',
    ),
    "ordinal, penalized": (f'kind = "ordinal"\n{STAGE}{BY_LEVEL}penalty = "firth"\n',),
    "count": (
        'kind = "count"\noutcome = "later"\nexposure = "risk"\ndose = "minutes"\nadjust_for = ["age", "gender"]\n',
        'kind = "count"\noutcome = "goals"\nexposure = "risk"\ndose = "months"\nadjust_for = ["support@six_months"]\n',
    ),
    "clustered": (
        f'kind = "linear"\n{SUPPORT}{BY_LEVEL}cluster = "staff_id"\n',
        f'kind = "linear"\n{SUPPORT}{BY_ALL}cluster = "site"\n',
    ),
    "intercepts": (f'kind = "linear"\n{SUPPORT}{BY_ALL}cluster = "staff_id"\ncluster_method = "random-intercept"\n',),
    "mixed": (
        f'kind = "mixed"\noutcome = "support"\n{BY_ALL}',
        'kind = "mixed"\noutcome = "action"\ndose = ["minutes", "months"]\nadjust_for = ["age"]\n',
        'kind = "mixed"\noutcome = "support"\ndose = "months"\nrandom = "intercept"\n',
    ),
    "mixed, Satterthwaite": (
        'kind = "mixed"\noutcome = "support"\ndose = "minutes"\nadjust_for = ["stage@intake"]\ndf = "satterthwaite"\n',
        'kind = "mixed"\noutcome = "support"\ndose = "months"\nrandom = "intercept"\ndf = "satterthwaite"\n',
    ),
}


def tolerance(kind: str) -> dict[str, float]:
    """Closed forms agree to nine digits; fits to six; mixed models, whose optimum is flat, to three and more."""
    if kind in MIXED:
        return {"rel": 2e-4, "abs_": 1e-6}
    return {"rel": 1e-6, "abs_": 1e-8} if kind in (*LEVELS, "count") else {"rel": 1e-9, "abs_": 1e-12}


def names(kind: str) -> list[str]:
    return [f"m{list(MODELS).index(kind)}_{place}" for place in range(len(MODELS[kind]))]


def plan_of(*kinds: str, design: str = "pretest-posttest") -> str:
    models = [
        f'[[model]]\nid = "{name}"\n{text}'
        for kind in kinds
        for name, text in zip(names(kind), MODELS[kind], strict=True)
    ]
    return START.replace("[[wave]]", f'design = "{design}"\n[[wave]]', 1) + MEASURED + "".join(models)


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Services begin after the second wave, so that a double pretest is one."""
    frames = dict(make_program(participants=200, seed=7).tables)
    later = frames["enrollments"].with_columns(first_service_day=pl.lit(230))
    return build(frames | {"enrollments": later})


@pytest.fixture(scope="module")
def printed(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    return report_numbers(parse_plan(plan_of(*MODELS)), tables, tmp_path_factory.mktemp("report"))


TABLES = (("model", ""), ("model", "-fit"), ("effects", ""))


def of_models(printed: dict[str, float], kind: str) -> set[str]:
    """Names of the numbers that the report has of a kind's models, in the tables that scripts make again."""
    tables = {f"{start}_{name}{end}" for name in names(kind) for start, end in TABLES}
    rows = {key for key in printed if key.partition("|")[0] in tables}
    return {key.lower() for key in rows}


@pytest.mark.parametrize("kind", MODELS)
def test_scripts_with_one_kind_of_model_give_every_number_of_it(
    kind: str, tables: Tables, printed: dict[str, float], tmp_path: Path
) -> None:
    """A plan with one kind alone: its script has all the tools it needs."""
    written(parse_plan(plan_of(kind)), tables, tmp_path)
    wanted = of_models(printed, kind)
    assert len(wanted) > 20
    for again in (run_notebook(tmp_path), run_r(tmp_path)):
        if again is not None:  # R is not installed everywhere
            assert not differing(again, printed, **tolerance(kind))
            assert wanted <= {key.lower() for key in again}


def test_the_made_up_program_asks_for_every_way_of_fitting(tables: Tables, tmp_path: Path) -> None:
    """Else the tests above would pass over a way that nobody took."""
    written(parse_plan(plan_of(*MODELS)), tables, tmp_path)
    printed_again = notebook_prints(tmp_path)
    assert "negative binomial; more spread" in printed_again
    assert "Poisson, HC3; more spread" in printed_again
    script = (tmp_path / "analysis.R").read_text("utf-8")
    assert script.count("penalized = TRUE") == 2
    assert script.count("own = cbind(1, months)") == 3
    assert script.count("satterthwaite = TRUE") == 2


@pytest.mark.skipif(not os.environ.get("CASEARC_TEST_ALL"), reason="half a minute; make degenerate runs it")
def test_time_of_a_double_pretest_is_broken_at_the_second(tables: Tables, tmp_path: Path) -> None:
    plan = parse_plan(plan_of("mixed", design="double-pretest"))
    printed = report_numbers(plan, tables, tmp_path)
    written(plan, tables, tmp_path)
    for again in (run_notebook(tmp_path), run_r(tmp_path)):
        if again is not None:
            assert not differing(again, printed, **tolerance("mixed"))
            assert {key.split("|")[1] for key in again} >= {
                "Months before the second pretest",
                "Months since the second pretest",
            }


def test_the_demo_s_main_tables_are_made_again(tmp_path: Path) -> None:
    """The plan of the template, with bootstrap: the levels are separated at eighty people."""
    plan, tables = parse_plan(with_draws(500)), build(make_program(participants=80, seed=11).tables)
    notes = " ".join(written(plan, tables, tmp_path))
    printed = report_numbers(plan, tables, tmp_path)
    assert "redrawn_" in notes
    script = (tmp_path / "analysis.R").read_text("utf-8")
    assert 'multinomial("stage_by_months"' in script
    assert "penalized = TRUE" in script
    for again in (run_notebook(tmp_path), run_r(tmp_path)):
        if again is not None:
            assert not differing(again, printed, rel=1e-6, abs_=1e-8)
            tables_made = {key.partition("|")[0] for key in again}
            assert {"model_support_by_months", "model_stage_by_months", "effects_stage_at_intake"} <= tables_made
            assert any(key.startswith("all_tests|") for key in again)


COARSER = {  # by what the planned model adjusts for: what is done where it cannot be fitted, levels being separated
    "race_ethnicity": "merged into coarser groups: Race and ethnicity",
    "gender": "left out: Gender",
    "level@six_months": "merged into coarser groups: stage of change; left out: Stage of change at six months",
}


def test_the_coarser_form_of_a_model_is_made_again_where_the_planned_one_could_not_be_fitted(tmp_path: Path) -> None:
    model = f'kind = "multinomial"\n{STAGE}dose = "months_served"\npenalty = "none"\nadjust_for = '
    added = [f'[[model]]\nid = "m{place}"\n{model}["{by}"]\n' for place, by in enumerate(COARSER)]
    plan = parse_plan(with_draws(0) + "".join(added))
    tables = build(make_program(participants=80, seed=4).tables)
    written(plan, tables, tmp_path)
    printed = report_numbers(plan, tables, tmp_path)
    script = (tmp_path / "analysis.R").read_text("utf-8").replace("\n# ", " ")
    assert all(f"people stand behind some groups ({told})." in script for told in COARSER.values())
    for again in (run_notebook(tmp_path), run_r(tmp_path)):
        if again is not None:
            assert not differing(again, printed, rel=1e-6, abs_=1e-8)
            assert {"model_m0", "model_m1", "model_m2"} <= {key.partition("|")[0] for key in again}


def test_what_is_not_made_again_is_said_by_quantity_and_by_model(tables: Tables, tmp_path: Path) -> None:
    """A count that nobody had has no model; draws of people are not drawn again."""
    frames = {name: getattr(tables, name) for name in ("participants", "enrollments", "administrations", "responses")}
    nobody = build(frames | {"contacts": tables.contacts, "goals": tables.goals.head(0)})
    text = plan_of("count", "mixed").replace("alpha = 0.1", "alpha = 0.1\nbootstrap = 500")
    notes = written(parse_plan(text), nobody, tmp_path)
    assert [note.partition(":")[2].partition(":")[0].strip() for note in notes] == [
        f"The model “{names('count')[1].replace('_', ' ')}”",
        "Intervals by bootstrap (columns conf_bootstrap)",
    ]
    script = (tmp_path / "analysis.R").read_text("utf-8").replace("\n# ", " ")
    assert all(f" Not made here: {note.removeprefix('Not in the scripts: ')}" in script for note in notes)


def test_terms_of_one_label_stay_two(tables: Tables, tmp_path: Path) -> None:
    text = plan_of("multinomial").replace('id = "months"', 'id = "months"\nlabel = "service"')
    written(parse_plan(text.replace('id = "minutes"', 'id = "minutes"\nlabel = "service"')), tables, tmp_path)
    for again in (run_notebook(tmp_path), run_r(tmp_path)):
        if again is not None:
            rows = {key.split("|")[1].rpartition(": ")[2] for key in again if key.startswith("model_m0_1|")}
            assert {"Service (months)", "Service (minutes)"} <= rows


def with_draws(number: int) -> str:
    """The template's plan with so many draws of people."""
    assert "bootstrap = 2000" in template_plan()
    return template_plan().replace("bootstrap = 2000", f"bootstrap = {number}")


def notebook_prints(folder: Path) -> str:
    """What the notebook's cells print."""
    notebook = json.loads((folder / "analysis.ipynb").read_text("utf-8"))
    code = "\n\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    command = [sys.executable, "-I", "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
