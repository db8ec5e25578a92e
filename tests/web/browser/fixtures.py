"""Real Chromium for every test of pages: `phone`, `desk`, `without_script`, `axe`, `offline`, `picture`.

A page of these fixtures fails its test when it asks any host but the live server, throws in a script, or runs into the
content policy. Without Chromium the tests are skipped with a plain message; where `CI` is set they fail instead.

    def test_intake(phone, live_server, axe):
        phone.goto(f"{live_server.url}/")
        axe(phone)

Language: `@pytest.mark.parametrize("language", ["en", "es"])`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, Route, sync_playwright

from web.browser.judge import broken_rules, too_wide

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",  # nobody else is found
]
# What a browser prints when a page answers 4xx or the network is switched off: the test itself wanted that.
WANTED_NOISE = re.compile(r"Failed to load resource|ERR_INTERNET_DISCONNECTED")


def chromium() -> str:
    """The path of Debian's Chromium. None: the test is skipped, or fails where CI is set."""
    found = os.environ.get("CASEARC_CHROMIUM") or shutil.which("chromium")
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("Chromium is missing, and in CI no page goes untried. On Debian: apt-get install chromium")
    pytest.skip("Chromium is missing, so no page is tried. On Debian: apt-get install chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would take the test's own queries for asynchronous ones.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def language() -> str:
    """What the browser asks for; a test sets it by parametrizing `language`."""
    return "en"


Watch = Callable[[BrowserContext, str], list[str]]


def watched(context: BrowserContext, home: str) -> list[str]:
    """Stops every request to another host; returns the list of hosts asked. What is sent passes through here, so that
    nothing gets by while the network is switched off, not even what a page sends as it goes.
    """
    outside: list[str] = []

    def decide(route: Route, request: Request) -> None:
        if _elsewhere(request, home):
            outside.append(urlsplit(request.url).netloc)
            route.abort()
        else:
            route.continue_()

    context.route("**/*", decide)
    return outside


def listed(context: BrowserContext, home: str) -> list[str]:
    """The same in less time, for many pages in a row: requests are listed as they go, and keep what is cached."""
    outside: list[str] = []

    def note(request: Request) -> None:
        if _elsewhere(request, home):
            outside.append(urlsplit(request.url).netloc)

    context.on("request", note)
    return outside


def _elsewhere(request: Request, home: str) -> bool:
    parts = urlsplit(request.url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != home


@contextmanager
def opened(
    browser: Browser,
    live_server: object,
    language: str,
    size: dict[str, int],
    *,
    watch: Watch = watched,
    **options: object,
) -> Iterator[Page]:
    """A page in a context of its own, watched: at the end it must have asked nobody else and thrown nothing."""
    home = urlsplit(live_server.url).netloc
    locale = {"en": "en-US", "es": "es-US"}[language]
    context = browser.new_context(viewport=size, locale=locale, reduced_motion="reduce", **options)
    outside, faults = watch(context, home), []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.extend(_fault(message)))
    try:
        yield page
    finally:
        context.close()
    assert not outside, f"asked somebody else: {sorted(set(outside))}"
    assert not faults, f"scripts failed: {faults}"


def _fault(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type == "error" and not WANTED_NOISE.search(message.text) else []


@pytest.fixture
def phone(browser: Browser, live_server: object, language: str) -> Iterator[Page]:
    """360 by 740, touched."""
    with opened(browser, live_server, language, PHONE, has_touch=True) as page:
        yield page


@pytest.fixture
def desk(browser: Browser, live_server: object, language: str) -> Iterator[Page]:
    """1280 by 900."""
    with opened(browser, live_server, language, DESK) as page:
        yield page


@pytest.fixture(params=["phone", "desk"])
def either(request: pytest.FixtureRequest) -> Page:
    """The test runs twice: on the phone and at the desk."""
    page: Page = request.getfixturevalue(request.param)
    return page


@pytest.fixture
def without_script(browser: Browser, live_server: object, language: str) -> Iterator[Page]:
    """The phone, with JavaScript switched off."""
    with opened(browser, live_server, language, PHONE, has_touch=True, java_script_enabled=False) as page:
        _SCRIPTLESS.append(page.context)
        yield page
        _SCRIPTLESS.remove(page.context)


_SCRIPTLESS: list[BrowserContext] = []
"""Where no script runs: axe is one, and would be waited for without end."""


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Fails when axe-core finds anything: WCAG 2.2 A and AA, and its best practices; light and dark."""

    def check(page: Page) -> None:
        if page.context in _SCRIPTLESS:
            return  # the same page is judged where scripts run
        assert [*broken_rules(page), *too_wide(page)] == []

    return check


@pytest.fixture
def offline() -> Callable[[Page], object]:
    """`with offline(page):` the page has no network."""

    @contextmanager
    def switch(page: Page) -> Iterator[None]:
        page.context.set_offline(True)
        try:
            yield
        finally:
            page.context.set_offline(False)

    return switch


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """`picture(page, "intake")` keeps a picture of the whole page where CASEARC_PICTURES names a folder."""
    folder = os.environ.get("CASEARC_PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take


__all__ = ["Error", "axe", "browser", "desk", "either", "language", "offline", "phone", "picture", "without_script"]
