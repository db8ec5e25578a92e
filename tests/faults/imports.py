"""kill -9 while an import is laid into a folder: what is there afterwards is the import before or the whole new one.

A child imports a longer export over the tables of a shorter one. Half of the children are killed at a random moment,
the others before a random one of their steps on the disk (a file opened, flushed, renamed, removed), which is where it
is tight. Then the folder is read as any command reads it, and its tables are compared with both.

    python tests/faults/imports.py --trials 200
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from result import Result, arguments, finish

from casearc.files import place, read_folder
from casearc.files.importing import import_files, write_import
from casearc.tables import TABLES

PEOPLE, MORE = 200, 300
MAPPING = """version = 1
[table.participants]
file = "roster.csv"
columns = { participant_id = "id" }
[table.enrollments]
file = "roster.csv"
columns = { enrollment_id = "id", participant_id = "id", start_date = "start" }
[table.contacts]
file = "contacts.csv"
columns = { contact_id = "nr", enrollment_id = "id" }
"""


def main() -> int:
    given = arguments(trials=200)
    chance = random.Random(given.seed)
    failures = before = after = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        short, long = _export(folder / "short", PEOPLE), _export(folder / "long", MORE)
        start, whole = folder / "start", folder / "whole"
        longest = _run(short, start) + 0.01
        shutil.copytree(start, whole)
        longest = max(longest, _run(long, whole))
        old, new = _content(start), _content(whole)
        steps = _steps(long, start, folder / "counted")
        for trial in range(given.trials):
            here = folder / f"trial{trial}"
            shutil.copytree(start, here)
            if trial % 2:
                _kill_at_step(long, here, step=chance.randint(1, steps))
            else:
                _kill_one(long, here, after=chance.random() * longest * 1.2)
            found = _content(here)
            failures += found not in (old, new)
            before, after = before + (found == old), after + (found == new)
            shutil.rmtree(here)
    remark = f"{before} were as before, {after} as after; killed within {1.2 * longest:.2f} s of the start"
    line = Result(
        fault="kill -9 while importing files", trials=given.trials, failures=failures, seed=given.seed, remark=remark
    )
    return finish("imports", [line], save=given.save, expected=min(before, after) > 0)


def _export(folder: Path, people: int) -> Path:
    folder.mkdir()
    ids = [f"c{number}" for number in range(people)]
    roster = pl.DataFrame({"id": ids, "start": ["2024-01-01"] * people})
    roster.write_csv(folder / "roster.csv")
    contacts = pl.DataFrame(
        {
            "nr": [f"n{number}" for number in range(people * 20)],
            "id": ids * 20,
            "date": ["2024-02-01"] * (people * 20),
            "contact_type": ["client"] * (people * 20),
            "outcome": ["completed"] * (people * 20),
        }
    )
    contacts.write_csv(folder / "contacts.csv")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    return folder


def _run(export: Path, output: Path) -> float:
    """Import as the command does; the seconds it took."""
    began = time.monotonic()
    mapping = export / "mapping.toml"
    write_import(import_files(mapping, export), output, mapping=mapping, folder=export)
    return time.monotonic() - began


def _steps(export: Path, start: Path, here: Path) -> int:
    """How many steps on the disk an import over these tables takes."""
    shutil.copytree(start, here)
    os.waitpid(_spawn(export, here, step=0), 0)
    return int((here.parent / "steps").read_text())


def _kill_at_step(export: Path, output: Path, *, step: int) -> None:
    _, status = os.waitpid(_spawn(export, output, step=step), 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError("the import ended by itself")


def _count_steps(*, die_before: int | None) -> list[int]:
    """Count what this process does on the disk from here on; kill it before one of these steps."""
    counted = [0]

    def counting(function: Callable[..., object]) -> Callable[..., object]:
        def counted_call(*given: object, **named: object) -> object:
            counted[0] += 1
            if counted[0] == die_before:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*given, **named)

        return counted_call

    for name in ("replace", "rename", "fsync", "mkdir", "rmdir"):
        setattr(os, name, counting(getattr(os, name)))
    place.open = counting(open)  # type: ignore[attr-defined]
    return counted


def _kill_one(export: Path, output: Path, *, after: float) -> None:
    child, started = _spawn(export, output, step=None), output.parent / "started"
    while not started.exists():
        time.sleep(0.002)
    time.sleep(after)
    started.unlink()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _spawn(export: Path, output: Path, *, step: int | None) -> int:
    """A child that imports: and waits to be killed (None), counts its steps (0), or is killed before one of them."""
    told = [str(export), str(output), "" if step is None else str(step)]
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    return os.posix_spawn(sys.executable, [sys.executable, __file__, "--child", *told], environment)


def _child(export: Path, output: Path, step: str) -> None:
    counted = _count_steps(die_before=int(step) if step else None)
    if not step:
        (output.parent / "started").touch()
    _run(export, output)
    if step == "0":
        (output.parent / "steps").write_text(str(counted[0]))
        sys.exit()
    time.sleep(60)


def _content(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table as any command reads it, rows in order."""
    tables = read_folder(folder, required=())
    return {name: tables.table(name).sort(tables.table(name).columns).rows() for name in TABLES}


if __name__ == "__main__":
    if "--child" in sys.argv:
        _child(Path(sys.argv[-3]), Path(sys.argv[-2]), sys.argv[-1])
    sys.exit(main())
