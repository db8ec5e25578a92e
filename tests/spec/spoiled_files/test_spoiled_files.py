"""A spoiled file is refused in words that name its place, and nothing is written; or it is mended, and the tables hold
what they should. Never a traceback, never a cell in what is said.

Each kind takes the place of one of a made-up agency's three files and goes the whole way of `casearc import`.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from casearc_cli.main import casearc, run
from spoiled_files.agency import GOOD, MARK, as_csv
from spoiled_files.fhir_kinds import FHIR_KINDS
from spoiled_files.folder_kinds import FOLDER_KINDS
from spoiled_files.kinds import Kind
from spoiled_files.program_kinds import PROGRAM_KINDS
from spoiled_files.statistical_kinds import STATISTICAL_KINDS
from spoiled_files.text_kinds import TEXT_KINDS
from spoiled_files.workbook_kinds import WORKBOOK_KINDS

DONE, USAGE, DATA = 0, 2, 3
COMES_IN = ("participants", "enrollments", "contacts", "administrations", "responses")
FEWEST = {"text": 35, "workbook": 30, "statistical": 12, "fhir": 8, "program": 10, "folder": 5}
TABLES = {
    "text": TEXT_KINDS,
    "workbook": WORKBOOK_KINDS,
    "statistical": STATISTICAL_KINDS,
    "fhir": FHIR_KINDS,
    "program": PROGRAM_KINDS,
    "folder": FOLDER_KINDS,
}
KINDS = {f"{table}: {name}": kind for table, kinds in TABLES.items() for name, kind in kinds.items()}
REFUSED = [name for name, kind in KINDS.items() if kind.said]
MENDED = [name for name, kind in KINDS.items() if not kind.said]
_SLOW = [name for name in KINDS if name.startswith("statistical")]
INSPECTED = [name for name in KINDS if name not in _SLOW and not name.startswith("folder")] + _SLOW[::4]
"""A mapping is not inspected; and of files that are read in a process of their own each fourth."""


def command(*arguments: str | Path) -> tuple[int, str, str]:
    """The command in this process: its exit code, and what it prints where."""
    given = [str(each) for each in arguments]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(lambda: casearc(given, standalone_mode=False), as_json="--json" in given)
    return code, out.getvalue(), err.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the good files become."""
    folder = tmp_path_factory.mktemp("good")
    Kind(made=lambda: as_csv(GOOD["contacts"]())).lay(folder)
    code, _, err = command("import", "run", folder / "mapping.toml", "-o", folder / "tables")
    assert (code, err) == (DONE, "")
    return folder / "tables"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder for the files."""
    (tmp_path / "exports").mkdir()
    return tmp_path / "exports"


def test_enough_kinds() -> None:
    assert sum(len(kinds) for kinds in TABLES.values()) >= 100
    assert {table: len(kinds) >= FEWEST[table] for table, kinds in TABLES.items()} == dict.fromkeys(TABLES, True)
    assert len(REFUSED) >= len(MENDED) >= 20


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, good: Path, exports: Path, tmp_path: Path) -> None:
    """In words with every place; an earlier import stays as it is."""
    kind = KINDS[name]
    kind.lay(exports)
    shutil.copytree(good, tmp_path / "tables")
    code, out, err = command("import", "run", exports / "mapping.toml", "-o", tmp_path / "tables")
    assert (code, out) == (DATA, ""), err
    check_words(err, MARK)
    assert kind.in_words in err
    for words in kind.said:
        assert words in err
    for place in kind.at:
        assert f"{kind.in_words}, {place}" in err
    assert contents(tmp_path / "tables") == contents(good)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports", "tables"], "nothing is left behind"


@pytest.mark.parametrize("name", REFUSED[::6])
def test_refused_as_json_and_into_no_folder(name: str, exports: Path, tmp_path: Path) -> None:
    """The same places for programs to read; no folder is made for tables that do not come."""
    kind = KINDS[name]
    kind.lay(exports)
    code, out, err = command("import", "run", exports / "mapping.toml", "-o", tmp_path / "tables", "--json")
    assert (code, out) == (DATA, "")
    check_words(err, MARK)
    faults = json.loads(err)["faults"]
    assert any((fault["file"] or "").startswith(kind.in_words) for fault in faults)
    assert all(set(fault) == {"file", "row", "column", "problem", "remedy"} for fault in faults)
    assert not (tmp_path / "tables").exists()


@pytest.mark.parametrize("name", MENDED)
def test_mended(name: str, good: Path, exports: Path, tmp_path: Path) -> None:
    """The tables are those of the good files, save where the table of kinds says otherwise."""
    kind = KINDS[name]
    kind.lay(exports)
    code, out, err = command("import", "run", exports / "mapping.toml", "-o", tmp_path / "tables")
    assert (code, err) == (DONE, "")
    check_words(out, MARK)
    written = contents(tmp_path / "tables")
    assert not any(MARK.encode() in content for content in written.values()), "what was left behind came in"
    notes = " ".join(json.loads(written["import-report.json"])["notes"])
    for words in kind.noted:
        assert words in notes
    check_tables(kind, written, contents(good))


def check_tables(kind: Kind, written: Mapping[str, bytes], expected: Mapping[str, bytes]) -> None:
    for table in COMES_IN:
        file = f"{table}.csv"
        if table not in (*kind.rows, *kind.holds):
            assert written.get(file) == expected.get(file), file
            continue
        frame = pl.read_csv(written[file], infer_schema=False) if file in written else pl.DataFrame()
        if table in kind.rows:
            assert frame.height == kind.rows[table]
        if table in kind.holds:
            column, cell = kind.holds[table]
            assert cell in frame[column].to_list()


@pytest.mark.parametrize("name", INSPECTED)
def test_inspected(name: str, exports: Path) -> None:
    """A proposal or a refusal, and nothing written."""
    kind = KINDS[name]
    kind.lay(exports)
    before = contents(exports)
    code, out, err = command("import", "inspect", exports / kind.file, *(exports / each for each in kind.beside))
    assert code in (DONE, USAGE, DATA), err
    check_words(out + err, "Traceback" if kind.asked else MARK)
    assert contents(exports) == before


def check_words(message: str, unsaid: str) -> None:
    """What holds for everything the command says."""
    assert unsaid not in message, "a cell of the files is repeated"
    assert "Traceback" not in message
    assert "our fault" not in message
