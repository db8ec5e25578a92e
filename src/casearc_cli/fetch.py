"""`casearc import fetch`: files from REDCap or a database, at the addresses of a sources.toml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casearc_cli.progress import Steps

if TYPE_CHECKING:
    from casearc_sources.fetch import Written


@click.command(name="fetch")
@click.argument("name")
@click.option(
    "--sources",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The sources.toml that says where NAME is.",
)
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to fill.")
@click.option("--replace", is_flag=True, help="Replace files that were fetched before.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def fetch_command(name: str, sources: Path, output: Path, replace: bool, as_json: bool) -> None:
    """Fetch the source NAME: a REDCap project or tables of a database, as CSV files in OUTPUT.

    Nothing is contacted but the address that stands in sources.toml, and nothing there is changed. All or nothing:
    where one part cannot be fetched, no file is written. The files are rows of people: they stay in the house.
    """
    from casearc_sources.configuration import read_source
    from casearc_sources.fetch import fetch

    source = read_source(sources, name)
    with Steps(quiet=as_json) as steps:
        written = fetch(source, output, progress=steps.step, replace=replace)
    _tell(written, as_json=as_json)


def _tell(written: Written, *, as_json: bool) -> None:
    if as_json:
        told = {"files": [str(path) for path in written.files], "notes": list(written.notes)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for path in written.files:
        click.echo(f"Fetched: {path}")
    for note in written.notes:
        click.echo(f"Note: {note}")
    click.echo(f"Next: `casearc import inspect {' '.join(str(path) for path in written.files)} -o mapping.toml`.")
