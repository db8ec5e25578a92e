"""Twenty people at once on a large made-up agency: how long the server takes for each kind of page.

    .venv/bin/python benchmarks/web/load.py FOLDER [--users 20] [--seconds 60] [--pause 3.0]

FOLDER is what `large.py` made. Starts the real server (gunicorn, as `casearc web serve` does) on loopback, signs
everybody in by writing their sessions, and lets each one go from page to page with a pause of a random length between:
three seconds on average, so that each person opens twenty pages a minute. `--pause 1` is a page a second from each.
What comes in the first five seconds is left out: each worker opens the database once. Latency is taken at the client,
over loopback, whole answer read: what the server took and the transfer.

Milliseconds depend on the machine. So that they can be compared, the same people also ask for a page of this Django
with nothing behind it (`bare page`: no sign-in, no record, no log).
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import signal
import sys
import threading
import time
import uuid
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlencode

from large import PASSPHRASE

from casearc_web import configuration, keys
from casearc_web.server import prepare, serve

PAGES = ("caseload", "client page", "search", "contact form", "bare page")
STARTING = 5.0
"""Seconds at the beginning that are left out."""


def start(folder: Path) -> tuple[int, list[tuple[str, list[str]]], int]:
    """The server in a child process; the sessions of the users and clients of each; the port."""
    chosen = configuration.read(folder)
    prepare(chosen, keys.unlock(folder, PASSPHRASE))
    users = _sessions()
    from django.db import connections

    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        serve(chosen, "127.0.0.1", ready=lambda address: os.write(writing, address.encode()))
        os._exit(0)
    os.close(writing)
    os.read(reading, 200)
    return child, users, chosen.port


def _sessions() -> list[tuple[str, list[str]]]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from casearc_web.agencies.models import StaffMember
    from casearc_web.enrollments.models import Enrollment
    from casearc_web.signin import session as state
    from casearc_web.signin.sessions import SessionStore

    made = []
    for member in StaffMember.objects.filter(role="case_manager").order_by("username")[:40]:
        session = SessionStore()
        session[SESSION_KEY] = str(member.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = member.get_session_auth_hash()
        state.begin(session)
        state.show_factor(session)
        session.save()
        own = Enrollment.objects.filter(care_team__staff=member).values_list("client_id", flat=True)[:25]
        made.append((str(session.session_key), [str(client) for client in own]))
    return made


BACKEND = "casearc_web.signin.backends.StaffBackend"


class User(threading.Thread):
    """One person going from page to page."""

    def __init__(self, port: int, who: tuple[str, list[str]], *, until: float, pause: float) -> None:
        super().__init__(daemon=True)
        self.port, (self.cookie, self.clients), self.until, self.pause = port, who, until, pause
        self.took: dict[str, list[float]] = defaultdict(list)
        self.wrong: list[str] = []
        self.draw = random.Random(self.cookie)
        self.counts_from = time.perf_counter() + STARTING

    def run(self) -> None:
        """Until the time is over."""
        while time.monotonic() < self.until:
            time.sleep(self.draw.expovariate(1 / self.pause) if self.pause else 0)
            self.visit(self.draw.choice(PAGES))

    def visit(self, page: str) -> None:
        """One page, timed."""
        client = self.draw.choice(self.clients)
        address = {
            "caseload": "/",
            "client page": f"/clients/{client}/",
            "search": "/clients/search/",
            "contact form": f"/clients/{client}/contacts/new/",
            "bare page": "/sign-in/",
        }[page]
        token = uuid.uuid4().hex
        signed_in = f"s={self.cookie}; " if page != "bare page" else ""
        headers = {"Cookie": f"{signed_in}c={token}", "Host": f"127.0.0.1:{self.port}"}
        body = None
        if page == "search":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({"csrfmiddlewaretoken": token, "words": self.draw.choice(("al", "cedar ma", "be or"))})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.perf_counter()
        connection.request("POST" if body else "GET", address, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if began > self.counts_from:
            self.took[page].append(time.perf_counter() - began)
        connection.close()
        if answer.status != 200 or not re.search(rb"<h1", content):
            self.wrong.append(f"{page}: {answer.status}")


def main() -> None:
    """Read the arguments, go, print a table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--users", type=int, default=20)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--pause", type=float, default=3.0)
    given = asked.parse_args()
    child, who, port = start(given.folder)
    try:
        users = [
            User(port, who[i % len(who)], until=time.monotonic() + given.seconds, pause=given.pause)
            for i in range(given.users)
        ]
        for user in users:
            user.start()
        for user in users:
            user.join(given.seconds + 90)
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
    report(users)


def report(users: list[User]) -> None:
    """A line a kind of page: how often, median, 95th percentile, longest, in milliseconds."""
    write = sys.stdout.write
    for page in PAGES:
        took = sorted(1000 * t for user in users for t in user.took[page])
        if took:
            p95 = took[int(0.95 * (len(took) - 1))]
            write(
                f"{page:<14}{len(took):>6}  median {took[len(took) // 2]:6.1f}  p95 {p95:6.1f}  most {took[-1]:6.1f}\n"
            )
    wrong = [line for user in users for line in user.wrong]
    write(f"wrong answers: {len(wrong)} {sorted(set(wrong))[:5]}\n")


if __name__ == "__main__":
    main()
