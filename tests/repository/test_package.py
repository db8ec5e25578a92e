"""Promise: whoever installs Casearc, and does not work in a checkout, gets every file the library reads."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from repository import ROOT, files


def test_the_wheel_holds_every_file_under_src_and_nothing_else(tmp_path: Path) -> None:
    """Built without the network, from the files in git."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    in_git = {path.relative_to(ROOT / "src").as_posix() for path in files() if path.is_relative_to(ROOT / "src")}
    assert in_git - packed == set()
    assert {name for name in packed if not (ROOT / "src" / name).exists()} == set()
