"""Pictures of the web application's main pages, from a made-up agency: `.venv/bin/python docs/screenshots.py`.

Needs Debian's Chromium. Makes the demo in a temporary folder, serves it on loopback, signs people in and takes the
pictures that `docs/how-to` shows into `docs/images/web`.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from casearc_web import configuration, keys
from casearc_web.keys import QUICK
from casearc_web.server import migrate, prepare, serve
from casearc_web.sqlcipher import make_database

PORT = 8196
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1180, "height": 820}
IMAGES = Path(__file__).parent / "images" / "web"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main() -> None:
    """Make, serve, take, stop."""
    folder = Path(tempfile.mkdtemp(prefix="casearc-pictures-"))
    try:
        with served(folder) as people, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            IMAGES.mkdir(parents=True, exist_ok=True)
            for name, (role, size, path) in pages(people).items():
                take(browser, name, people[role], size, path)
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def pages(people: dict[str, str]) -> dict[str, tuple[str, dict[str, int], str]]:
    """Each picture: who sees it, on what, where."""
    own, stay = f"/clients/{people['client']}", people["stay"]
    return {
        "caseload": ("case_manager", PHONE, "/"),
        "client": ("case_manager", DESK, f"{own}/"),
        "reach": ("case_manager", PHONE, f"{own}/reach/"),
        "contact": ("case_manager", PHONE, f"{own}/contacts/new/#add"),
        "contacts": ("case_manager", DESK, f"{own}/contacts/"),
        "assess": ("case_manager", PHONE, f"{own}/needs/{stay}/new/#id_level_safety_0"),
        "needs": ("case_manager", DESK, f"{own}/needs/"),
        "plan": ("case_manager", DESK, f"{own}/plan/"),
        "intake": ("case_manager", DESK, "/clients/new/"),
        "permissions": ("case_manager", DESK, f"{own}/permissions/"),
        "exit": ("case_manager", PHONE, f"{own}/enrollments/{stay}/exit/"),
        "looked": ("supervisor", DESK, f"{own}/looked/"),
        "evaluation": ("evaluator", DESK, "/evaluation/"),
        "home-director": ("director", DESK, "/"),
    }


def take(browser: Browser, name: str, cookie: str, size: dict[str, int], path: str) -> None:
    """One picture of what is seen without scrolling."""
    context = browser.new_context(viewport=size, locale="en-US", reduced_motion="reduce")
    context.add_cookies([{"name": "s", "value": cookie, "url": f"http://127.0.0.1:{PORT}"}])
    page = context.new_page()
    answer = page.goto(f"http://127.0.0.1:{PORT}{path}")
    if answer is None or answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status if answer else 'nothing'}")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


@contextmanager
def served(folder: Path) -> Iterator[dict[str, str]]:
    """A served demo; session keys by role, and the id of a client with much to show."""
    chosen = configuration.Configuration(folder=folder, port=PORT, made_up=True)
    keys.create(folder, "made up words for pictures only", cost=QUICK)
    unlocked = keys.unlock(folder, "made up words for pictures only")
    make_database(chosen.database, unlocked)
    configuration.write(chosen)
    prepare(chosen, unlocked)
    migrate()
    people = _people()
    from django.db import connections

    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        serve(chosen, "127.0.0.1", ready=lambda where: os.write(writing, where.encode()))
        os._exit(0)
    os.close(writing)
    os.read(reading, 200)
    try:
        yield people
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _people() -> dict[str, str]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db.models import Count

    from casearc_web.agencies.models import StaffMember
    from casearc_web.demo import fill
    from casearc_web.enrollments.models import Enrollment
    from casearc_web.signin import session as state
    from casearc_web.signin.sessions import SessionStore

    fill()
    stay = (
        Enrollment.objects.filter(exited_on__isnull=True, goals__status="open")
        .annotate(many=Count("contacts", distinct=True))
        .order_by("-many")[0]
    )
    lead = stay.care_team.all()[0].staff
    found = {"client": str(stay.client_id), "stay": str(stay.pk)}
    for role in ("case_manager", "supervisor", "director", "evaluator"):
        member = lead if role == "case_manager" else StaffMember.objects.filter(role=role)[0]
        if role == "supervisor":
            member = StaffMember.objects.filter(role=role, team=lead.team)[0]
        session = SessionStore()
        session[SESSION_KEY] = str(member.pk)
        session[BACKEND_SESSION_KEY] = "casearc_web.signin.backends.StaffBackend"
        session[HASH_SESSION_KEY] = member.get_session_auth_hash()
        state.begin(session)
        state.show_factor(session)
        session.save()
        found[role] = str(session.session_key)
    return found


if __name__ == "__main__":
    main()
