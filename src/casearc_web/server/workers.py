"""Workers beside the server: a process for each kind of work that no page waits for, and one that keeps it alive."""

from __future__ import annotations

import logging
import os
import signal
import time
from typing import Protocol

from django.db import close_old_connections, connections

_PAUSE_SECONDS = 0.5
_log = logging.getLogger(__name__)


class Line(Protocol):
    """One kind of work, as a worker sees it: a module with these two."""

    def run_next(self) -> bool:
        """Do the oldest piece of any agency; False where none waits."""

    def give_up_interrupted(self) -> int:
        """Tell what a stopped worker left half done; how many."""


def start(line: Line) -> int:
    """Start a worker for one line; the process id of its keeper.

    The keeper is a child of this process, which must have unlocked the keys, and does nothing but start the worker
    again where it ended (a library may crash on a damaged file, the system may need its memory). Both end within a
    second of this process's end. Plain forks: the server forks its own workers afterwards, and they must not take
    these children for theirs.
    """
    connections.close_all()  # a connection must not be shared by two processes
    server = os.getpid()
    keeper = os.fork()
    if keeper:
        return keeper
    try:
        _keep(line, server)
    except KeyboardInterrupt:
        pass
    finally:
        os._exit(0)


def _keep(line: Line, server: int) -> None:
    while _lives(server):
        keeper = os.getpid()
        worker = os.fork()
        if not worker:
            _work(line, keeper)
            return
        ended = False
        while _lives(server) and not ended:
            time.sleep(_PAUSE_SECONDS)
            ended = bool(os.waitpid(worker, os.WNOHANG)[0])
        if not ended:
            os.kill(worker, signal.SIGTERM)


def _work(line: Line, keeper: int) -> None:
    """Until the keeper ends. What a worker before left half done is told first."""
    told = False
    while _lives(keeper):
        try:
            told = told or line.give_up_interrupted() >= 0
            busy = line.run_next()
        except Exception:  # the next piece may succeed; our own formatter keeps values out of the log
            _log.exception("a worker")
            busy = False
        close_old_connections()
        if not busy:
            time.sleep(_PAUSE_SECONDS)


def _lives(parent: int) -> bool:
    """A child whose parent ended belongs to another."""
    return os.getppid() == parent
