"""`casearc plan`: check a study plan and say it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from casearc.study import StudyPlan
    from casearc.tables import Tables

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(name="plan")
def plan_group() -> None:
    """Check a study plan, or start one."""


@plan_group.command(name="check")
@click.argument("study", type=FILE)
@click.option("--instruments", type=FOLDER, help="Folder with instruments of your own, beside those the plan names.")
@click.option("--data", type=FOLDER, help="Folder with the program's files: checks that the plan fits them.")
@click.option("--mapping", type=FILE, help="mapping.toml: how the files become the contract's tables.")
@click.option("--policy", type=FILE, help="The agency's policy.toml, with [disclosure] floor.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check_command(
    study: Path, instruments: Path | None, data: Path | None, mapping: Path | None, policy: Path | None, as_json: bool
) -> None:
    """Check the plan STUDY and say it back in plain sentences.

    Lists everything that is wrong, with its place, and ends with exit code 4 then.
    """
    if mapping is not None and data is None:
        raise click.UsageError("--mapping says how files are read, so it needs --data.")
    from casearc.disclosure import read_policy
    from casearc.instruments import available, load
    from casearc.study import design_deviations, ensure_plan, explain, read_plan

    floor = read_policy(policy).floor
    plan = read_plan(study, floor=floor)
    folders: list[str | Path] = [*plan.instrument_folders, *([instruments] if instruments else [])]
    known = [load(name, folders=folders) for name in available(folders)]
    tables = None if data is None else _tables(plan, data, mapping)
    ensure_plan(plan, known, tables, floor=floor)
    sentences = explain(plan, known)
    departures = design_deviations(plan, tables) if tables is not None else ()
    _print(plan, sentences, departures, as_json=as_json)


@plan_group.command(name="template")
def template_command() -> None:
    """Print a commented plan to start from: `casearc plan template > study.toml`."""
    from casearc.study import template_plan

    click.echo(template_plan(), nl=False)


def _tables(plan: StudyPlan, data: Path, mapping: Path | None) -> Tables:
    from casearc.files import read_folder

    return read_folder(data, mapping, plan=plan)


def _print(plan: StudyPlan, sentences: tuple[str, ...], departures: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        content = {
            "title": plan.title,
            "digest": plan.digest,
            "sentences": sentences,
            "deviations": departures,
            "faults": [],
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    for sentence in (*sentences, *departures):
        click.echo(f"- {sentence}")
    click.echo(f"The plan is sound. Its fingerprint: {plan.digest}")
