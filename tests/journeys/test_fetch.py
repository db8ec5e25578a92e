"""`casearc import fetch` from its arguments to files that are inspected: what it leaves, says, and ends with."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from journey import walk

from played_redcap import TOKEN, Server, made_up_program, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(made_up_program(tmp_path_factory.mktemp("program"), participants=20)) as running:
        yield running


@pytest.fixture
def sources(server: Server, tmp_path: Path) -> Path:
    """A sources.toml with a REDCap project and a database, their secrets beside it."""
    with contextlib.closing(sqlite3.connect(tmp_path / "cases.db")) as database:
        database.executescript("create table contacts (day integer); insert into contacts values (1), (2);")
    (tmp_path / "sources.toml").write_text(
        f'[source.agency]\nkind = "redcap"\naddress = "{server.address}"\ntoken_file = "token.txt"\n'
        '[source.cases]\nkind = "sql"\naddress_file = "address.txt"\ntables = ["contacts"]\n',
        encoding="utf-8",
    )
    for name, secret in (("token.txt", TOKEN), ("address.txt", "sqlite:///cases.db")):
        (tmp_path / name).write_text(secret, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    return tmp_path / "sources.toml"


def test_fetched_inspected_and_a_mapping_written(sources: Path, tmp_path: Path) -> None:
    ended = walk("import", "fetch", "agency", "--sources", sources, "-o", tmp_path / "fetched")
    assert (ended.code, ended.err) == (0, "")
    assert "Forms that repeat" in ended.out
    (proposed,) = [line for line in ended.out.splitlines() if line.startswith("Next: `casearc ")]
    command = proposed.split("`")[1].removeprefix("casearc ").replace("mapping.toml", str(tmp_path / "mapping.toml"))
    then = walk(*command.split(" "))
    assert then.code == 0, then.err
    assert 'dictionary = "agency_dictionary.csv"' in (tmp_path / "mapping.toml").read_text("utf-8")


def test_json_names_the_files(sources: Path, tmp_path: Path) -> None:
    ended = walk("import", "fetch", "cases", "--sources", sources, "-o", tmp_path / "fetched", "--json")
    assert ended.code == 0
    assert json.loads(ended.out) == {"files": [str(tmp_path / "fetched" / "contacts.csv")], "notes": []}
    assert (tmp_path / "fetched" / "contacts.csv").read_text("utf-8") == "day\n1\n2\n"


def test_a_second_time_asks_to_be_told(sources: Path, tmp_path: Path) -> None:
    given = ("import", "fetch", "cases", "--sources", sources, "-o", tmp_path / "fetched")
    assert [walk(*given).code, walk(*given).code, walk(*given, "--replace").code] == [0, 2, 0]


def test_refusals_end_with_the_contract_s_codes(sources: Path, tmp_path: Path, server: Server) -> None:
    unknown = walk("import", "fetch", "agenci", "--sources", sources, "-o", tmp_path / "none", "--json")
    assert unknown.code == 3
    assert "Did you mean agency?" in unknown.err
    (tmp_path / "token.txt").write_text("F" * 32, encoding="utf-8")
    wrong = walk("import", "fetch", "agency", "--sources", sources, "-o", tmp_path / "none")
    assert wrong.code == 3
    assert "The server refused the token" in wrong.err
    assert "F" * 32 not in wrong.err + wrong.out
    (tmp_path / "token.txt").chmod(0o644)
    assert "chmod 600 token.txt" in walk("import", "fetch", "agency", "--sources", sources, "-o", tmp_path / "no").err
    assert not (tmp_path / "none").exists()
