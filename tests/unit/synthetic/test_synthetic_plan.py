"""Promise: the demo's plan is sound and fits what a made-up program holds, whatever the seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casearc.files import read_folder
from casearc.instruments import load
from casearc.study import check_plan, read_plan, template_plan
from casearc.synthetic import PROGRAM_NAME, Program, make_program, null_program, write_program


@pytest.mark.parametrize("seed", [1, 2024])
@pytest.mark.parametrize("make", [make_program, null_program], ids=["works", "nothing works"])
def test_the_plan_fits_the_data(make: Callable[..., Program], seed: int, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(template_plan(), encoding="utf-8")
    write_program(make(seed=seed), tmp_path / "data")
    plan = read_plan(tmp_path / "study.toml")
    instruments = [load(name) for name in ("mspss", "cop_se", "urica")]
    assert plan.program == PROGRAM_NAME
    assert check_plan(plan, instruments, read_folder(tmp_path / "data")) == ()


def test_every_dose_of_the_plan_ends_before_the_outcome_it_is_held_against(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(template_plan(), encoding="utf-8")
    plan = read_plan(tmp_path / "study.toml")
    for model in plan.models:
        for dose in map(plan.dose, model.doses):
            assert isinstance(dose.end, str)
            assert plan.wave(dose.end).last_day < plan.wave(model.at).first_day
