"""Who is at work in the agency's folder: many may use the records at once; replacing them is done alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casearc_web.durable import OWNER_ONLY
from casearc_web.errors import InUseError

LOCK_FILE = ".in-use"


@contextmanager
def present(folder: Path) -> Iterator[None]:
    """Use the records beside others. InUseError while somebody replaces them."""
    with _locked(folder, fcntl.LOCK_SH, "The records are being restored or re-keyed. Try again when that is done."):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Replace the records: nobody else uses them. InUseError where somebody does."""
    with _locked(folder, fcntl.LOCK_EX, "Casearc is running on these records. Stop it first (CTRL-C where it runs)."):
        yield


@contextmanager
def _locked(folder: Path, kind: int, refused: str) -> Iterator[None]:
    """The system lets go of the lock when the process ends, however it ends."""
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
    try:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseError(refused) from None
        yield
    finally:
        os.close(handle)
