"""A spoiled workbook is refused in words that say where and what to do, or mended with a note: never a traceback,
never a memory filled, never a cell's value in a message."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_workbooks import PLAIN, book, number, ods, read_bytes, repacked, row, table, text, xls
from spoiled_kinds import BOMBS, SECRET, SPOILED, Spoiled, merged

from casearc.files.reading import Reading


def test_enough_kinds() -> None:
    assert len(SPOILED) >= 60


@pytest.mark.parametrize("kind", [each for each in SPOILED if each not in BOMBS])
def test_spoiled(kind: str, tmp_path: Path) -> None:
    check(SPOILED[kind], tmp_path)


def check(spoiled: Spoiled, folder: Path) -> None:
    sheets, faults = read_bytes(spoiled.made(), folder, name=spoiled.name)
    assert bool(faults) == bool(spoiled.refused), faults
    for words in spoiled.refused:
        assert words in faults
    assert SECRET not in faults
    if spoiled.noted:
        assert spoiled.noted in " ".join(sheets[0].notes)
    if spoiled.rows is not None:
        assert sheets[0].frame.height == spoiled.rows


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the system does not note a process's memory")
def test_bombs_stay_under_a_gigabyte(tmp_path: Path) -> None:
    """In a process of its own, whose highest use of memory the system notes."""
    here = Path(__file__).parent
    program = (
        "import re, sys; sys.path[:0] = sys.argv[1:2]\n"
        "from pathlib import Path\n"
        "import test_spoiled_workbooks as made\n"
        "for kind, bomb in made.BOMBS.items(): made.check(bomb, Path(sys.argv[2]))\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program, str(here), str(tmp_path)],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 1_000_000, "kilobytes"


def test_header_row_of_the_mapping(tmp_path: Path) -> None:
    content = merged("A1:B1", rows=(("Contacts of 2024",), *PLAIN))
    (sheet,), faults = read_bytes(content, tmp_path, reading=Reading(header_row=2))
    assert faults == ""
    assert sheet.frame.rows() == [("1", "client"), ("2", "joint")]
    assert sheet.places["_row"].to_list() == [3, 4]


SOUND = {
    "cases.xlsx": book(PLAIN),
    "cases.ods": ods(table(row(text("day"), text("kind")), row(number(1), text("client")))),
    "cases.xls": xls({(0, 0): "day", (0, 1): "kind", (1, 0): 1, (1, 1): "client"}),
}


@settings(max_examples=60)
@given(st.sampled_from(sorted(SOUND)), st.data())
def test_any_byte_may_be_wrong(name: str, data: st.DataObject) -> None:
    """In the file, or within a part of the archive: faults or sheets, and nothing else."""
    content = SOUND[name]
    with TemporaryDirectory() as folder:
        if name != "cases.xls" and data.draw(st.booleans()):
            with zipfile.ZipFile(BytesIO(content)) as archive:
                part = data.draw(st.sampled_from(archive.namelist()))
                content = repacked(content, {part: changed(archive.read(part), data)})
        else:
            content = changed(content, data)
        sheets, faults = read_bytes(content, Path(folder), name=name)
        assert bool(sheets) != bool(faults)


def changed(content: bytes, data: st.DataObject) -> bytes:
    result = bytearray(content)
    for _ in range(data.draw(st.integers(1, 5))):
        result[data.draw(st.integers(0, len(result) - 1))] = data.draw(st.integers(0, 255))
    return bytes(result)
