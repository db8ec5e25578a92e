"""A REDCap played on loopback, and no waiting between tries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casearc_sources.client import Client
from played_redcap import Server, serving, with_events


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Further tries come at once."""
    monkeypatch.setattr(Client.__init__, "__kwdefaults__", {"waits": (0.0, 0.0, 0.0), "wait": lambda _seconds: None})


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(with_events()) as running:
        yield running
