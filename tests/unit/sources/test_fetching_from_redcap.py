"""Promises: a project comes whole, from the one address that was configured, without what tells who somebody is; the
token stands in the body of requests and nowhere else.
"""

from __future__ import annotations

import csv
import json
import logging
import os
import stat
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from asking import refusal, source

from casearc.errors import UsageError
from casearc.files.csv import read_csv
from casearc.files.dialects import companion_role, dialect_of
from casearc.files.proposal import propose
from casearc.tables import FaultLog
from casearc_sources.client import Client
from casearc_sources.fetch import fetch
from played_redcap import (
    TOKEN,
    Server,
    made_up_program,
    own_certificate,
    send,
    serving,
    with_events,
)

CONNECTED: list[tuple[str, object]] = []
"""Every name that was looked up and every address that was connected to, while a test asks for it."""
_watching = threading.Event()
SECRET = "zq73519"


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _watching.is_set() and event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        CONNECTED.append((event, arguments[1] if event == "socket.connect" else arguments[0]))


sys.addaudithook(_audit)


@pytest.fixture
def watched() -> Iterator[list[tuple[str, object]]]:
    CONNECTED.clear()
    _watching.set()
    yield CONNECTED
    _watching.clear()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# What is fetched


def test_the_made_up_program_comes_whole_and_is_proposed(tmp_path: Path) -> None:
    project = made_up_program(tmp_path, participants=20)
    with serving(project) as server:
        written = fetch(source(server), tmp_path / "fetched")
    assert {path.name for path in written.files} == {
        *("agency.csv", "agency_dictionary.csv", "agency_project.csv", "agency_instruments.csv")
    }
    assert rows(tmp_path / "fetched" / "agency.csv") == project.data
    assert rows(tmp_path / "fetched" / "agency_dictionary.csv") == project.dictionary
    assert "nobody@example.org" not in (tmp_path / "fetched" / "agency_project.csv").read_text("utf-8")
    assert any("Forms that repeat: enrollments, contacts" in note for note in written.notes)
    proposal = propose(written.files)
    assert 'dictionary = "agency_dictionary.csv"' in proposal.text
    assert 'project = "agency_project.csv"' in proposal.text


def test_a_project_with_events_brings_the_files_that_describe_them(server: Server, tmp_path: Path) -> None:
    written = fetch(source(server), tmp_path)
    log = FaultLog()
    sheets = [read_csv(path, name=path.name, log=log) for path in written.files]
    roles = {role[1] for sheet in sheets if sheet is not None and (role := companion_role(sheet)) is not None}
    assert roles == {"dictionary", "project", "instruments", "events", "arms", "form_events"}
    data = next(sheet for sheet in sheets if sheet is not None and sheet.name == "agency.csv")
    dialect = dialect_of(data)
    assert dialect is not None
    assert dialect.id == "redcap"
    assert data.frame.height == 14
    assert data.frame["note"].drop_nulls().to_list() == ["=1+1", "=1+1"], "harmless in the file, itself when read"
    assert "'=1+1" in (tmp_path / "agency.csv").read_text("utf-8")
    assert log.total == 0


def test_what_tells_who_somebody_is_stays_there_unless_it_is_asked_for(server: Server, tmp_path: Path) -> None:
    first = fetch(source(server, timestamps=True, texts=False), tmp_path / "plain")
    asked = {value for each in server.requests for key, value in each.form.items() if key.startswith("fields")}
    assert not asked & {"full_name", "mail", "photo", "hint", "note"}
    assert not {"full_name", "mail", "redcap_survey_identifier"} & set(rows(tmp_path / "plain" / "agency.csv")[0])
    assert [note.rpartition(": ")[2] for note in first.notes] == [
        "full_name, mail, photo. With identifiers = true they are fetched too.",
        "note. With texts = true they are fetched too.",
    ]
    fetch(source(server, identifiers=True), tmp_path / "all")
    assert {"full_name", "mail", "photo", "redcap_survey_identifier"} <= set(rows(tmp_path / "all" / "agency.csv")[0])


def test_columns_that_were_not_asked_for_are_left_out_too(server: Server, tmp_path: Path) -> None:
    """A server that gives more than it was asked for."""

    def everything(to: BaseHTTPRequestHandler, form: dict[str, str]) -> bool:
        wanted = {value for key, value in form.items() if key.startswith("records[")}
        found = [row for row in server.project.data if not wanted or row["record_id"] in wanted]
        return form["content"] == "record" and send(to, json.dumps(found).encode())

    server.misbehaving = [everything] * 30
    fetch(source(server), tmp_path)
    assert "Nobody Made-Up" not in (tmp_path / "agency.csv").read_text("utf-8")


def test_only_some_forms(server: Server, tmp_path: Path) -> None:
    fetch(source(server, forms=("visit",)), tmp_path / "some")
    assert set(rows(tmp_path / "some" / "agency.csv")[0]) == {
        *("record_id", "redcap_event_name", "day", "note", "visit_complete")
    }
    assert "no form visits. It has: intake, visit." in refusal(source(server, forms=("visits",)), tmp_path / "none")


def test_records_come_some_at_a_time(server: Server, tmp_path: Path) -> None:
    fetch(source(server, records_at_once=3), tmp_path)
    batches = [sum(key.startswith("records[") for key in each.form) for each in server.requests]
    assert [size for size in batches if size] == [3, 3, 1]
    assert {each.form["content"] for each in server.requests if "rawOrLabel" in each.form} == {"record"}
    assert {each.form["rawOrLabel"] for each in server.requests if each.form["content"] == "record"} == {"raw"}


def test_files_are_their_owner_s_alone(server: Server, tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        written = fetch(source(server), tmp_path / "new")
        assert os.umask(0o000) == 0o000, "the process has its own again"
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in written.files} == {0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_files_that_are_there_are_replaced_only_when_that_is_said(server: Server, tmp_path: Path) -> None:
    (tmp_path / "agency.csv").write_text("somebody's work", encoding="utf-8")
    with pytest.raises(UsageError, match=r"agency\.csv already"):
        fetch(source(server), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["agency.csv"]
    assert fetch(source(server), tmp_path, replace=True).files
    assert len(rows(tmp_path / "agency.csv")) == 14


# Where it goes, and what it tells


def test_nothing_is_contacted_but_the_address(
    server: Server, tmp_path: Path, watched: list[tuple[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://203.0.113.9:3128")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nowhere.pem"))
    fetch(source(server), tmp_path / "fetched")
    port = int(server.address.split(":")[2].split("/")[0])
    reached = {address[:2] for event, address in watched if event == "socket.connect" and isinstance(address, tuple)}
    assert reached == {("127.0.0.1", port)}
    assert {address for event, address in watched if event != "socket.connect"} == {"127.0.0.1"}


def test_another_address_has_no_way_through_the_client(server: Server) -> None:
    session = Client(source(server))._session
    assert [*session.adapters] == [server.address.removesuffix("api/")]
    with pytest.raises(Exception, match="No connection adapters"):
        session.get("https://elsewhere.example.org/")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused(server: Server, tmp_path: Path, watched: list[tuple[str, object]], status: int) -> None:
    with serving(with_events()) as other:
        server.misbehaving = [lambda to, _form: send(to, b"", status=status, Location=other.address)]
        assert "sends a token to no other place" in refusal(source(server), tmp_path / "none")
        assert other.requests == []
    ports = {address[1] for event, address in watched if event == "socket.connect" and isinstance(address, tuple)}
    assert len(ports) == 1


def test_the_token_stands_in_bodies_and_nowhere_else(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    fetch(source(server), tmp_path / "fetched", progress=said.append)
    assert all(each.form["token"] == TOKEN for each in server.requests)
    assert {each.path for each in server.requests} == {"/api/"}
    told = [str(each.headers) for each in server.requests] + said + [caplog.text, *capfd.readouterr()]
    told += [repr(source(server))]
    told += [path.read_text("utf-8") for path in (tmp_path / "fetched").iterdir()]
    assert not [each for each in told if TOKEN in each]


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """It is accepted where the operator names it, and there only for the host it names."""
    context, public = own_certificate(tmp_path)
    with serving(with_events(), context) as server:
        assert "certificate was not accepted" in refusal(source(server), tmp_path / "none")
        named = source(server, address=server.address.replace("127.0.0.1", "localhost"), certificates=public)
        assert "certificate was not accepted" in refusal(named, tmp_path / "none")
        absent = source(server, certificates=tmp_path / "nowhere.pem")
        assert "Check address and certificates" in refusal(absent, tmp_path / "none")
        assert server.requests == []
        assert fetch(source(server, certificates=public), tmp_path / "fetched").files


def test_a_server_that_speaks_no_tls_is_refused(server: Server, tmp_path: Path) -> None:
    given = source(server, address=server.address.replace("http://", "https://"))
    assert "certificate was not accepted" in refusal(given, tmp_path / "none")
    assert server.requests == []


def test_a_proxy_is_used_where_one_is_configured(server: Server, tmp_path: Path) -> None:
    given = source(server, address="http://127.0.0.1:9/api/", proxy=server.address.removesuffix("/api/"))
    assert fetch(given, tmp_path).files
    assert {each.path for each in server.requests} == {"http://127.0.0.1:9/api/"}
