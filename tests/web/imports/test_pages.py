"""Pages of an import: who gets in, what is refused in words, what is kept where, and what is never said."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from casearc_web import configuration
from casearc_web.access.work import Status
from casearc_web.clients.models import Client
from casearc_web.imports import holding, line, receiving
from casearc_web.imports.models import FilePart, Import, ImportFile, State
from casearc_web.retention.commands import purge
from casearc_web.signin.session import FACTOR
from web.cast import Cast, sign_in
from web.imports.made import exports, imported, previewed, started
from web.imports.small import TABLES, tables

NEW = "imports:new"


def _as(cast: Cast, who: str) -> Browser:
    browser = Browser()
    sign_in(browser, getattr(cast, who))
    return browser


def _upload(browser: Browser, cast: Cast, **changed: object) -> HttpResponseBase:
    files = [SimpleUploadedFile(name, b"".join(parts)) for name, parts in tables()]
    fields = {"program": cast.north.pk, "lead": cast.cleo.pk, "submission": uuid.uuid4(), "uploads": files}
    return browser.post(reverse(NEW), {**fields, **changed})


def _page(batch: Import, name: str) -> str:
    return reverse(f"imports:{name}", kwargs={"import_id": batch.pk})


def _done(browser: Browser, answer: HttpResponseBase) -> str:
    """Where it leads, once the worker has done what was asked for: a waiting page stands between."""
    batch = Import.objects.get(works__status=Status.WAITING)
    assert answer["Location"] == _page(batch, "working")
    waiting = browser.get(answer["Location"])
    assert (waiting.status_code, waiting["Refresh"]) == (200, "3")
    assert "Waiting for its turn" in waiting.content.decode()
    assert browser.get(_page(batch, "import"))["Location"] == answer["Location"]  # whoever comes back finds it
    assert line.run_next()
    return str(browser.get(answer["Location"])["Location"])


def test_the_whole_way(cast: Cast) -> None:
    browser, before = _as(cast, "dora"), Client.objects.count()
    to = _done(browser, _upload(browser, cast))
    batch = Import.objects.get()
    assert to == _page(batch, "import")
    assert b"participants.csv" in browser.get(_page(batch, "import")).content
    assert _done(browser, browser.post(_page(batch, "preview"))) == _page(batch, "preview")
    told = browser.get(_page(batch, "preview")).content.decode()
    assert "Import now" in told
    assert Client.objects.count() == before
    assert _done(browser, browser.post(_page(batch, "carry_out"))) == _page(batch, "import")
    assert Client.objects.count() == before + 2
    after = browser.get(_page(batch, "import")).content.decode()
    assert "Nobody of these clients has authorized anything yet" in after
    assert browser.post(_page(batch, "undo"), {})["Location"] == _page(batch, "undo")
    assert Client.objects.count() == before + 2  # not without the tick
    assert _done(browser, browser.post(_page(batch, "undo"), {"sure": "on"})) == _page(batch, "import")
    assert Client.objects.count() == before
    assert "Undone" in browser.get(reverse("imports:imports")).content.decode()


def test_an_upload_sent_twice_is_one(cast: Cast) -> None:
    browser, submission = _as(cast, "dora"), uuid.uuid4()
    answers = {_upload(browser, cast, submission=submission)["Location"] for _ in range(2)}
    assert len(answers) == 1
    assert Import.objects.count() == 1


@pytest.mark.parametrize("who", ["cleo", "sue", "eve", "faye", "fred", "fay"])
def test_nobody_else_gets_in(cast: Cast, who: str) -> None:
    batch = previewed(cast, started(cast, tables()))
    browser = _as(cast, who)
    pages = ("import", "questions", "mapping", "preview", "undo", "carry_out", "discard", "download", "working", "look")
    for name in pages:
        assert browser.get(_page(batch, name)).status_code in (403, 404)
        assert browser.post(_page(batch, name), {"sure": "on"}).status_code in (403, 404, 405)
    assert Import.objects.get().state == State.PROPOSED
    assert _upload(browser, cast).status_code in (403, 422)  # those of another agency may, but not into this program
    assert Import.objects.count() == 1


def test_a_director_imports_into_the_own_programs_only(cast: Cast) -> None:
    browser = _as(cast, "dora")
    assert _upload(browser, cast, program=cast.south.pk).status_code == 422
    other = started(cast, tables())
    Import.objects.filter(pk=other.pk).update(program=cast.south)
    assert browser.get(_page(other, "import")).status_code == 404
    assert _as(cast, "ada").get(_page(other, "import")).status_code == 200


def test_an_administrator_imports_and_sees_no_client(cast: Cast) -> None:
    browser = _as(cast, "ada")
    _done(browser, _upload(browser, cast))
    batch = Import.objects.get()
    _done(browser, browser.post(_page(batch, "preview")))
    _done(browser, browser.post(_page(batch, "carry_out")))
    client = Client.objects.get(enrollments__started_on="2025-01-10", enrollments__program=cast.north)
    client.enrollments.get().referrals.create(agency=cast.riverbend, direction="in", on="2025-02-02")
    told = browser.get(_page(batch, "undo")).content.decode()
    assert "It cannot be undone any more" in told
    assert client.code not in told
    assert client.code in _as(cast, "dora").get(_page(batch, "undo")).content.decode()
    assert browser.get(reverse("clients:client", kwargs={"client": client.pk})).status_code in (403, 404)


REFUSED = [
    ({"uploads": []}, "This field is required."),
    ({"uploads": [SimpleUploadedFile("people.exe", b"x")]}, "none of the kinds of files"),
    ({"uploads": [SimpleUploadedFile("a.csv", b"x,y\n1,2\n"), SimpleUploadedFile("A.csv", b"x\n")]}, "the same name"),
    ({"uploads": [SimpleUploadedFile("a#b.csv", b"x\n")]}, "a name that cannot be used"),
    ({"uploads": [SimpleUploadedFile("a.csv", b"")]}, "is empty"),
    ({"lead": ""}, "This field is required."),
]


@pytest.mark.parametrize(("changed", "said"), REFUSED)
def test_what_cannot_be_taken_is_refused_in_words_and_not_kept(
    cast: Cast, changed: dict[str, object], said: str
) -> None:
    for file in changed.get("uploads") or ():  # type: ignore[attr-defined]
        file.seek(0)
    answer = _upload(_as(cast, "dora"), cast, **changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()  # type: ignore[attr-defined]
    assert not Import.objects.exists()


UNREADABLE = [
    ("a.xlsx", b"not a workbook", "not a workbook"),
    ("a.sav", b"$FL2 damaged", "damaged"),
    ("a.csv", b"x,x\n1,2\n", "have the same name"),
]


@pytest.mark.parametrize(("name", "content", "said"), UNREADABLE)
def test_what_cannot_be_read_is_refused_in_words_and_nothing_of_it_kept(
    cast: Cast, name: str, content: bytes, said: str
) -> None:
    browser = _as(cast, "dora")
    page = _done(browser, _upload(browser, cast, uploads=[SimpleUploadedFile(name, content)]))
    told = browser.get(page).content.decode()
    assert "These files cannot be read" in told
    assert said in told
    assert not ImportFile.objects.exists()
    assert not FilePart.objects.exists()
    assert Import.objects.get().state == State.REFUSED
    for button in ("look", "preview", "carry_out", "discard", "undo"):
        browser.post(_page(Import.objects.get(), button), {"sure": "on"})
    assert not line.run_next()


def test_too_much_is_not_even_read(cast: Cast) -> None:
    with patch.object(receiving, "MOST_BYTES", 500):
        answer = _upload(_as(cast, "dora"), cast)
    assert answer.status_code == 422
    assert "MB together" in answer.content.decode()  # type: ignore[attr-defined]
    assert not Import.objects.exists()


@pytest.mark.parametrize("who", ["cleo", ""])
def test_files_are_taken_from_nobody_else_and_on_no_other_page(cast: Cast, who: str) -> None:
    browser = _as(cast, who) if who else Browser()
    with patch.object(receiving.Receiver, "receive_data_chunk", side_effect=AssertionError) as taken:
        browser.post(reverse(NEW), {"uploads": SimpleUploadedFile("a.csv", b"x\n")})
        browser.post(reverse("staff:roles"), {"uploads": SimpleUploadedFile("a.csv", b"x\n")})
        _as(cast, "dora").post(reverse("clients:search"), {"typed": SimpleUploadedFile("a.csv", b"x\n")})
    assert not taken.called


def test_a_second_factor_is_asked_for_before_files_are_sent(cast: Cast) -> None:
    browser = _as(cast, "dora")
    session = browser.session
    session[FACTOR] = int(time.time()) - 60 * 60
    session.save()
    assert browser.get(reverse(NEW)).status_code == 302


def test_in_a_demo_files_are_taken_from_whoever_came_in_by_password_alone(cast: Cast) -> None:
    browser = _as(cast, "dora")
    session = browser.session
    del session[FACTOR]
    session.save()
    assert _upload(browser, cast)["Location"].startswith(reverse("account_login"))
    browser = _as(cast, "dora")
    session = browser.session
    del session[FACTOR]
    session.save()
    type(cast.riverbend).objects.update(made_up=True)
    demo = replace(configuration.current(), made_up=True)
    with patch.object(configuration, "current", return_value=demo):
        answer = _upload(browser, cast)
    assert answer["Location"] == _page(Import.objects.get(), "working")
    assert ImportFile.objects.count() == len(TABLES)


def test_files_lie_sealed_and_in_the_clear_only_for_moments(cast: Cast) -> None:
    batch = started(cast, exports(participants=4))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM imports_filepart")
        stored = b"".join(bytes(content) for (content,) in cursor.fetchall())
    assert len(stored) > 10_000
    assert b"Client ID" not in stored
    assert b"ExternalReference" not in stored
    with holding.laid(holding.stored(batch)) as folder:
        assert folder.parent.stat().st_mode & 0o777 == 0o700
        assert sorted(file.name for file in folder.iterdir()) == ["case_database.xlsx", "survey_export.csv"]
    assert not folder.parent.exists()
    with pytest.raises(RuntimeError), holding.laid(holding.stored(batch)) as folder:
        raise RuntimeError
    assert not folder.parent.exists()


def test_nothing_of_a_cell_is_on_a_page(cast: Cast) -> None:
    batch = previewed(cast, started(cast, exports(participants=5)))
    browser = _as(cast, "dora")
    for name in ("import", "questions", "mapping", "preview"):
        told = browser.get(_page(batch, name)).content.decode()
        assert not [word for word in ("Madeup1", "555-01", "Aster", "A made-up note") if word in told]


def test_answers_and_the_mapping_can_be_changed(cast: Cast) -> None:
    batch = started(cast, exports(participants=5), answers={"survey_export.csv-date": ""})
    browser = _as(cast, "dora")
    assert "has no answer yet" in browser.get(_page(batch, "import")).content.decode()
    browser.post(_page(batch, "questions"), {"question-1": "StartDate", "submission": uuid.uuid4()})
    batch.refresh_from_db()
    assert 'answer = "StartDate"' in batch.mapping
    broken = browser.post(
        _page(batch, "mapping"), {"text": "[table", "version": batch.version, "submission": uuid.uuid4()}
    )
    assert broken.status_code == 422
    changed = batch.mapping.replace("version = 1", "version = 1  # looked at")
    sent = {"text": changed, "version": batch.version, "submission": uuid.uuid4()}
    assert browser.post(_page(batch, "mapping"), sent).status_code == 302
    assert b"# looked at" in browser.post(_page(batch, "download")).content
    late = browser.post(_page(batch, "mapping"), {**sent, "submission": uuid.uuid4()}, follow=True)
    assert "Somebody else changed this import" in late.content.decode()


def test_a_mapping_cannot_reach_beyond_the_files(cast: Cast) -> None:
    batch = started(cast, tables())
    text = batch.mapping.replace('"contacts.csv"', '"../../../etc/passwd"')
    sent = {"text": text, "version": batch.version, "submission": uuid.uuid4()}
    answer = _as(cast, "dora").post(_page(batch, "mapping"), sent)
    assert answer.status_code == 422
    assert "must lie inside the data folder" in answer.content.decode()


def test_files_that_nobody_imported_are_gone_after_seven_days(cast: Cast) -> None:
    batch = previewed(cast, started(cast, tables()))
    imported(cast, tables(contacts=TABLES["contacts"]))
    assert purge(dry_run=False).files == 0
    ImportFile.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    report = purge(dry_run=True)
    assert report.files == len(TABLES)
    assert "uploaded files never imported" in str(report)
    assert purge(dry_run=False).files == len(TABLES)
    assert not FilePart.objects.exists()
    browser = _as(cast, "dora")
    assert "The files are gone" in browser.get(_page(batch, "import")).content.decode()
    assert "The files are gone" in browser.get(_done(browser, browser.post(_page(batch, "preview")))).content.decode()
