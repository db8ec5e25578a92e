"""Secrets, each in a file of its own that only its owner may read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_LONGEST = 4_096


def read_secret(path: Path) -> tuple[str, str]:
    """The one line of a file.

    Parameters
    ----------
    path
        The file. On POSIX systems it must belong to whoever runs this (or to root), and nobody else may have any
        right to it.

    Returns
    -------
    tuple of str
        The secret and "", or "" and why there is none, in words that hold nothing of it.

    Examples
    --------
    >>> read_secret(Path("nowhere.txt"))[1]
    'There is no such file.'
    """
    try:
        with path.open("rb") as file:
            problem = _exposed(os.fstat(file.fileno()), path.name)
            raw = b"" if problem else file.read(_LONGEST + 1)
    except FileNotFoundError:
        return "", "There is no such file."
    except OSError:
        return "", "The file cannot be read by the account that runs Casearc."
    if problem:
        return "", problem
    return _one_line(raw)


def changeable_by_others(path: Path) -> bool:
    """Whether other accounts than the owner may write a file (never, where the system is not POSIX)."""
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _exposed(status: os.stat_result, name: str) -> str:
    if os.name != "posix":
        return ""
    if not stat.S_ISREG(status.st_mode):
        return "This is no ordinary file."
    if status.st_uid not in (os.geteuid(), 0):
        return "The file belongs to another account; it must belong to the one that runs Casearc."
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return f"Other accounts of this machine may read the file. Take that right away: chmod 600 {name}"
    return ""


def _one_line(raw: bytes) -> tuple[str, str]:
    try:
        lines = raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return "", "The file is not a text in UTF-8."
    found = [line.strip() for line in lines if line.strip()]
    if len(raw) > _LONGEST or len(found) != 1:
        return "", "The file must hold one line and nothing else."
    return found[0], ""
