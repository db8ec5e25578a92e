"""What a reader does to its process, it does to that process only: a crash or a circle becomes a fault."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from casearc.errors import TableError
from casearc.files import apart
from casearc.files.reading import Reading
from casearc.tables import FaultLog

READERS = {
    "crashes": "import os\ndef read(path, *, name, log, reading): os.abort()\n",
    "goes_round": "def read(path, *, name, log, reading):\n    while True: pass\n",
    "raises": "def read(path, *, name, log, reading): raise RuntimeError('Rosalind Invented')\n",
    "takes_all_memory": "def read(path, *, name, log, reading): return (b'x' * 10**13,)\n",
}


@pytest.mark.parametrize("reader", READERS)
def test_one_fault_in_plain_words(reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{reader}.py").write_text(READERS[reader])
    monkeypatch.setenv("PYTHONPATH", str(tmp_path) + os.pathsep + os.pathsep.join(sys.path))
    monkeypatch.setattr(apart, "PATIENCE", 3)
    log = FaultLog()
    assert apart.read_apart(reader, tmp_path / "x.sav", name="x.sav", log=log, reading=Reading()) == ()
    with pytest.raises(TableError, match=r"x\.sav: The file is damaged, or needs") as refused:
        log.raise_if_any(TableError, "The file")
    assert "Invented" not in str(refused.value)


def test_faults_come_back_as_they_were_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "complains.py").write_text(
        "def read(path, *, name, log, reading):\n"
        "    log.add(reading.encoding, 'Mend it.', file=name, row=3, column='day')\n"
        "    return ()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path) + os.pathsep + os.pathsep.join(sys.path))
    log = FaultLog()
    reading = Reading(encoding="utf-8", companions={"dictionary": "d.csv"}, repair=("encoding",))
    apart.read_apart("complains", tmp_path / "x", name="x.sav", log=log, reading=reading)
    with pytest.raises(TableError, match=r"x\.sav, row 3, column day: utf-8 Mend it\."):
        log.raise_if_any(TableError, "The file")


def test_a_module_beside_the_data_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "polars.py").write_text("raise SystemExit('run')\n")
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    monkeypatch.chdir(tmp_path)
    log = FaultLog()
    apart.read_apart("casearc.files.columnar.here", Path("a.parquet"), name="a", log=log, reading=Reading())
    with pytest.raises(TableError, match="ends early"):
        log.raise_if_any(TableError, "The file")
