"""Whoever is free takes the next connection: none waits behind a busy worker while another has nothing to do."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

SERVER = """
import os, sys, time
from gunicorn.app.base import BaseApplication
from casearc_web.server.fair import FairWorker

def application(environ, start_response):
    time.sleep(0.3)
    said = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]

class Server(BaseApplication):
    def load_config(self):
        for name, value in {
            "bind": f"127.0.0.1:{sys.argv[1]}", "workers": 2, "threads": 1, "worker_class": FairWorker,
            "control_socket_disable": True, "when_ready": lambda _: print("ready", flush=True),
        }.items():
            self.cfg.set(name, value)

    def load(self):
        return application

Server().run()
"""


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(number)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdout.readline() == "ready\n"
    _ask(number)
    yield number
    os.kill(server.pid, signal.SIGTERM)
    server.wait()


def test_two_at_once_are_answered_by_two(port: int) -> None:
    for _ in range(5):
        assert len(set(_together(port, 2))) == 2


def test_connections_that_say_nothing_are_in_nobodys_way(port: int) -> None:
    """Browsers open some ahead of time."""
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(6)]
    assert len(set(_together(port, 2))) == 2
    for one in idle:
        one.close()


def _together(port: int, number: int) -> list[str]:
    answers: list[str] = []
    asking = [threading.Thread(target=lambda: answers.append(_ask(port))) for _ in range(number)]
    for one in asking:
        one.start()
    for one in asking:
        one.join(60)
    assert len(answers) == number
    return answers


def _ask(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/")
    said = connection.getresponse().read().decode()
    connection.close()
    return said
