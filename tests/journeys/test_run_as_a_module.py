"""Where the console script is not on the path, the command is run as a module."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["casearc_cli", "casearc_cli.main"])
def test_the_command_as_a_module(module: str) -> None:
    shown, wrong = (
        subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, check=False)
        for words in (("instruments", "list"), ("no-such-command",))
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "mspss" in shown.stdout
    assert wrong.returncode == 2
