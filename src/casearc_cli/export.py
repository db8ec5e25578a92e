"""`casearc export`: the tables, instruments and codebooks of a program in other programs' formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casearc_cli.progress import Steps

if TYPE_CHECKING:
    from casearc.study import StudyPlan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FORMATS = (
    "csv", "spss", "stata", "parquet", "arrow", "xlsx", "redcap", "xlsform", "fhir", "htcds", "analysis", "codebook",
)  # fmt: skip
DEFAULT = ("csv", "codebook")
NOTES_SHOWN = 12


@click.command(name="export")
@click.option("--data", type=FOLDER, required=True, help="Folder with the program's files.")
@click.option("--mapping", type=FILE, help="mapping.toml: how the files become the contract's tables.")
@click.option("--plan", "study", type=FILE, help="The study plan; `analysis` needs it.")
@click.option(
    "--format", "formats", type=click.Choice(FORMATS), multiple=True, help="Repeat for more; default csv and codebook."
)
@click.option("--counts", is_flag=True, help="Codebooks also count rows, which is for the house alone.")
@click.option("--instruments", type=FOLDER, multiple=True, help="Folder with instruments of your own.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the export.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def export_command(
    data: Path,
    mapping: Path | None,
    study: Path | None,
    formats: tuple[str, ...],
    counts: bool,
    instruments: tuple[Path, ...],
    output: Path,
    as_json: bool,
) -> None:
    """Write a program's tables out again, row by row, in one or several formats.

    Each format gets a folder of its own in OUTPUT. The files hold rows of single people: nothing of them passed the
    disclosure gate, and they stay in the house. `analysis` holds the rows that the plan's analyses look at, with
    scripts in R and Python that make the report's main tables of them.
    """
    if "analysis" in formats and study is None:
        raise click.UsageError("--format analysis needs the study plan: name it with --plan.")
    from casearc.analyses import named_instruments
    from casearc.files import read_folder
    from casearc.files.exporting import check_replaceable, export

    folder = output.absolute()
    check_replaceable(folder)
    with Steps(quiet=as_json) as steps:
        plan = None if study is None else _read_plan(study)
        steps.step("Reading and checking the files")
        tables = read_folder(data, mapping, plan=plan, required=("participants",) if plan is None else None)
        folders: list[str | Path] = [*instruments, *(plan.instrument_folders if plan else ())]
        notes = export(
            tables,
            instruments=named_instruments(tables, folders=folders),
            formats=formats or DEFAULT,
            folder=folder,
            plan=plan,
            counts=counts,
            progress=steps.step,
        )
    _announce(output, formats or DEFAULT, notes, as_json=as_json)


def _read_plan(study: Path) -> StudyPlan:
    from casearc.disclosure import Policy
    from casearc.study import read_plan

    return read_plan(study, floor=Policy().floor)


def _announce(output: Path, formats: tuple[str, ...], notes: tuple[str, ...], *, as_json: bool) -> None:
    from casearc.files.exporting import STAYS

    if as_json:
        content = {"folder": str(output), "formats": list(formats), "stays_in_the_house": STAYS, "notes": list(notes)}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    click.echo(f"Exported to {output}: {', '.join(dict.fromkeys(formats))}.")
    click.echo(STAYS)
    for note in notes[:NOTES_SHOWN]:
        click.echo(f"Note: {note}")
    if len(notes) > NOTES_SHOWN:
        click.echo(f"{len(notes) - NOTES_SHOWN:,} more notes stand in {output / 'READ-FIRST.txt'}.")
