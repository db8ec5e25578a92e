"""Asking a played REDCap as an operator configured it, and reading what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from casearc_sources.configuration import RedcapSource
from casearc_sources.errors import FetchError
from casearc_sources.fetch import fetch
from played_redcap import TOKEN, Server


def source(server: Server, **more: object) -> RedcapSource:
    plain = RedcapSource(name="agency", address=server.address, token=TOKEN, records_at_once=3, timeout=5, texts=True)
    return replace(plain, **more)  # type: ignore[arg-type]


def refusal(given: RedcapSource, folder: Path) -> str:
    """The words of a refusal, after which the folder is not there."""
    with pytest.raises(FetchError) as caught:
        fetch(given, folder)
    assert not folder.exists()
    error: BaseException | None = caught.value
    while error is not None:
        assert TOKEN not in f"{error!r}{error}"
        error = error.__context__
    return str(caught.value)
