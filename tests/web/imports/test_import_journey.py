"""An import in a real browser: upload, questions, preview, import, undo; phone in Spanish, desk in English,
and without JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from casearc_web.clients.models import Client
from casearc_web.imports import line
from casearc_web.imports.models import Import, ImportFile
from web.cast import Cast, make_cast
from web.imports.made import exports

Enter = Callable[..., Page]
Say = Callable[..., str]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """The two files of a made-up program on somebody's computer."""
    made = []
    for name, parts in exports(participants=9):
        path = tmp_path / name
        path.write_bytes(b"".join(parts))
        made.append(path)
    return made


@pytest.mark.parametrize(("width", "language"), [("phone", "es"), ("desk", "en"), ("without_script", "en")])
def test_from_files_to_records_and_back(
    people: Cast,
    paths: list[Path],
    live_server: Any,
    signed_in_page: Enter,
    sized: Page,
    picture: Any,
    say: Say,
    axe: Any,
    width: str,
    language: str,
) -> None:
    page, before = signed_in_page(people.dora, sized), Client.objects.count()

    def look(name: str) -> None:
        picture(page, f"import-{name}-{width}-{language}")
        if width != "without_script" or "waiting" in name:  # the other pages are the same without a script
            axe(page)

    page.goto(live_server.url + reverse("imports:imports"))
    page.get_by_role("link", name=say("Upload files")).click()
    page.get_by_label(say("Program")).select_option(label="North")
    page.get_by_label(say("Who cares for them")).select_option(label="Cleo (made up)")
    page.get_by_label(say("Files")).set_input_files(paths)
    look("1-upload")
    page.get_by_role("button", name=say("Upload and look")).click()
    expect(page.get_by_text(say("Waiting for its turn"))).to_be_visible()
    look("1-waiting")
    assert line.run_next()
    expect(page.get_by_role("heading", name=say("What the files are taken for"))).to_be_visible()
    look("2-proposal")
    page.get_by_role("link", name=say("Answer the questions")).click()
    page.get_by_label("StartDate", exact=True).check()
    look("3-questions")
    page.get_by_role("button", name=say("Save the answers")).click()
    page.get_by_role("button", name=say("Preview: what would happen")).click()
    assert line.run_next()
    expect(page.get_by_text(say("Rows, table by table"))).to_be_visible()
    assert Client.objects.count() == before
    look("4-preview")
    page.get_by_role("button", name=say("Import now")).click()
    assert line.run_next()
    expect(page.get_by_text(say("No authorization came with them"))).to_be_visible()
    assert Client.objects.count() == before + 9
    assert not ImportFile.objects.exists()
    look("5-imported")
    page.get_by_role("link", name=say("Undo this import")).click()
    page.get_by_role("checkbox", name=say("I want the records of this import erased")).check()
    look("6-undo")
    page.get_by_role("button", name=say("Undo it now")).click()
    assert line.run_next()
    expect(page.get_by_text(say("Undone. The records of this import are erased."))).to_be_visible()
    assert Client.objects.count() == before
    assert Import.objects.get().state == "undone"


def test_what_was_imported_is_worked_on_like_anything_else(
    people: Cast, paths: list[Path], live_server: Any, signed_in_page: Enter, desk: Page, picture: Any
) -> None:
    """The case manager finds the clients in the caseload and can open every tab of one."""
    from web.imports.made import imported, parts

    imported(people, [(path.name, parts(path.read_bytes())) for path in paths])
    page = signed_in_page(people.cleo, desk)
    page.goto(f"{live_server.url}/")
    client = Client.objects.filter(enrollments__exited_on=None, enrollments__started_on__year=2021).exclude(
        enrollments__goals=None
    )[0]
    page.goto(live_server.url + reverse("clients:client", kwargs={"client": client.pk}))
    tabs = page.locator("nav.tabs a").evaluate_all("all => all.map(one => one.href)")
    for number, tab in enumerate(tabs):
        answer = page.goto(tab)
        assert answer is not None
        assert answer.status == 200
        picture(page, f"imported-client-{number}")
    assert len(tabs) > 5
