"""`casearc score`: a file of responses in, a file of scores out."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from casearc.errors import Fault
    from casearc.files.sheet import Sheet
    from casearc.instruments import Instrument

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(name="score")
@click.argument("responses", type=FILE)
@click.option("--instrument", required=True, metavar="ID[:VARIANT]", help="Such as mspss or cop_se:short-13.")
@click.option("--coding", metavar="LOW-HIGH", help="How the file codes responses, such as 1-10.")
@click.option(
    "--missing",
    type=click.Choice(["house", "strict"]),
    default="house",
    show_default=True,
    help="Skipped items: the instrument's own rule, or no score without every item.",
)
@click.option("--bands", metavar="NAME", help="An alternative set of bands, by name.")
@click.option("--instruments", type=FOLDER, multiple=True, help="Folder with instruments of your own.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The CSV file to write."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def score_command(
    responses: Path,
    instrument: str,
    coding: str | None,
    missing: str,
    bands: str | None,
    instruments: tuple[Path, ...],
    output: Path,
    as_json: bool,
) -> None:
    """Score a CSV file of RESPONSES to one instrument.

    One row an administration with columns such as mspss_1 to mspss_12, or one row a response with the columns item
    and response; either way a column administration_id. Responses to other instruments in a file of single responses
    are left alone. Writes one row an administration.
    """
    if output.suffix.lower() != ".csv":
        raise click.UsageError("The output is a CSV file: let its name end in .csv.")
    if output.resolve() == responses.resolve():
        raise click.UsageError("The output would overwrite the responses; give it another name.")
    from casearc.instruments import available, load

    chosen = load(instrument, folders=instruments)
    whole = read_responses(responses)
    raw = responses_to(chosen, whole, others=available(instruments))
    scored = score_file(raw, chosen, coding=coding, missing=missing, bands=bands)
    refuse_formulas(scored, raw)
    write_whole(scored, output)
    _announce(chosen, scored, output, others=whole.frame.height - raw.frame.height, as_json=as_json)


def responses_to(instrument: Instrument, raw: Sheet, *, others: Sequence[str]) -> Sheet:
    """The file without responses to other known instruments; those to nobody's items stay, to be refused."""
    import polars as pl

    from casearc.errors import ScoringError

    known = sorted(name for name in others if name != instrument.id)
    if "item" not in raw.frame.columns or not known:
        return raw
    pattern = rf"^(?:{'|'.join(known)})_\w+$"
    others_item = pl.col("item").str.contains(pattern) & ~pl.col("item").str.starts_with(f"{instrument.id}_")
    own = ~raw.frame.select(others_item.fill_null(value=False)).to_series()
    if not own.any():
        raise ScoringError(f"{raw.name} holds responses to other instruments only, none to {instrument.id}.")
    return replace(raw, frame=raw.frame.filter(own), places=raw.places.filter(own))


def read_responses(path: Path) -> Sheet:
    """The file as text. Refused with file, row and column where it is not plain CSV, or holds no row."""
    from casearc.errors import ScoringError
    from casearc.files.csv import read_csv
    from casearc.tables import FaultLog

    log = FaultLog()
    raw = read_csv(path, name=path.name, log=log)
    if raw is not None and raw.frame.is_empty():
        log.add("There is a header and no row below it.", "Nothing can be scored.", file=path.name)
    log.raise_if_any(ScoringError, "The responses were")
    if raw is None:
        raise ScoringError(f"{path.name} could not be read.")
    return raw


def score_file(
    raw: Sheet, instrument: Instrument, *, coding: str | None, missing: str, bands: str | None
) -> pl.DataFrame:
    """Score a file; faults name its rows as a spreadsheet program counts them."""
    from casearc.errors import ScoringError
    from casearc.scoring import score

    try:
        return score(raw.frame, instrument, coding=coding, missing=missing, bands=bands)
    except ScoringError as error:
        faults = [_in_file(fault, raw) for fault in error.faults]
        raise ScoringError(f"{raw.name}: {error.message}", faults=faults) from None


def _in_file(fault: Fault, raw: Sheet) -> Fault:
    """A fault of the frame, placed in the file it came from. Blank rows of the file are not in the frame."""
    from casearc.tables import ROW

    if fault.row is None:
        return replace(fault, file=raw.name) if fault.column else fault
    return replace(fault, file=raw.name, row=int(raw.places[ROW][fault.row - 2]))


def refuse_formulas(scored: pl.DataFrame, raw: Sheet) -> None:
    """A carried cell that a spreadsheet program would run as a formula is refused."""
    import polars as pl

    from casearc.errors import ScoringError
    from casearc.files.formulas import is_formula
    from casearc.tables import FaultLog

    log = FaultLog()
    for column in scored.columns:
        if column in raw.frame.columns and scored.schema[column] == pl.String:
            places = raw.places.filter(raw.frame.select(is_formula(pl.col(column))).to_series())
            log.add_places(
                places,
                problem="the cell would run as a formula in a spreadsheet program.",
                remedy="Remove the sign it starts with.",
                column=column,
            )
    log.raise_if_any(ScoringError, "The responses were")


def write_whole(frame: pl.DataFrame, output: Path) -> None:
    """Write the file whole or not at all: beside its place first, then into it."""
    output.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            frame.write_csv(target)
        unfinished.replace(output)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _announce(instrument: Instrument, scored: pl.DataFrame, output: Path, *, others: int, as_json: bool) -> None:
    """Say what was scored, in which unit, and what the scores must not be used for."""
    rows = [
        {"score": score.id, "unit": score.unit, "scored": scored.height - scored[score.id].null_count()}
        for score in instrument.scores
    ]
    version = str(scored["key_version"][0])
    warnings = [use.warning for use in instrument.permitted_use]
    if as_json:
        content = {
            "file": str(output),
            "key_version": version,
            "administrations": scored.height,
            "responses_to_other_instruments": others,
            "scores": rows,
            "warnings": warnings,
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    click.echo(f"{scored.height} administrations scored with {version}: {output}")
    if others:
        click.echo(f"{others} responses to other instruments were left alone.")
    width = max(len(score.id) for score in instrument.scores)
    for row in rows:
        click.echo(f"  {row['score']:<{width}}  {row['scored']:>6} scored  ({row['unit']})")
    for warning in warnings:
        click.echo(f"Note: {warning}", err=True)
