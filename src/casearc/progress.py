"""Telling whoever waits what is being done."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
"""Called with a few words before each step."""


def quiet(_: str) -> None:
    """Say nothing."""
