"""Export: everything a program's tables hold, in the formats asked for, all of it or nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from casearc.errors import UsageError
from casearc.files.exporting.kinds import KINDS, Kind
from casearc.files.exporting.parcel import Parcel
from casearc.files.exporting.tables import described
from casearc.instruments import Instrument
from casearc.language import say, to_say
from casearc.progress import Progress, quiet
from casearc.reports.folder import swap
from casearc.study import StudyPlan
from casearc.tables import Tables

CONTENTS = "export.json"
READ_FIRST = "READ-FIRST.txt"
FORMAT = "casearc-export"
FORMAT_VERSION = 1
STAYS = to_say(
    "These files hold rows of single people. Nothing in them passed the disclosure gate: they stay in the house. "
    "What may leave is the report's outside edition, which `casearc evaluate` writes."
)


def export(
    tables: Tables,
    *,
    instruments: Sequence[Instrument],
    formats: Collection[str],
    folder: Path,
    plan: StudyPlan | None = None,
    counts: bool = False,
    progress: Progress = quiet,
) -> tuple[str, ...]:
    """Write a program's tables in several formats, each into a folder of its own.

    Parameters
    ----------
    tables
        What `casearc.files.read_folder` gave.
    instruments
        Those that the administrations name, in their variants (`casearc.analyses.named_instruments`).
    formats
        Ids of `casearc.files.exporting.kinds.KINDS`; ``analysis`` needs a plan.
    folder
        Where to. An earlier export there is replaced; anything else is left as it is and refused.
    plan
        The study plan.
    counts
        Whether codebooks count rows, which is for the house alone.
    progress
        Called with a few words before each step.

    Returns
    -------
    tuple of str
        What formats could not carry and what was left out, in sentences without values. They stand in
        ``export.json`` too.

    Raises
    ------
    UsageError
        A format is unknown, or the folder may not be replaced or cannot be written.
    MissingExtraError
        A format needs a library that is not installed.
    DataRefusedError
        The tables do not fit into a format. Nothing was written.

    Examples
    --------
    >>> export(tables, instruments=[], formats=["csv"], folder=Path("out"))  # doctest: +SKIP
    ()
    """
    kinds = _chosen(formats)
    if plan is None and any(kind.needs_plan for kind in kinds):
        raise UsageError(say("The rows and scripts of the analyses need the study plan."))
    folder = folder.absolute()
    check_replaceable(folder)
    for kind in kinds:
        kind.function()
    notes: list[str] = []
    progress(say("Describing tables"))
    parcel = Parcel(
        tables=tables,
        described=described(tables, instruments, plan=plan, notes=notes),
        instruments=instruments,
        plan=plan,
        counts=counts,
    )
    _write_all(parcel, kinds, folder, notes=notes, progress=progress)
    return tuple(notes)


def _chosen(formats: Collection[str]) -> tuple[Kind, ...]:
    unknown = sorted(set(formats) - KINDS.keys())
    if unknown or not formats:
        raise UsageError(say("Formats to export are: {formats}.", formats=", ".join(KINDS)))
    return tuple(kind for kind in KINDS.values() if kind.id in formats)


def _write_all(parcel: Parcel, kinds: Sequence[Kind], folder: Path, *, notes: list[str], progress: Progress) -> None:
    """Write beside, then move into place together."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            new = Path(beside, "new")
            for kind in kinds:
                progress(say("Writing {title}", title=say(kind.title)))
                own = new / kind.id
                own.mkdir(parents=True)
                notes += [f"{kind.id}: {note}" for note in kind.write(parcel, own)]
            _write_contents(new, kinds, notes)
            progress(say("Moving into place"))
            swap(new, folder, old=Path(beside, "old"))
    except OSError as error:
        reason = error.strerror or say("the system gave no reason")
        raise UsageError(
            say(
                "The export could not be written to {folder}: {reason}. Nothing was changed there.",
                folder=folder,
                reason=reason,
            )
        ) from error


def _write_contents(new: Path, kinds: Sequence[Kind], notes: Sequence[str]) -> None:
    (new / READ_FIRST).write_text("\n\n".join([say(STAYS), *notes]) + "\n", encoding="utf-8")
    files = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "stays_in_the_house": say(STAYS),
        "formats": [kind.id for kind in kinds],
        "files": files,
        "notes": list(notes),
    }
    (new / CONTENTS).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def check_replaceable(folder: Path) -> None:
    """Refuse a folder that an export may not be written into, before any work is done.

    Parameters
    ----------
    folder
        Where the export is to go.

    Raises
    ------
    UsageError
        Something stands there that is not an export of Casearc's, or files stand beside one.

    Examples
    --------
    >>> check_replaceable(Path("a-folder-that-is-not-there"))
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir():
        raise UsageError(say("{folder} is a file, not a folder. Name a folder for the export.", folder=folder))
    own = _files_of_export(folder)
    if own is None:
        raise UsageError(
            say(
                "The folder {folder} holds something that is not an export of Casearc's, so it was left as it is. "
                "Name a new folder, or empty this one first.",
                folder=folder,
            )
        )
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    strangers = there - own - {CONTENTS}
    if strangers:
        raise UsageError(
            say(
                "The folder {folder} holds an export and, beside it, files that are not part of it ({count}). They "
                "would be lost. Move them elsewhere, or name a new folder.",
                folder=folder,
                count=len(strangers),
            )
        )


def _files_of_export(folder: Path) -> set[str] | None:
    """The files that an export in the folder has; None where there is none."""
    try:
        found = json.loads((folder / CONTENTS).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("files"), list):
        return None
    return {str(name) for name in found["files"]}
