"""`casearc demo`: the main job on a made-up program."""

from __future__ import annotations

from pathlib import Path

import click

from casearc_cli.evaluate import announce, run_evaluation
from casearc_cli.progress import Steps


@click.command(name="demo")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the demo.")
@click.option("--participants", default=95, show_default=True, help="People in the made-up program.")
@click.option("--seed", default=2024, show_default=True, help="Another seed makes up other people.")
@click.option("--null", "nothing_works", is_flag=True, help="A program in which nothing works.")
@click.option("--edition", type=click.Choice(["outside", "in-house"]), help="Default: outside.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def demo_command(
    output: Path, participants: int, seed: int, nothing_works: bool, edition: str | None, as_json: bool
) -> None:
    """Make up a program (its files go to OUTPUT/data), evaluate it, and write the report to OUTPUT/report.

    Every person in it is made up. The plan is OUTPUT/study.toml: change it and run `casearc evaluate` on it.
    """
    from casearc.study import template_plan
    from casearc.synthetic import make_program, null_program, write_program

    with Steps(quiet=as_json) as steps:
        steps.step("Making up a program")
        make = null_program if nothing_works else make_program
        program = make(participants=participants, seed=seed)
        output.mkdir(parents=True, exist_ok=True)
        write_program(program, output / "data")
        study = output / "study.toml"
        study.write_text(template_plan(), encoding="utf-8")
        evaluation = run_evaluation(study, output / "data", edition=edition, steps=steps)
        steps.step("Writing the report")
        rendered = evaluation.write(output / "report")
    announce(evaluation, rendered, as_json=as_json)
