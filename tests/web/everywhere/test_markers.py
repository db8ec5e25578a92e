"""Two hundred planted words: none in a title, an address, a log, an error page, a table, the database or a backup."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from casearc_web import configuration, keys
from casearc_web.access.verbs import Verb
from casearc_web.analysis_export.export import export_tables
from casearc_web.backup.making import make_backup
from casearc_web.keys import QUICK
from casearc_web.keys.lifecycle import _write
from casearc_web.quiet import Formatter
from web.cast import Cast, make_cast, sign_in
from web.conftest import DATA_KEY
from web.everywhere.markers import plant
from web.everywhere.routes import addresses
from web.everywhere.things import PERSONAL, things

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
WITHIN_A_CLIENT = (409, 422)
"""Not error pages: a client's own page that says what is the matter with a form."""
STAFF_PAGES = [a for a in addresses() if a.rule is not None and not a.rule.public and a.name not in PERSONAL]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged while the test runs, as the server would write it."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(Formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield said
    root.removeHandler(handler)


def test_there_are_two_hundred(cast: Cast) -> None:
    planted = plant(cast)
    assert len(planted) >= 200
    assert len(set(planted.values())) >= 30


@pytest.mark.parametrize("who", ["cleo", "sue", "dora", "eve", "ada", "faye"])
def test_no_word_in_titles_addresses_logs_or_error_pages(cast: Cast, who: str, logged: io.StringIO) -> None:
    planted = plant(cast)
    browser = Browser(raise_request_exception=False)
    sign_in(browser, getattr(cast, who))
    seen = 0
    for address in STAFF_PAGES:
        answer = browser.get(reverse(address.name, kwargs=things(cast, address, "acacia")))
        body = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(errors="replace")
        looked_at = [*TITLE.findall(body), *(str(value) for value in answer.headers.values())]
        if answer.status_code >= 400 and answer.status_code not in WITHIN_A_CLIENT:
            looked_at.append(body)
        seen += sum(word in body for word in planted) if answer.status_code == 200 else 0
        for text in looked_at:
            assert not [planted[word] for word in planted if word in text], address.name
        assert answer.status_code < 500, address.name
    assert not [planted[word] for word in planted if word in logged.getvalue()]
    if who in ("cleo", "dora"):
        assert seen > 20  # the pages do show them, to those who may see them


def test_no_word_where_our_own_code_fails(cast: Cast, logged: io.StringIO) -> None:
    browser = Browser(raise_request_exception=False)
    sign_in(browser, cast.cleo)
    with patch("casearc_web.clients.views.client.panels", side_effect=RuntimeError("marker in a message")):
        answer = browser.get(f"/clients/{cast.acacia.pk}/")
    assert answer.status_code == 500
    assert "marker" not in answer.content.decode() + logged.getvalue()
    assert "RuntimeError" in logged.getvalue()  # the log does say what and where


def test_no_word_leaves_in_tables(cast: Cast) -> None:
    planted = plant(cast)
    by = cast.by(cast.eve)
    from casearc_web.consent import permits

    everybody = {"permitted": lambda clients, **_: clients, "in_research": permits.in_research}
    with patch.multiple("casearc_web.analysis_export.permitted", **everybody):
        made = export_tables(
            by=by, programs=[cast.north.pk, cast.south.pk], evaluator="x", study="", verb=Verb.RUN_EVALUATION
        )
    out = "\n".join(frame.write_csv() for frame in made.tables.values())
    assert made.tables["contacts"].height >= 3
    assert not [planted[word] for word in planted if word in out]


@pytest.mark.django_db(transaction=True)
def test_no_word_in_the_database_file_or_a_backup(tmp_path: Path) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("a server's files are not ours to read; its tables are in `postgresql/test_markers_in_tables.py`")
    planted = plant(make_cast())
    own = Path(settings.DATABASES["default"]["NAME"])
    folder = tmp_path / "agency"
    folder.mkdir()
    chosen = configuration.Configuration(folder=folder, file=own.name)
    _write(folder, DATA_KEY, "made up words for tests only", cost=QUICK, shares=(2, 3))
    (folder / own.name).symlink_to(own)
    target = tmp_path / "backup"
    with patch("casearc_web.keys.current", return_value=keys.current()):
        make_backup(chosen, target)
    files = [own, *own.parent.glob(f"{own.name}-*"), target]
    stored = b"".join(file.read_bytes() for file in files)
    assert len(stored) > 200_000
    assert not [planted[word] for word in planted if word.encode() in stored]
