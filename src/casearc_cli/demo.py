"""`casearc demo`: the main job on a made-up program."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casearc_cli.evaluate import announce, run_evaluation
from casearc_cli.progress import Steps

if TYPE_CHECKING:
    from casearc.reports import Rendered

DATA, STUDY, REPORT = "data", "study.toml", "report"


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

    Every person in it is made up. The plan is OUTPUT/study.toml: change it and run `casearc evaluate` on it. An
    earlier demo in the folder is replaced, unless its plan was changed or files were added.
    """
    from casearc.study import template_plan
    from casearc.synthetic import make_program, null_program, write_program

    check_output(output)
    output.absolute().parent.mkdir(parents=True, exist_ok=True)
    with (
        Steps(quiet=as_json) as steps,
        tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.absolute().parent) as unfinished,
    ):
        beside = Path(unfinished)
        steps.step("Making up a program")
        make = null_program if nothing_works else make_program
        write_program(make(participants=participants, seed=seed), beside / DATA)
        (beside / STUDY).write_text(template_plan(), encoding="utf-8")
        evaluation = run_evaluation(beside / STUDY, beside / DATA, edition=edition, steps=steps)
        steps.step("Writing the report")
        rendered = evaluation.write(beside / REPORT)
        steps.go_on()
        move_into_place(beside, output)
    announce(evaluation, _moved(rendered, output / REPORT), as_json=as_json)


def check_output(output: Path) -> None:
    """Refuse a folder that holds anything but an earlier demo, untouched."""
    from casearc.errors import UsageError
    from casearc.reports import check_folder
    from casearc.study import template_plan
    from casearc.synthetic import check_replaceable
    from casearc.tables import TABLES

    if not output.exists():
        return
    if not output.is_dir():
        raise UsageError(f"{output} is a file, not a folder. Name a folder for the demo.")
    study = output / STUDY
    own = {DATA, STUDY, REPORT, *(f"{DATA}/{name}.csv" for name in TABLES)}
    found = [*output.iterdir(), *((output / DATA).iterdir() if (output / DATA).is_dir() else ())]
    strangers = [path for path in found if path.relative_to(output).as_posix() not in own]
    changed = study.exists() and study.read_bytes() != template_plan().encode()
    if strangers or changed:
        what = (
            f"a {STUDY} that is not the demo's own"
            if changed
            else f"files that are not part of a demo ({len(strangers)})"
        )
        raise UsageError(f"The folder {output} holds {what}, so it was left as it is. Name a new folder for the demo.")
    check_replaceable(output / DATA)
    check_folder(output / REPORT)


def move_into_place(beside: Path, output: Path) -> None:
    """Move the parts of a finished demo to where they belong; those of an earlier one go."""
    output.mkdir(exist_ok=True)
    for name in (DATA, STUDY, REPORT):
        if (output / name).exists():
            os.replace(output / name, beside / f"earlier-{name}")
        os.replace(beside / name, output / name)


def _moved(rendered: Rendered, folder: Path) -> Rendered:
    whole = folder.absolute()
    paths = tuple(whole / path.relative_to(rendered.folder) for path in rendered.paths)
    return replace(rendered, folder=whole, paths=paths)
