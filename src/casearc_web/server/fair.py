"""A gunicorn worker that takes a connection only while it has a thread for it.

gunicorn's own takes as many as come and lets them wait behind its threads, while another worker has nothing to do. And
threads of one process stand in each other's way in Python: each question to the database hands the interpreter to the
other and waits to have it back. So there are more processes with a thread each, and whoever is free takes the next.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class FairWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no annotations
    """Idle connections, kept by browsers for their next page, take up no thread and are not counted."""

    cfg: Any
    keepalived_conns: Sized
    pending_conns: Sized

    @property
    def worker_connections(self) -> int:
        """How many connections there may be at this moment; asked before each is taken."""
        return int(self.cfg.threads) + len(self.keepalived_conns) + len(self.pending_conns)

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        """gunicorn sets a fixed number; it is not used."""
