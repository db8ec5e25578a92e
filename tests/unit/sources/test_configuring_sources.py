"""Promises: sources.toml is checked whole before anything is contacted; a secret that others may read is refused, and
no message repeats one.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from casearc_sources.addresses import is_loopback
from casearc_sources.configuration import RedcapSource, SqlSource, read_source
from casearc_sources.errors import SourcesError
from casearc_sources.secret_files import read_secret

TOKEN = "0123456789ABCDEF0123456789ABCDEF"
REDCAP = """
[source.agency]
kind = "redcap"
address = "https://redcap.example.org/api/"
token_file = "token.txt"
"""
SQL = """
[source.cases]
kind = "sql"
address_file = "address.txt"
tables = ["clients", "visits.contacts"]
queries = { late = "select * from contacts where day > 90" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("token.txt", f"{TOKEN}\n"), ("address.txt", "sqlite:///cases.db\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
    return path


def refusal(folder: Path, text: str, name: str = "agency") -> str:
    with pytest.raises(SourcesError) as caught:
        read_source(written(folder, text), name)
    assert caught.value.exit_code == 3
    assert TOKEN not in str(caught.value)
    assert "zq73519" not in str(caught.value)
    return str(caught.value)


def test_a_redcap_source(folder: Path) -> None:
    more = 'forms = ["intake"]\nidentifiers = true\ntimestamps = true\nrecords_at_once = 100\ntimeout = 30\n'
    given = read_source(written(folder, REDCAP + more + 'certificates = "own.pem"\n' + SQL), "agency")
    assert given == RedcapSource(
        name="agency",
        address="https://redcap.example.org/api/",
        token=TOKEN,
        certificates=folder / "own.pem",
        timeout=30,
        records_at_once=100,
        forms=("intake",),
        identifiers=True,
        timestamps=True,
    )
    assert TOKEN not in repr(given)


def test_a_database(folder: Path) -> None:
    given = read_source(written(folder, REDCAP + SQL), "cases")
    assert isinstance(given, SqlSource)
    assert (given.address, given.tables) == ("sqlite:///cases.db", ("clients", "visits.contacts"))
    assert given.queries == {"late": "select * from contacts where day > 90"}
    assert "sqlite" not in repr(given)


def test_only_the_secret_that_is_asked_for_is_read(folder: Path) -> None:
    (folder / "address.txt").unlink()
    assert read_source(written(folder, REDCAP + SQL), "agency").name == "agency"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610, 0o644, 0o777])
def test_a_secret_that_others_may_read_is_refused(folder: Path, mode: int) -> None:
    (folder / "token.txt").chmod(mode)
    told = refusal(folder, REDCAP)
    assert "Other accounts of this machine may read the file" in told
    assert "chmod 600 token.txt" in told


def test_a_configuration_that_others_may_change_is_refused(folder: Path) -> None:
    path = written(folder, REDCAP)
    path.chmod(0o664)
    with pytest.raises(SourcesError, match="may change sources"):
        read_source(path, "agency")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give a file away")
def test_a_secret_of_somebody_else_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(folder / "token.txt", 12345, 12345)
    assert "belongs to another account" in read_secret(folder / "token.txt")[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "one line"),
        (b"a\nb\n", "one line"),
        (b"a" * 5000, "one line"),
        (b"\xff\xfe", "UTF-8"),
        (b"zq73519", "no token"),
        (TOKEN.encode() + b"0", "no token"),
    ],
)
def test_what_is_no_token(folder: Path, content: bytes, words: str) -> None:
    (folder / "token.txt").write_bytes(content)
    assert words in refusal(folder, REDCAP)


def test_a_secret_that_is_no_file(folder: Path) -> None:
    assert read_secret(folder / "nowhere")[1] == "There is no such file."
    assert read_secret(folder)[1]
    if hasattr(os, "symlink"):
        (folder / "link").symlink_to(folder / "token.txt")
        assert read_secret(folder / "link") == (TOKEN, "")


ADDRESSES = [
    "http://redcap.example.org/api/",
    "http://127.0.0.1.example.org/api/",
    "http://localhost@redcap.example.org/api/",
    "https://zq73519:pw@redcap.example.org/api/",
    "https://redcap.example.org/api/?token=zq73519",
    "https://redcap.example.org/api/#zq73519",
    "https://redcap.example.org/redcap",
    "https://redcap.example.org/a pi/",
    "https://redcap.example.org\\\\@elsewhere.example.org/api/",
    "https://redcap.example.org:99999/api/",
    "https://redcap.example.org:0/api/",
    "https:///api/",
    "ftp://redcap.example.org/api/",
    "redcap.example.org/api/",
    "https://rédcap.example.org/api/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_that_are_refused(folder: Path, address: str) -> None:
    assert "[source.agency], address: It" in refusal(folder, REDCAP.replace("https://redcap.example.org/api/", address))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST", "[::1]"])
def test_this_machine_may_be_asked_without_tls(folder: Path, host: str) -> None:
    text = REDCAP.replace("https://redcap.example.org", f"http://{host}:8080")
    assert read_source(written(folder, text), "agency").name == "agency"


def test_what_is_this_machine() -> None:
    assert [
        host for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "10.0.0.1", "localhost.a") if is_loopback(host)
    ] == [*("127.0.0.1", "::1", "localhost")]


FAULTS = {
    "no TOML": ("a = 1\nb = = 1\n", "line 2: this is not valid TOML"),
    "nothing": ("", "must hold tables [source.NAME]"),
    "more": (REDCAP + "[other]\na = 1\n", "and nothing else"),
    "no table": ("source = 1", "must hold tables"),
    "a list": ("source.agency = 1", "must hold tables"),
    "kind": (REDCAP.replace('"redcap"', '"ftp"'), 'kind = "redcap" or kind = "sql"'),
    "kind of the wrong type": (REDCAP.replace('"redcap"', "[1]"), 'kind = "redcap" or kind = "sql"'),
    "name": (REDCAP.replace("agency", '"../agency"'), "a letter first"),
    "unknown": (SQL, "There is no source agency. There are: cases."),
    "near": (REDCAP.replace("agency", "agency-1"), "Did you mean agency-1?"),
    "no address": (REDCAP.replace("address =", "# address ="), "has no address"),
    "a secret in it": (REDCAP + 'token = "zq73519"\n', "A secret goes into a file of its own"),
    "a slip": (REDCAP + "time_out = 5\n", "Did you mean timeout?"),
    "timeout": (REDCAP + "timeout = 0\n", "a whole number from 1 to 3,600"),
    "truth for a number": (REDCAP + "timeout = true\n", "a whole number from 1 to 3,600"),
    "forms": (REDCAP + "forms = [1]\n", "a list of names of forms"),
    "identifiers": (REDCAP + 'identifiers = "yes"\n', "true or false"),
    "proxy": (REDCAP + 'proxy = "http://zq73519:pw@proxy.example.org"\n', "no user or password"),
    "token_file": (REDCAP.replace('"token.txt"', "5"), "token_file: It must be a text"),
    "no such file": (REDCAP.replace("token.txt", "nowhere.txt"), "nowhere.txt: There is no such file."),
    "nothing to fetch": ('[source.a]\nkind = "sql"\naddress_file = "a"\n', "neither tables nor queries"),
    "tables": (SQL.replace('"clients"', '"cli;ents"'), "a list of names of tables or views"),
    "queries": (SQL.replace("late =", '"la/te" ='), "A query's name becomes a file's"),
    "a query that writes": (SQL.replace("select *", "delete"), "The query late is not run. It does not begin"),
    "queries without names": (
        SQL.replace('{ late = "select * from contacts where day > 90" }', "[1]"),
        "give each query",
    ),
    "a file twice": (SQL.replace("late =", "CLIENTS ="), "would write these files twice: clients"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_the_configuration(folder: Path, name: str) -> None:
    text, words = FAULTS[name]
    assert words in refusal(folder, text)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    told = refusal(folder, REDCAP + "timeout = 0\nforms = 1\nsize = 2\n" + SQL.replace("clients", "a b"), "other")
    assert "5 faults" in told


def test_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match=r"no file sources\.toml"):
        read_source(tmp_path / "sources.toml", "agency")


def test_a_source_made_in_code_is_checked_too() -> None:
    with pytest.raises(SourcesError, match="https://"):
        RedcapSource(name="a", address="http://redcap.example.org/api/", token=TOKEN)
    with pytest.raises(SourcesError) as caught:
        RedcapSource(name="a", address="https://redcap.example.org/api/", token="zq73519")
    assert "zq73519" not in str(caught.value)
