"""Files that are there whole or not at all, also after a power loss, and that only their owner may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or whoever comes after a crash, finds the old content or the new one."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with open(temporary, "xb", opener=_owner_only) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter."""
    path.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    path.chmod(OWNER_ONLY_FOLDER)


def sync_file(path: Path) -> None:
    """Have the content of a file on the disk before anything else is done."""
    _sync(path)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder (a rename, a removal) on the disk before anything else is done."""
    if os.name == "posix":
        _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY)
