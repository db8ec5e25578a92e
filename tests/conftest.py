"""Puts `tests/` on the path, so that every test can import the cast of `people.py`; sets how properties are tried.

No example has a deadline (nothing is timed here, and machines are busy), and CI draws the same examples every time.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
