"""What is in the repository: files in git, and the library's modules as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"


@cache
def files() -> tuple[Path, ...]:
    """Files in git. Skips where there is no git, as in an unpacked archive."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("these rules are about files in git, and this is no git repository")
    names = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in names if path.is_file())


@cache
def texts() -> dict[str, str]:
    """Content of every text file in git by its path from the root; pictures are left out."""
    found = {}
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content:
            found[path.relative_to(ROOT).as_posix()] = content.decode("utf-8", errors="replace")
    return found


@cache
def modules() -> dict[str, ast.Module]:
    """Every module under src/ as a syntax tree."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCES.rglob("*.py"))
    }
