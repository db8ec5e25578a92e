"""Estimators that may decline: one that does takes none of the others with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from casearc.errors import StatisticsRefusedError

T = TypeVar("T")


def attempt(run: Callable[[], T]) -> T | None:
    """What `run` gives, or None where it is refused: the message may count people, which no text of a report may."""
    try:
        return run()
    except StatisticsRefusedError:
        return None
