"""A damaged, mistaken or hostile file is refused in plain words: no traceback, no crash, no cell in the message."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from casearc.errors import TableError
from casearc.files.reading import Reading
from casearc.files.statistical import here
from casearc.files.statistical.read import read
from casearc.tables import FaultLog

SECRET = "Rosalind Invented"
FRAME = pl.DataFrame({"name": [SECRET, "Bo Made-Up"] * 20, "n": [1.5, None] * 20, "code": [1.0, 2.0] * 20})
LABELS = {"code": {1.0: "first label", 2.0: "second label"}}


def sav() -> bytes:
    return written("x.sav", lambda path: pyreadstat.write_sav(FRAME, path, variable_value_labels=LABELS))


def zsav() -> bytes:
    return written("x.zsav", lambda path: pyreadstat.write_sav(FRAME, path, compress=True))


def dta() -> bytes:
    return written("x.dta", lambda path: pyreadstat.write_dta(FRAME, path, version=14))


def xpt() -> bytes:
    return written("x.xpt", lambda path: pyreadstat.write_xport(FRAME, path))


def por() -> bytes:
    return written("x.por", lambda path: pyreadstat.write_por(FRAME.rename(str.upper), path))


def written(name: str, write: Callable[[Path], object]) -> bytes:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        write(Path(folder) / name)
        return (Path(folder) / name).read_bytes()


def rows_claimed(data: bytes, rows: int) -> bytes:
    """The number of records stands at byte 80 of a .sav file."""
    return data[:80] + rows.to_bytes(4, "little") + data[84:]


SPOILED = [
    # what was done, name, bytes, what the message says
    ("nothing in it", "x.sav", lambda: b"", "is empty"),
    ("CSV called .sav", "x.sav", lambda: b"client_id,day\nC1,3\n", "is text"),
    ("CSV called .dta", "x.dta", lambda: b"client_id,day\nC1,3\n", "is text"),
    ("a workbook called .sav", "x.sav", lambda: b"PK\x03\x04" + bytes(60), "workbook"),
    ("a sign-in page", "x.dta", lambda: b"\n<!doctype html><p>Sign in", "web page"),
    ("locked with a password", "x.sav", lambda: b"\x1c\0\0\0\0\0\0\0ENCRYPTEDSAV" + bytes(90), "password"),
    ("SAS CPORT", "x.xpt", lambda: b"**COMPRESSED** **COMPRESSED**" + bytes(90), "CPORT"),
    ("zeros", "x.sav", lambda: bytes(5000), "does not begin"),
    ("zeros called .sas7bdat", "x.sas7bdat", lambda: bytes(5000), "does not begin"),
    ("the magic alone", "x.sav", lambda: b"$FL2", "damaged"),
    ("cut in the header", "x.sav", lambda: sav()[:100], "damaged"),
    ("cut in the dictionary", "x.sav", lambda: sav()[:300], "damaged"),
    ("cut in the cells", "x.sav", lambda: sav()[:-40], "damaged"),
    ("zsav cut", "x.zsav", lambda: zsav()[:-30], "damaged"),
    ("more rows claimed than there are", "x.sav", lambda: rows_claimed(sav(), 90), "damaged"),
    ("five hundred million rows claimed", "x.sav", lambda: rows_claimed(sav(), 2**29), "cells at once"),
    ("dta cut", "x.dta", lambda: dta()[: len(dta()) // 2], "damaged"),
    ("dta cut after its head", "x.dta", lambda: dta()[:30], "damaged"),
    ("dta of a version to come", "x.dta", lambda: dta().replace(b"<release>118", b"<release>150"), "version"),
    ("xpt cut", "x.xpt", lambda: xpt()[:700], "damaged"),
    ("por cut", "x.por", lambda: por()[: len(por()) // 2], "damaged"),
    ("sas7bdat cut", "x.sas7bdat", lambda: sas_magic() + bytes(300), "damaged"),
    ("columns of one name", "x.sav", lambda: sav().replace(b"CODE", b"NAME").replace(b"code", b"name"), "same name"),
]


def sas_magic() -> bytes:
    return bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")


def said(log: FaultLog) -> str:
    with pytest.raises(TableError) as refused:
        log.raise_if_any(TableError, "The file")
    return str(refused.value)


@pytest.mark.parametrize(("name", "data", "words"), [each[1:] for each in SPOILED], ids=[each[0] for each in SPOILED])
def test_spoiled(name: str, data: Callable[[], bytes], words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data())
    log = FaultLog()
    assert here.read(tmp_path / name, name=name, log=log, reading=Reading()) == ()
    assert words in said(log)
    assert name in said(log)
    assert SECRET not in said(log)


def test_a_folder_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.sav"):
        log = FaultLog()
        assert here.read(path, name="x.sav", log=log, reading=Reading()) == ()
        assert "cannot be opened" in said(log)


def test_a_mapping_that_names_another_program(tmp_path: Path) -> None:
    (tmp_path / "x.sav").write_bytes(sav())
    log = FaultLog()
    assert here.read(tmp_path / "x.sav", name="x.sav", log=log, reading=Reading(format="stata")) == ()
    assert 'says format = "stata", but this is a SPSS file' in said(log)


@pytest.mark.parametrize(("name", "data"), [("x.dta", dta), ("x.xpt", xpt), ("x.por", por)], ids=["dta", "xpt", "por"])
def test_flipped_bits_give_a_sheet_or_a_fault(name: str, data: Callable[[], bytes], tmp_path: Path) -> None:
    whole, chance = data(), random.Random(7)
    for _ in range(60):
        spoiled = bytearray(whole)
        for _ in range(chance.choice((1, 4))):
            spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
        (tmp_path / name).write_bytes(spoiled)
        log = FaultLog()
        sheets = here.read(tmp_path / name, name=name, log=log, reading=Reading())
        assert len(sheets) + bool(log.total) == 1


def test_a_file_that_crashes_the_library_is_refused(tmp_path: Path) -> None:
    """One byte of a column's type, found by flipping bits: ReadStat ends the process that reads the file."""
    spoiled = bytearray(sav())
    spoiled[spoiled.index(b"first label") - 45] = 0xFF
    (tmp_path / "x.sav").write_bytes(spoiled)
    log = FaultLog()
    assert read(tmp_path / "x.sav", name="x.sav", log=log, reading=Reading()) == ()
    assert "gave up" in said(log)
