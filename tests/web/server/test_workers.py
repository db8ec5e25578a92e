"""A worker goes on after it crashed, tells first what it left half done, and ends with the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SERVER = """
import os, sys, time
from pathlib import Path
from django.conf import settings
settings.configure(DATABASES={})
from casearc_web.server import workers

class Line:
    told = Path(sys.argv[1])

    def run_next(self):
        self._tell("ran")
        if (crash := self.told.with_suffix(".crash")).exists():
            crash.unlink()
            os.abort()
        if (fail := self.told.with_suffix(".fail")).exists():
            fail.unlink()
            raise RuntimeError("made up")
        return False

    def give_up_interrupted(self):
        self._tell("began")
        return 0

    def _tell(self, word):
        with self.told.open("a") as file:
            file.write(f"{word} {os.getpid()}\\n")

print(workers.start(Line()), flush=True)
time.sleep(60)
"""


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Callable[[], list[list[str]]]]:
    """What the worker of a server tells, word and process id a line."""
    file = tmp_path / "told.txt"
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(file)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    (tmp_path / "server").write_text(f"{server.pid} {server.stdout.readline()}")
    yield lambda: [line.split() for line in file.read_text().splitlines()] if file.exists() else []
    server.kill()
    server.wait()


def test_a_worker_that_crashed_is_started_again(told: Callable[[], list[list[str]]], tmp_path: Path) -> None:
    _wait(lambda: ["ran"] in [line[:1] for line in told()])
    (tmp_path / "told.crash").touch()
    _wait(lambda: len({process for _, process in told()}) > 1)
    words = [word for word, process in told() if process == told()[-1][1]]
    assert words[0] == "began"
    assert words.count("began") == 1


def test_a_worker_whose_work_failed_goes_on(told: Callable[[], list[list[str]]], tmp_path: Path) -> None:
    _wait(told)
    (tmp_path / "told.fail").touch()
    _wait(lambda: not (tmp_path / "told.fail").exists())
    before = len(told())
    _wait(lambda: len(told()) > before)
    assert len({process for _, process in told()}) == 1


def test_keeper_and_worker_end_with_the_server(told: Callable[[], list[list[str]]], tmp_path: Path) -> None:
    _wait(told)
    server, keeper = map(int, (tmp_path / "server").read_text().split())
    worker = int(told()[-1][1])
    os.kill(server, signal.SIGKILL)
    _wait(lambda: not (_lives(keeper) or _lives(worker)))


def _wait(until: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _lives(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"  # nobody may collect orphans in a container
    except OSError:
        return False
