"""A server on this machine that plays REDCap: made-up projects, and everything a server can do wrong."""

from __future__ import annotations

import csv
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from casearc.files import read_folder
from casearc.files.exporting.contract import contract_tables
from casearc.files.redcap.columns import HEADERS, INSTANCE
from casearc.files.redcap.layout import DATA, DICTIONARY, PROJECT
from casearc.files.redcap.write import write_project
from casearc.synthetic import make_program, write_program

TOKEN = "0123456789ABCDEF0123456789ABCDEF"
Rows = list[dict[str, str]]
Misbehave = Callable[[BaseHTTPRequestHandler, dict[str, str]], bool]
"""Answers a request in its own way; False where the ordinary answer is to be given."""

_KEYS = tuple(HEADERS)


@dataclass
class Project:
    """What REDCap holds of a project, in the shapes its programming interface gives."""

    dictionary: Rows
    data: Rows
    info: dict[str, object]
    others: dict[str, Rows] = field(default_factory=dict)


@dataclass
class Request:
    """What the server was sent."""

    path: str
    headers: dict[str, str]
    form: dict[str, str]


class Server:
    """The server while it runs: its address, what it was sent, and how it is told to misbehave."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.requests: list[Request] = []
        self.misbehaving: list[Misbehave] = []
        """Asked in turn, one for each request; the ordinary answers follow."""
        self.address = ""

    def answer(self, form: Mapping[str, str]) -> object:
        """The ordinary answer."""
        content = form["content"]
        if content == "record":
            return self._records(form)
        if content == "metadata":
            return self.project.dictionary
        return self.project.info if content == "project" else self.project.others[content]

    def _records(self, form: Mapping[str, str]) -> list[dict[str, str | int]]:
        """Rows of raw data: only what was asked for, and REDCap's own columns. The repetition is a number there."""
        wanted = {value for key, value in form.items() if key.startswith("records[")}
        fields = {value for key, value in form.items() if key.startswith("fields[")}
        record = self.project.dictionary[0]["field_name"]
        rows = [row for row in self.project.data if not wanted or row[record] in wanted]
        return [
            {
                column: int(cell) if column == INSTANCE and cell else cell
                for column, cell in row.items()
                if column.startswith("redcap_") or column.split("___")[0] in fields
            }
            for row in rows
        ]


@contextmanager
def serving(project: Project, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """The server, on a port of 127.0.0.1 that is free."""
    server = Server(project)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    if tls is not None:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True)
    server.address = f"http{'s' if tls else ''}://127.0.0.1:{listening.server_port}/api/"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join(5)


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate for 127.0.0.1 that nobody vouches for but itself; and the file that says so."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made up")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


def send(to: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> bool:
    """Send an answer; headers are written with _ for -."""
    to.send_response(status)
    to.send_header("Content-Length", headers.pop("Content_Length", str(len(body))))
    to.send_header("Content-Type", headers.pop("Content_Type", "application/json"))
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)
    return True


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(parse_qsl(body, keep_blank_values=True))
            server.requests.append(Request(self.path, dict(self.headers), form))
            if server.misbehaving and server.misbehaving.pop(0)(self, form):
                return
            if form.get("token") != TOKEN:
                send(self, b'{"error":"You do not have permissions to use the API"}', status=403)
                return
            send(self, json.dumps(server.answer(form)).encode())

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Handler


def made_up_program(folder: Path, *, participants: int = 30) -> Project:
    """The made-up program, as the REDCap project that Casearc writes of it."""
    write_program(make_program(participants=participants, seed=7), folder / "program")
    write_project(contract_tables(read_folder(folder / "program")), folder / "redcap", title="Harbor Light (made up)")
    dictionary = [
        dict(zip(_KEYS, row.values(), strict=True)) for row in _rows(folder / "redcap" / DICTIONARY)
    ]  # fmt: skip
    forms = dict.fromkeys(row["form_name"] for row in dictionary)
    return Project(
        dictionary=dictionary,
        data=_rows(folder / "redcap" / DATA),
        info={
            **_rows(folder / "redcap" / PROJECT)[0],
            "project_pi_email": "nobody@example.org",
            "is_longitudinal": 0,
            "has_repeating_instruments_or_events": 1,
        },
        others={
            "instrument": [{"instrument_name": form, "instrument_label": form.title()} for form in forms],
            "repeatingFormsEvents": [{"form_name": form, "custom_form_label": ""} for form in list(forms)[1:]],
        },
    )


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _field(name: str, form: str, kind: str = "text", *, label: str = "", **more: str) -> dict[str, str]:
    given = {"field_name": name, "form_name": form, "field_type": kind, "field_label": label or name, **more}
    return {key: given.get(key, "") for key in _KEYS}


def with_events() -> Project:
    """A small project with two arms, events, and fields that tell who somebody is."""
    dictionary = [
        _field("record_id", "intake", label="Record"),
        _field("full_name", "intake", label="Name", identifier="y"),
        _field("mail", "intake", label="Mail", text_validation_type_or_show_slider_number="email"),
        _field("photo", "intake", "file", label="Photo"),
        _field("hint", "intake", "descriptive", label="Read this aloud"),
        _field("needs", "intake", "checkbox", label="Needs", select_choices_or_calculations="1, Housing | 2, School"),
        _field("day", "visit", label="Day", text_validation_type_or_show_slider_number="integer"),
        _field("note", "visit", "notes", label="Note"),
    ]
    answers = {"full_name": "Nobody Made-Up", "mail": "nobody@example.org", "photo": "zq.png"}
    states = {"intake_complete": "2", "visit_complete": "2"}
    data = [
        {
            "record_id": str(number),
            "redcap_event_name": f"{event}_arm_{1 + number % 2}",
            "redcap_survey_identifier": "nobody@example.org",
            **answers,
            "needs___1": "1",
            "needs___2": "0",
            "day": str(number * 3),
            "note": "=1+1" if number == 1 else "",
            **states,
        }
        for number in range(1, 8)
        for event in ("enrollment", "followup")
    ]
    events = [
        {"event_name": event.title(), "arm_num": arm, "unique_event_name": f"{event}_arm_{arm}", "event_id": "9"}
        for arm in ("1", "2")
        for event in ("enrollment", "followup")
    ]
    return Project(
        dictionary=dictionary,
        data=data,
        info={"project_title": "Made up", "is_longitudinal": 1, "missing_data_codes": "-91, declined"},
        others={
            "instrument": [{"instrument_name": form, "instrument_label": form.title()} for form in ("intake", "visit")],
            "event": events,
            "arm": [{"arm_num": arm, "name": f"Arm {arm}"} for arm in ("1", "2")],
            "formEventMapping": [
                {"arm_num": event["arm_num"], "unique_event_name": event["unique_event_name"], "form": form}
                for event in events
                for form in ("intake", "visit")
            ],
        },
    )
