"""The tables of an import laid into a folder, beside those of earlier ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from casearc.errors import TableError, UsageError
from casearc.files.folder import read_folder
from casearc.files.formulas import harmless_frame
from casearc.files.importing.merge import Counts, merge
from casearc.files.importing.report import ImportReport, report_of
from casearc.files.importing.run import Imported
from casearc.files.importing.standing import left_beside, on_starts_there, refuse_moved
from casearc.files.place import lay, settle
from casearc.language import say, say_many
from casearc.tables import TABLES, FaultLog, Tables

REPORT, ROWS = "import-report.json", "import-rows.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written where."""

    folder: Path
    counts: Mapping[str, Counts]
    report: ImportReport


def write_import(imported: Imported, output: Path, *, mapping: Path, folder: Path) -> Written:
    """Lay an import's tables into a folder: all of it or nothing, and twice the same as once.

    Parameters
    ----------
    imported
        What `import_files` gave.
    output
        New, empty, or the folder of an earlier import, whose rows are kept.
    mapping, folder
        What `imported` was made of, for the report.

    Raises
    ------
    UsageError
        The folder holds something that no import wrote.
    TableError
        The tables there were changed by hand and break the contract; or the new rows would move what is there: the
        start of an enrollment, another row under an id that only counts rows.
    """
    there = _there(output)
    new, notes = (imported.tables, ()) if there is None else _beside(there, imported, folder=output.name)
    merged = merge(there, new)
    report = report_of(imported, merged.counts, notes=notes, mapping=mapping, folder=folder)
    tables = {f"{name}.csv": _csv(frame) for name, frame in merged.frames.items() if not frame.is_empty()}
    told = json.dumps(report.content, ensure_ascii=False, indent=2) + "\n"
    lay(output, {**tables, ROWS: _csv(report.rows), REPORT: told.encode()})
    return Written(folder=output, counts=merged.counts, report=report)


def _beside(there: Tables, imported: Imported, *, folder: str) -> tuple[Tables, tuple[str, ...]]:
    """The new tables as they can stand beside those that are there, and what is to be known of both."""
    log, mapping = FaultLog(), imported.mapping
    new, kept = on_starts_there(there, imported.tables, imported.sources, mapping)
    refuse_moved(there, new, mapping, folder=folder, log=log)
    log.raise_if_any(TableError, say("The rows were"))
    starts = [_start_stays(kept, folder)] if kept else []
    return new, (*starts, *left_beside(there, new, mapping, folder=folder))


def _start_stays(count: int, folder: str) -> str:
    return say_many(
        "{count:,} enrollment keeps the start that it has in {folder}, and new days are counted from it: the new files "
        "know none but the day of the first answers.",
        "{count:,} enrollments keep the start that they have in {folder}, and new days are counted from it: the new "
        "files know none but the day of the first answers.",
        count,
        folder=folder,
    )


def _csv(frame: pl.DataFrame) -> bytes:
    """With formulas made harmless: a spreadsheet program will open it sooner or later."""
    return harmless_frame(frame).write_csv().encode()


def _there(output: Path) -> Tables | None:
    """What earlier imports left, or None in a new folder."""
    if not output.exists():
        return None
    if not output.is_dir():
        raise UsageError(say("{output} is a file. Name a folder for the tables.", output=output))
    settle(output)
    if not any(path for path in output.iterdir() if not path.name.startswith(".")):
        return None
    if not (output / REPORT).is_file():
        raise UsageError(
            say(
                "The folder {output} holds files that no import wrote, so it was left as it is. Name a new folder.",
                output=output,
            )
        )
    people = output / "participants.csv"
    with people.open(encoding="utf-8") as file:
        extra = [name.strip().strip('"') for name in file.readline().split(",")]
    return read_folder(output, required=(), extra_columns=[n for n in extra if n not in TABLES["participants"].names])
