"""Writing a report all or nothing: into a folder beside, then moved into place.

A reader finds the old report or the new one, never half of one. What is not a report of ours is never replaced.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from casearc.errors import UsageError
from casearc.reports.results_json import FORMAT

RESULTS = "results.json"
DATA_REPORT = "data-report.json"
TABLES = "tables"
OURS = frozenset({RESULTS, DATA_REPORT, "report.html", "report.pdf", "report.docx"})


def check_folder(folder: Path) -> None:
    """Refuse a folder that may not be replaced, before any work is done.

    Raises
    ------
    UsageError
        If something stands there that is not a report of Casearc's.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder. Name a folder for the report.")
    if not _is_ours(folder):
        raise UsageError(
            f"The folder {folder} holds something that is not a report of Casearc's, so it was left as it is. "
            "Name a new folder, or empty this one first."
        )
    if strangers := _strangers(folder):
        raise UsageError(
            f"The folder {folder} holds a report and, beside it, files that are not part of it ({strangers}). "
            "They would be lost. Move them elsewhere, or name a new folder."
        )


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files (relative names) and move them into place together.

    Raises
    ------
    UsageError
        If the folder may not be replaced, or cannot be written.
    """
    check_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            new = Path(beside, "new")
            for name, content in files.items():
                path = new / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            swap(new, folder, old=Path(beside, "old"))
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise UsageError(
            f"The report could not be written to {folder}: {reason}. Nothing was changed there."
        ) from error


def swap(new: Path, folder: Path, *, old: Path) -> None:
    """Put the new folder where the old one was; if that fails, the old one comes back."""
    if not folder.exists():
        os.replace(new, folder)
        return
    if folder.samefile(os.curdir):  # somebody stands in it: a shell whose folder was replaced finds nothing any more
        _swap_contents(new, folder, old=old)
        return
    os.replace(folder, old)
    try:
        os.replace(new, folder)
    except OSError:
        os.replace(old, folder)
        raise
    shutil.rmtree(old)


def _swap_contents(new: Path, folder: Path, *, old: Path) -> None:
    """The same for what is in the folder, which itself stays."""
    old.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for there, target in ((folder, old), (new, folder)):
            for path in list(there.iterdir()):
                os.replace(path, target / path.name)
                moved.append((path, target / path.name))
    except OSError:
        for came_from, went_to in reversed(moved):
            os.replace(went_to, came_from)
        raise


def _is_ours(folder: Path) -> bool:
    try:
        found = json.loads((folder / RESULTS).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("format") == FORMAT


def _strangers(folder: Path) -> int:
    """How many entries of a report's folder no report writes."""
    tables = folder / TABLES
    inside = list(tables.iterdir()) if tables.is_dir() else []
    own = [path for path in inside if path.suffix == ".csv" and path.is_file()]
    beside = [path for path in folder.iterdir() if path.name not in OURS and path != tables]
    return len(beside) + len(inside) - len(own)
