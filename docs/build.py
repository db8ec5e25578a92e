"""Regenerates docs/reference/ and the outputs in the tutorial: `make docs`.

Pages are printed from the definitions they describe, so that they cannot say something else. Tests fail while a page is
stale, and where something public has no place on any page.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from builders import commands, instruments, library, results, tutorial

from casearc.tables import reference_page

DOCS = Path(__file__).parent
TUTORIAL = DOCS / "tutorials" / "first-evaluation.md"

PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands.page,
    "instruments.md": instruments.page,
    "library.md": library.page,
    "results.md": results.page,
    "tables.md": reference_page,
}
"""Pages of docs/reference that are printed. plan.md and mapping.md are written by hand, and tested."""


def main() -> None:
    """Write every page anew."""
    for name, page in PAGES.items():
        (DOCS / "reference" / name).write_text(page(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        refreshed = tutorial.refreshed(TUTORIAL.read_text(encoding="utf-8"), Path(folder))
    TUTORIAL.write_text(refreshed, encoding="utf-8")
    sys.stdout.write(f"Wrote {', '.join(sorted(PAGES))} and {TUTORIAL.name}.\n")


if __name__ == "__main__":
    main()
