"""Promises: tables and queries come as one file each, all as of one moment; nothing in the database can be changed,
neither by what the operator wrote nor by what slips past the check of statements; no refusal shows a value.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casearc.files import read_folder
from casearc.files.csv import read_csv
from casearc.tables import FaultLog
from casearc_sources import engines, sql
from casearc_sources.configuration import SqlSource
from casearc_sources.errors import FetchError
from casearc_sources.fetch import fetch
from web.postgresql.server import APPLICATION, programs, running

SECRET = "zq73519"
TABLES = """
create table participants (participant_id text primary key, gender text);
create table enrollments (enrollment_id text primary key, participant_id text, start_date date);
create table contacts (contact_id text primary key, enrollment_id text, day integer, contact_type text,
                       outcome text, minutes numeric(6, 2));
insert into participants values ('P1', 'girl'), ('P2', '=boy');
insert into enrollments values ('E1', 'P1', '2024-01-05'), ('E2', 'P2', '2024-02-29');
insert into contacts values ('C1', 'E1', 3, 'client', 'completed', 30), ('C2', 'E1', 9, 'client', 'completed', 12.5),
                            ('C3', 'E2', 0, 'client', 'attempted', null);
create view seen as select contact_id, day from contacts where outcome = 'completed';
"""
POSTGRESQL_ONLY = """
create sequence ids;
create function erase() returns integer language sql volatile as 'delete from contacts returning 1';
create table kinds (a boolean, b timestamptz, c date, d uuid, e jsonb, f text[], g double precision, h bytea);
insert into kinds values (true, '2024-01-01 12:00+00', '2024-02-29', '00000000-0000-0000-0000-000000000005',
                          '{"a": 1}', '{x,y}', 5, null);
create schema other;
create table other.visits (id integer);
"""
WRITES = [
    "insert into contacts (contact_id) values ('C9')",
    "update contacts set minutes = 0",
    "delete from contacts",
    "drop table contacts",
    "create table more (a integer)",
    "select 1; delete from contacts",
    "with gone as (delete from contacts returning *) select * from gone",
]


@pytest.fixture
def lite(tmp_path: Path) -> Path:
    path = tmp_path / "cases.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
    return path


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """SQLAlchemy's address of a PostgreSQL of our own."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    import psycopg

    with running() as connection:
        with psycopg.connect(connection, autocommit=True) as database:
            database.execute(TABLES + POSTGRESQL_ONLY)
            database.execute(f"grant all on all tables in schema public to {APPLICATION}")
        parts = dict(part.split("=", 1) for part in connection.split())
        yield f"postgresql+psycopg://{parts['user']}@/{parts['dbname']}?host={parts['host']}"


def at(path: Path, **more: object) -> SqlSource:
    return SqlSource(name="cases", address=f"sqlite:///{path}", folder=path.parent, **more)  # type: ignore[arg-type]


def on(server: str, **more: object) -> SqlSource:
    return SqlSource(name="cases", address=server, folder=Path(), **more)  # type: ignore[arg-type]


def refusal(given: SqlSource, folder: Path) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(given, folder)
    assert not folder.exists()
    told = str(caught.value)
    assert SECRET not in told
    return told


def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the check of statements let everything through."""
    monkeypatch.setattr(sql, "why_refused", lambda _statement: "")
    monkeypatch.setattr(sql, "without_end", lambda statement: statement)


def rows_in(server: str) -> Callable[[], list[tuple[object, ...]]]:
    import psycopg

    def count() -> list[tuple[object, ...]]:
        with psycopg.connect(server.replace("postgresql+psycopg", "postgresql")) as database:
            tables = database.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
            return [*tables.fetchall(), *database.execute("select * from contacts order by 1").fetchall()]

    return count


# What is fetched


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_tables_and_queries_become_files_that_are_read_as_tables(
    engine: str, lite: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    more = {
        "tables": ("participants", "enrollments"),
        "queries": {"contacts": "select contact_id, enrollment_id, day, contact_type, outcome, minutes from contacts;"},
    }
    given = at(lite, **more) if engine == "sqlite" else on(request.getfixturevalue("server"), **more)
    written = fetch(given, tmp_path / "fetched")
    assert [path.name for path in written.files] == ["participants.csv", "enrollments.csv", "contacts.csv"]
    assert written.notes == ()
    text = (tmp_path / "fetched" / "contacts.csv").read_text("utf-8").splitlines()
    assert text[1:] == [*("C1,E1,3,client,completed,30", "C2,E1,9,client,completed,12.5", "C3,E2,0,client,attempted,")]
    tables = read_folder(tmp_path / "fetched", required=("participants", "enrollments", "contacts"))
    assert tables.participants["gender"].to_list() == ["girl", "=boy"]
    assert tables.contacts.height == 3


def test_a_view_is_a_table(lite: Path, tmp_path: Path) -> None:
    fetch(at(lite, tables=("seen",)), tmp_path / "fetched")
    assert (tmp_path / "fetched" / "seen.csv").read_text("utf-8") == "contact_id,day\nC1,3\nC2,9\n"


def test_postgresql_s_own_types(server: str, tmp_path: Path) -> None:
    fetch(on(server, tables=("kinds", "other.visits")), tmp_path / "fetched")
    log = FaultLog()
    sheet = read_csv(tmp_path / "fetched" / "kinds.csv", name="kinds.csv", log=log)
    assert sheet is not None
    row = sheet.frame.row(0, named=True)
    assert row.pop("b").startswith("2024-01-0"), "at the hour of the session"
    assert row.pop("d") == "00000000-0000-0000-0000-000000000005"
    assert row == {"a": "true", "c": "2024-02-29", "e": '{"a": 1}', "f": '["x", "y"]', "g": "5", "h": None}
    assert (tmp_path / "fetched" / "visits.csv").read_text("utf-8") == "id\n"


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_percents_and_colons_are_themselves(
    engine: str, lite: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    query = "select '50%' as a, ':b %s %(c)s' as b, 7 % 4 as c"
    more = {"queries": {"q": query}}
    fetch(at(lite, **more) if engine == "sqlite" else on(request.getfixturevalue("server"), **more), tmp_path / "f")
    assert (tmp_path / "f" / "q.csv").read_text("utf-8") == "a,b,c\n50%,:b %s %(c)s,3\n"


def test_many_rows_come_in_pieces(lite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "_ROWS", 7)
    count = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100) select i, i * 0.5 as half from n"
    )
    fetch(at(lite, queries={"many": count}), tmp_path / "fetched")
    lines = (tmp_path / "fetched" / "many.csv").read_text("utf-8").splitlines()
    assert (len(lines), lines[1], lines[100]) == (101, "1,0.5", "100,50")


# What cannot be changed


@pytest.mark.parametrize("write", WRITES)
def test_what_would_write_is_refused_before_it_is_sent(lite: Path, tmp_path: Path, write: str) -> None:
    before = hashlib.sha256(lite.read_bytes()).digest()
    assert "q.csv: It " in refusal(at(lite, queries={"q": write}), tmp_path / "none")
    assert hashlib.sha256(lite.read_bytes()).digest() == before


@pytest.mark.parametrize(
    "write",
    [*WRITES, "pragma query_only = 0", "attach database 'x.db' as x", "vacuum", "select load_extension('x')"],
)
def test_sqlite_itself_refuses_to_write(
    lite: Path, tmp_path: Path, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unguarded(monkeypatch)
    monkeypatch.chdir(tmp_path)
    before = hashlib.sha256(lite.read_bytes()).digest()
    assert "q.csv: The database refused it" in refusal(at(lite, queries={"q": write}), tmp_path / "none")
    assert hashlib.sha256(lite.read_bytes()).digest() == before
    assert [path.name for path in tmp_path.iterdir()] == ["cases.db"]


@pytest.mark.parametrize(
    "write",
    [
        *WRITES,
        "select erase()",
        "select nextval('ids')",
        "select setval('ids', 9)",
        "select set_config('transaction_read_only', 'off', true)",
        "commit",
        "set transaction read write",
        "select 1; commit; begin; delete from contacts; commit",
    ],
)
def test_postgresql_itself_refuses_to_write(
    server: str, tmp_path: Path, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account may write; the transaction may not."""
    unguarded(monkeypatch)
    before = rows_in(server)()
    told = refusal(on(server, queries={"q": write, "r": "delete from contacts"}), tmp_path / "none")
    assert "q.csv: The database refused it" in told or "broke off" in told
    assert rows_in(server)() == before


def test_a_function_with_side_effects_is_refused_by_the_server(server: str, tmp_path: Path) -> None:
    """To the check of statements it is a SELECT like any other."""
    before = rows_in(server)()
    told = refusal(on(server, queries={"q": "select erase() as gone"}), tmp_path / "none")
    assert "(SQLSTATE 25006)" in told
    assert rows_in(server)() == before


def test_all_files_are_of_one_moment(server: str, tmp_path: Path) -> None:
    """A contact that somebody adds between two files is in neither."""
    import psycopg

    plain = server.replace("postgresql+psycopg", "postgresql")

    def meanwhile(step: str) -> None:
        if step == "Fetching contacts.csv":
            with psycopg.connect(plain, autocommit=True) as database:
                database.execute("insert into contacts (contact_id) values ('late')")

    try:
        fetch(on(server, tables=("participants", "contacts")), tmp_path / "f", progress=meanwhile)
        assert "late" not in (tmp_path / "f" / "contacts.csv").read_text("utf-8")
    finally:
        with psycopg.connect(plain, autocommit=True) as database:
            database.execute("delete from contacts where contact_id = 'late'")


# What is refused, in words


def test_every_fault_is_told_and_nothing_is_written(lite: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(lite)) as database:
        database.execute("create table photos (id integer, photo blob)")
        database.execute("insert into photos values (1, x'7a71')")
        database.commit()
    queries = {
        "wrong": f"select {SECRET} from nowhere",
        "twice": "select 1 as a, 2 as a",
        "unnamed": 'select 1 as ""',
        "formula": 'select 1 as "=a"',
        "good": "select 1 as a",
    }
    told = refusal(at(lite, tables=("photos", "clients"), queries=queries), tmp_path / "none")
    for words in (
        "6 faults",
        "no table or view clients",
        "photos.csv, column photo: The column holds bytes.",
        "wrong.csv: The database refused it.",
        "twice.csv: Several columns have the same name: a.",
        "unnamed.csv: A column has no name.",
        "formula.csv: A column has a name that a spreadsheet program would run",
    ):
        assert words in told


def test_after_a_fault_postgresql_goes_on(server: str, tmp_path: Path) -> None:
    queries = {"one": f"select {SECRET}", "two": "select 1/0 as a", "three": "select 1 as a"}
    told = refusal(on(server, queries=queries), tmp_path / "none")
    assert "one.csv: The database refused it (SQLSTATE 42703)." in told
    assert "two.csv: The database refused it (SQLSTATE 22012)." in told
    assert "three.csv" not in told


def test_too_much_is_refused(lite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "LARGEST_FILE", 20)
    assert "more than 0 MB" in refusal(at(lite, tables=("contacts",)), tmp_path / "none")
    monkeypatch.setattr("casearc.files.limits.MOST_CELLS", 2)
    assert "Export it in parts" in refusal(at(lite, tables=("contacts",)), tmp_path / "none")


def test_a_slow_query_is_given_up(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_PATIENCE", 100)
    told = refusal(on(server, queries={"q": "select pg_sleep(30)"}, timeout=1), tmp_path / "none")
    assert "(SQLSTATE 57014)" in told


ADDRESSES = [
    (f"not an address {SECRET}", "no address as SQLAlchemy takes it"),
    (f"postgresql+psycopg://u:{SECRET}@h:port/d", "no address as SQLAlchemy takes it"),
    (f"unknown://u:{SECRET}@h/d", "driver is unknown"),
    (f"oracle+cx_oracle://u:{SECRET}@h/d", "driver cx_oracle is not installed"),
    ("sqlite://", "the path of a file"),
    ("sqlite:///:memory:", "the path of a file"),
    ("sqlite:///cases.db?mode=rwc", "the path of a file"),
    ("sqlite:///nowhere.db", "no such database file"),
    (f"postgresql+psycopg://u:{SECRET}@/d", "names no host"),
    (f"postgresql+psycopg://u:{SECRET}@/d?host=a,b", "several hosts"),
    (f"postgresql+psycopg://u:{SECRET}@db.example.org/d?sslmode=disable", "unencrypted"),
    (f"postgresql+psycopg://u:{SECRET}@db.example.org/d?sslmode=prefer", "unencrypted"),
    (f"postgresql+psycopg://u:{SECRET}@h/d?service=x", "lead elsewhere"),
    (f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/d", "cannot be reached"),
    ("postgresql+psycopg://u@/d?host=/nowhere", "cannot be reached"),
]


@pytest.mark.parametrize(("address", "words"), ADDRESSES)
def test_addresses_that_lead_nowhere(address: str, words: str, tmp_path: Path) -> None:
    given = SqlSource(name="cases", address=address, folder=tmp_path, tables=("contacts",), timeout=2)
    assert words in refusal(given, tmp_path / "none")
    assert not list(tmp_path.iterdir())


def test_the_environment_leads_nowhere(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOSTADDR", "203.0.113.9")
    assert "PGHOSTADDR would lead elsewhere" in refusal(on(server, tables=("contacts",)), tmp_path / "none")


def test_a_server_far_away_must_show_who_it_is(tmp_path: Path) -> None:
    url = engines.sqlalchemy.make_url("postgresql+psycopg://u@db.example.org/d")
    given = SqlSource(name="cases", address="", folder=tmp_path)
    arguments = engines._arguments(url, "postgresql", given)
    assert (arguments["sslmode"], arguments["sslrootcert"]) == ("verify-full", "system")


def test_an_engine_that_cannot_only_read_is_said_to(
    monkeypatch: pytest.MonkeyPatch, lite: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(engines, "_SURE", ())
    notes = fetch(at(lite, tables=("contacts",)), tmp_path / "f").notes
    assert "no transaction that only reads" in notes[0]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    path.write_bytes(b"nothing of the kind" * 100)
    assert "refused" in refusal(at(path, tables=("contacts",)), tmp_path / "none")
