"""Promise: importing the estimators stays light; scipy.stats and scipy.optimize are not loaded for it."""

from __future__ import annotations

import subprocess
import sys


def test_heavy_parts_are_loaded_only_when_needed() -> None:
    code = "import sys, casearc.statistics; print([m for m in ('scipy.stats', 'scipy.optimize') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
