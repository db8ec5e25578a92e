"""Promise: importing the estimators stays light; scipy.stats and scipy.optimize are not loaded for it."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import casearc.statistics

FAMILIES = [module.name for module in pkgutil.iter_modules(casearc.statistics.__path__, "casearc.statistics.")]


def test_heavy_parts_are_loaded_only_when_needed() -> None:
    heavy = ("scipy.stats", "scipy.optimize", "stepmix", "sklearn", "polars", "pandas")
    code = f"import sys, {', '.join(FAMILIES)}; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
