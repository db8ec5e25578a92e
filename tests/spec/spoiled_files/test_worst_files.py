"""The files that could fill a machine's memory: each is refused, or read, within a gigabyte.

They go the way of `casearc import run` in a process of its own, whose highest use of memory the system notes; so does
that of the processes it starts.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from spoiled_kinds import BOMBS

from spoiled_files.agency import CONTACTS_HEADER, GOOD, MARK, as_csv, contacts
from spoiled_files.fhir_kinds import as_fhir, nested
from spoiled_files.kinds import Kind, cell, changed
from spoiled_files.statistical_kinds import PARQUET, SPSS, parquet, rows_claimed
from spoiled_files.test_spoiled_files import DATA, DONE, command
from spoiled_files.text_kinds import ten_thousand

GIGABYTE = 1_000_000_000
NAMES = as_csv([CONTACTS_HEADER])


def sparse(folder: Path) -> None:
    """Behind its rows the file goes on to 210 MB, of which the disk holds nothing."""
    os.truncate(folder / "contacts.csv", 210_000_000)


def again(sign: bytes) -> Callable[[Path], None]:
    """A sign 190 million times behind the names: a file below the limit whose every byte is a cell or a row."""

    def write(folder: Path) -> None:
        with (folder / "contacts.csv").open("wb") as file:
            file.write(NAMES)
            for _ in range(190):
                file.write(sign * 1_000_000)

    return write


def a_name_of_a_megabyte(folder: Path) -> None:
    (folder / "contacts.csv").write_bytes(b"n" * 1_000_000 + NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """A kind, or the good files and what is done to them; words of the refusal, () where it is read."""

    said: tuple[str, ...] = ()
    kind: Kind | None = None
    spoil: Callable[[Path], None] = lambda _folder: None

    def lay(self, folder: Path) -> None:
        """The files in an empty folder."""
        (self.kind or Kind(made=lambda: as_csv(GOOD["contacts"]()))).lay(folder)
        self.spoil(folder)


def parts_of_parquet() -> bytes:
    """Under a megabyte that unpacks to a hundred million rows."""
    rows = 100_000_000
    return parquet(pl.select(pl.repeat(1, rows, dtype=pl.Int8).alias(name) for name in ("a", "b")))


def long_cells() -> bytes:
    return as_csv([[*row[:-1], f"{MARK} " * 100_000] if at else row for at, row in enumerate(contacts())])


WORST = {
    "beyond the limit": Worst(spoil=sparse, said=("210 MB", "up to 200 MB")),
    "nothing but commas": Worst(spoil=again(b","), said=("up to 60,000,000 at once",)),
    "nothing but line ends": Worst(spoil=again(b"\n"), said=("up to 60,000,000 at once",)),
    "nothing but quotation marks": Worst(spoil=again(b'"'), said=("up to 60,000,000 at once",)),
    "a name of a megabyte": Worst(spoil=a_name_of_a_megabyte, said=("far too long for a name",)),
    "cells of a megabyte": Worst(kind=Kind(made=long_cells)),
    "ten thousand columns": Worst(kind=Kind(made=changed("contacts", ten_thousand)), said=("10,000 columns",)),
    "a long id": Worst(
        kind=Kind(made=changed("contacts", cell(4, "Client ID", "9" * 1_000_000))), said=("no such enrollment_id",)
    ),
    "a depth without end": Worst(
        kind=Kind(table="survey", name="survey.json", mapping=as_fhir, made=lambda: nested(2_000_000)),
        said=("Parts lie inside parts deeper",),
    ),
    "half a billion rows claimed": Worst(kind=Kind(name=SPSS, made=rows_claimed), said=("536,870,912 rows",)),
    "a hundred million rows packed": Worst(kind=Kind(name=PARQUET, made=parts_of_parquet), said=("100,000,000 rows",)),
    **{
        f"workbook: {name}": Worst(
            kind=Kind(name=bomb.name, made=bomb.made), said=bomb.refused or ("speaks of a column",)
        )
        for name, bomb in BOMBS.items()
    },
}


def complaints() -> Iterator[str]:
    """What is not as it should be, asked of every one of them in this process."""
    for name, worst in WORST.items():
        with tempfile.TemporaryDirectory() as folder:
            worst.lay(Path(folder))
            code, out, err = command("import", "run", Path(folder) / "mapping.toml", "-o", Path(folder) / "tables")
        if code != (DATA if worst.said else DONE) or not all(words in err for words in worst.said) or MARK in out + err:
            yield f"{name}: ended with {code}"


def most_memory() -> int:
    """Bytes, of this process since it began its own program, or of the largest that it started.

    `getrusage` of this process would count the one that started it: between fork and exec it was as large.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return 1024 * max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other units")
def test_the_worst_stay_under_a_gigabyte() -> None:
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from spoiled_files.test_worst_files import complaints, most_memory\n"
        "print(*complaints(), most_memory(), sep='\\n')"
    )
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parents[1])],
        capture_output=True, text=True, check=False, env=environment, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *wrong, most = done.stdout.splitlines()
    assert wrong == []
    assert int(most) < GIGABYTE
