"""Promise: whatever a server does wrong, or a project while it is fetched, is told in words without data, and nothing
is written.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from asking import refusal, source

from casearc.errors import UsageError
from casearc_sources.fetch import Written, fetch
from played_redcap import Misbehave, Project, Server, send

SECRET = "zq73519"


def error_text(to: BaseHTTPRequestHandler, _form: dict[str, str]) -> bool:
    return send(to, f'{{"error":"the value {SECRET} is wrong"}}'.encode())


def page(to: BaseHTTPRequestHandler, _form: dict[str, str]) -> bool:
    return send(to, f"<html>Sign in, {SECRET}</html>".encode(), Content_Type="text/html; charset=utf-8")


def cut_off(to: BaseHTTPRequestHandler, _form: dict[str, str]) -> bool:
    to.close_connection = True
    return send(to, f'[{{"record_id":"{SECRET}'.encode(), Content_Length="5000")


def cut_off_without_length(to: BaseHTTPRequestHandler, _form: dict[str, str]) -> bool:
    to.close_connection = True
    to.send_response(200)
    to.send_header("Content-Type", "application/json")
    to.end_headers()
    to.wfile.write(f'[{{"record_id":"{SECRET}'.encode())
    return True


def plain(body: str, **headers: str) -> Misbehave:
    return lambda to, _form: send(to, body.encode(), **headers)


def status(code: int) -> Misbehave:
    return lambda to, _form: send(to, f'{{"error":"{SECRET}"}}'.encode(), status=code)


def silent(to: BaseHTTPRequestHandler, _form: dict[str, str]) -> bool:
    to.close_connection = True
    to.connection.close()
    return True


WRONG: dict[str, tuple[Misbehave, int, str]] = {
    "wrong token": (status(403), 1, "The server refused the token"),
    "unauthorized": (status(401), 1, "The server refused the token"),
    "wrong request": (status(400), 1, "refused the request as wrong"),
    "wrong address": (status(404), 1, "nothing at the address"),
    "an odd status": (status(418), 1, "(status 418)"),
    "too often": (status(429), 4, "trouble of its own (status 429)"),
    "an error told well": (error_text, 1, "REDCap answered with an error"),
    "a page to sign in": (page, 1, "A web page came in place of data"),
    "a page that says it is JSON": (plain("<html>sign in</html>"), 1, "not what REDCap sends (JSON)"),
    "half of JSON": (plain(f'[{{"a": "{SECRET}"'), 1, "not what REDCap sends (JSON)"),
    "JSON without end": (plain("[" * 200_000), 1, "not what REDCap sends (JSON)"),
    "JSON of another shape": (plain(f'["{SECRET}"]'), 1, "has not the shape"),
    "objects of another shape": (plain(f'[{{"{SECRET}": 1}}]'), 1, "has not the shape"),
    "objects in objects": (plain('[{"field_name": {"a": 1}}]'), 1, "has not the shape"),
    "nothing": (plain(""), 1, "not what REDCap sends (JSON)"),
    "no fields": (plain("[]"), 1, "has no fields"),
    "cut off": (cut_off, 4, "the connection broke off"),
    "cut off and no length": (cut_off_without_length, 1, "or it was cut off"),
    "nobody answers": (silent, 4, "cannot be reached"),
    "broken packing": (plain("zzz", Content_Encoding="gzip"), 1, "The request could not be made"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_server_does_wrong_is_told_in_words(server: Server, tmp_path: Path, name: str) -> None:
    wrong, tries, words = WRONG[name]
    server.misbehaving = [wrong] * 10
    told = refusal(source(server), tmp_path / "none")
    assert words in told
    assert SECRET not in told
    assert "Traceback" not in told
    assert len(server.requests) == tries
    assert ("tried 4 times" in told) == (tries == 4)


@pytest.mark.parametrize("wrong", [status(500), status(502), status(503), status(504), cut_off, silent])
def test_trouble_that_passes_is_waited_for(server: Server, tmp_path: Path, wrong: Misbehave) -> None:
    server.misbehaving = [wrong, wrong, wrong]
    assert len(fetch(source(server), tmp_path).files) == 7


def slow(seconds: float, stop: threading.Event) -> Misbehave:
    def answer(to: BaseHTTPRequestHandler, _form: dict[str, str]) -> bool:
        stop.wait(seconds)
        return True

    return answer


def dripping(stop: threading.Event) -> Misbehave:
    """A byte now and then, never too late for the next one, and no end."""

    def answer(to: BaseHTTPRequestHandler, _form: dict[str, str]) -> bool:
        to.send_response(200)
        to.send_header("Content-Length", "1000000")
        to.end_headers()
        while not stop.wait(0.05):
            to.wfile.write(b" ")
        return True

    return answer


@pytest.mark.parametrize("kind", ["slow", "dripping"])
def test_a_slow_server_is_given_up(server: Server, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    monkeypatch.setattr("casearc_sources.client._WHOLE", 1)
    server.misbehaving = [slow(30, stop) if kind == "slow" else dripping(stop)] * 10
    try:
        told = refusal(source(server, timeout=0.2), tmp_path / "none")
    finally:
        stop.set()
    assert "did not answer in time" in told
    assert "raise timeout" in told


def test_an_answer_without_end_is_given_up(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casearc_sources.client.LARGEST_FILE", 1_000)
    server.misbehaving = [plain("[" + " " * 100_000)]
    assert "Lower records_at_once" in refusal(source(server), tmp_path / "none")


def change(project: Project) -> None:
    project.dictionary = project.dictionary[:-1]


def rename(project: Project) -> None:
    project.data = [{**row, "record_id": "99"} if row["record_id"] == "2" else row for row in project.data]


def empty(project: Project) -> None:
    project.data = []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (change, "The project's fields were changed. Fetch again"),
        (rename, "Other records came than were asked for"),
        (empty, "Other records came than were asked for"),
    ],
)
def test_a_project_that_changes_meanwhile_is_refused(
    server: Server, tmp_path: Path, changed: Callable[[Project], None], words: str
) -> None:
    def then(to: BaseHTTPRequestHandler, form: dict[str, str]) -> bool:
        send(to, json.dumps(server.answer(form)).encode())
        if form["content"] == "record":
            changed(server.project)
        return True

    server.misbehaving = [then] * 9
    assert words in refusal(source(server), tmp_path / "none")


def test_a_project_without_records_says_so(server: Server, tmp_path: Path) -> None:
    empty(server.project)
    assert "no records that the token's owner may see" in refusal(source(server), tmp_path / "none")


def test_a_wrong_token_is_refused_by_the_server(server: Server, tmp_path: Path) -> None:
    assert "refused the token" in refusal(replace(source(server), token="F" * 32), tmp_path / "none")


def test_without_pycap_it_says_what_to_install(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "casearc_sources.redcap", None)
    monkeypatch.delitem(sys.modules, "casearc_sources.redcap")
    monkeypatch.setitem(sys.modules, "redcap.project", None)
    with pytest.raises(UsageError, match=r"pip install 'casearc\[redcap\]'"):
        fetch(source(server), tmp_path)


def test_what_is_written_says_where(server: Server, tmp_path: Path) -> None:
    written = fetch(source(server), tmp_path)
    assert isinstance(written, Written)
    assert all(path.parent == tmp_path and path.is_file() for path in written.files)
