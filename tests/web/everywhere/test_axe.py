"""axe-core finds nothing on any page, nor on any form that comes back; and each fits a screen 360 pixels wide.

Every address of the URL table, in one browser: each page on the phone in Spanish, every third in dark colors too (one
sheet has them all); each form sent empty at the desk in English, there without what lies around it and without rules
about colors, which are the shell's and are tried with it. A new address is tried at once, and fails until it shows a
page or `sights.NO_PAGE` says why there is none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from casearc.disclosure import Edition
from casearc.reports import render
from web.browser.fixtures import DESK, PHONE, listed, opened
from web.browser.judge import broken_rules, broken_structure, expect_many, hidden_focus, too_wide
from web.cast import make_cast
from web.everywhere.fuller import fill
from web.everywhere.markers import plant
from web.everywhere.sights import IN_ENGLISH, NO_PAGE, Sight, Stage, pages, read, speak

DARK_EVERY = 3
REPORTS = Path(__file__).parents[2] / "unit" / "reports"
SEND_EMPTY = """(path) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = path;
    form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A report with every kind of table and figure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(REPORTS))
        import made_up_release as made_up

        folder = tmp_path_factory.mktemp("report") / "report"
        render(made_up.release(Edition.OUTSIDE), made_up.details(), folder, formats=["html"])
        yield folder / "report.html"
        for name in ("made_up_release", "made_up_findings"):
            sys.modules.pop(name, None)


@pytest.fixture
def stage(transactional_db: None, report: Path) -> Stage:
    """The cast of the matrix, a word planted in every sealed field, and a record as months of work leave it."""
    cast = make_cast()
    planted = plant(cast)
    fill(cast)
    return Stage(cast, report, planted)


def test_what_is_not_tried_is_no_page(stage: Stage) -> None:
    """Each that `NO_PAGE` names is an address, and leads elsewhere or answers a script."""
    left_out = [address for address in read() if address.name in NO_PAGE]
    assert {address.name for address in left_out} == set(NO_PAGE)
    assert len(pages()) > 100
    for sight in stage.sights(left_out):
        answer = sight.look()
        assert answer.status_code in (204, 302) or answer.headers["Content-Type"] == "application/json", sight.name


def test_every_page_on_the_phone_in_spanish(stage: Stage, browser: Browser, live_server: Any) -> None:
    speak("es")
    wrong: dict[str, list[str]] = {}
    with opened(browser, live_server, "es", PHONE, watch=listed, has_touch=True) as page:
        expect_many(page.context)
        for turn, sight in enumerate(stage.sights(pages())):
            enter(page, sight, live_server.url)
            answer = page.goto(live_server.url + sight.path)
            assert answer is not None
            shown = answer.status in (200, 409) and page.url == live_server.url + sight.path
            instead = [f"no page: {answer.status} {page.url}"]
            dark = turn % DARK_EVERY == 0
            wrong[sight.name] = look(page, sight, "es", stage, whole=True, dark=dark) if shown else instead
    assert_nothing_wrong(wrong)


def test_every_form_sent_empty_at_the_desk_in_english(stage: Stage, browser: Browser, live_server: Any) -> None:
    speak("en")
    wrong: dict[str, list[str]] = {}
    with opened(browser, live_server, "en", DESK, watch=listed) as page:
        expect_many(page.context)
        page.goto(f"{live_server.url}/welcome")
        for sight in stage.sights(pages()):
            if sight.refuses_nothing_typed():
                enter(page, sight, live_server.url)
                with page.expect_navigation():
                    page.evaluate(SEND_EMPTY, sight.path)
                wrong[sight.name] = look(page, sight, "en", stage, whole=False)
                page.set_viewport_size(PHONE)
                wrong[sight.name] += too_wide(page)
                page.set_viewport_size(DESK)
    assert len(wrong) > 50
    assert_nothing_wrong(wrong)


def enter(page: Page, sight: Sight, url: str) -> None:
    """In the session of whoever looks."""
    page.context.clear_cookies(name="s")
    page.context.add_cookies(sight.cookies(url))


def assert_nothing_wrong(wrong: dict[str, list[str]]) -> None:
    """Else each fault is told whole, below its page's name."""
    told = [f"{name}\n    " + "\n    ".join(found) for name, found in wrong.items() if found]
    assert not told, "\n".join(told)


def look(page: Page, sight: Sight, language: str, stage: Stage, *, whole: bool, dark: bool = False) -> list[str]:
    """Everything that is wrong with a page; of a form that came back, what lies around it was looked at before."""
    title, spoken = page.title(), page.locator("html").get_attribute("lang")
    return [
        *(f"the title holds {stage.planted[word]}" for word in stage.planted if word in title),
        *([] if spoken == IN_ENGLISH.get(sight.name, language) else [f"speaks {spoken}"]),
        *(broken_rules(page, dark=dark) if whole else broken_structure(page)),
        *too_wide(page),
        *hidden_focus(page),
    ]
