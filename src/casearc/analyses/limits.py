"""Limits of intervals as findings hold them."""

from __future__ import annotations

import math


def open_limit(value: float) -> float | None:
    """The limit; None, which is told as open, where it is infinite or there is none."""
    return float(value) if math.isfinite(value) else None
