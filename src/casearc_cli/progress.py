"""Progress on a terminal; silence in a pipe."""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import FrameType, TracebackType
from typing import Any

import click


class Steps:
    """Tells on standard error what is being done and how long it took, when somebody is there to read it.

    An interrupt that some library swallows (one raised in a callback is only printed, or lost) stops the work at the
    next step.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._told = not quiet and sys.stderr.isatty()
        self._started: float | None = None
        self._interrupted = False
        self._before: Any = None

    def step(self, doing: str) -> None:
        """Close the step before and start this one."""
        self.go_on()
        self._close()
        if self._told:
            click.echo(f"{doing} … ", nl=False, err=True)
            self._started = time.monotonic()

    def go_on(self) -> None:
        """Raise KeyboardInterrupt if one has been asked for and lost."""
        if self._interrupted:
            raise KeyboardInterrupt

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._interrupted = True
        raise KeyboardInterrupt

    def _close(self) -> None:
        if self._started is not None:
            click.echo(f"{time.monotonic() - self._started:.1f} s", err=True)
            self._started = None

    def __enter__(self) -> Steps:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        if kind is None:
            self._close()
        elif self._started is not None:
            click.echo("", err=True)
