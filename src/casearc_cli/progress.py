"""Progress on a terminal; silence in a pipe."""

from __future__ import annotations

import sys
import time
from types import TracebackType

import click


class Steps:
    """Tells on standard error what is being done and how long it took, when somebody is there to read it."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._told = not quiet and sys.stderr.isatty()
        self._started: float | None = None

    def step(self, doing: str) -> None:
        """Close the step before and start this one."""
        self._close()
        if self._told:
            click.echo(f"{doing} … ", nl=False, err=True)
            self._started = time.monotonic()

    def _close(self) -> None:
        if self._started is not None:
            click.echo(f"{time.monotonic() - self._started:.1f} s", err=True)
            self._started = None

    def __enter__(self) -> Steps:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._close()
        elif self._started is not None:
            click.echo("", err=True)
