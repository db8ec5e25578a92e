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
TUTORIALS = tuple(DOCS / "tutorials" / name for name in ("first-evaluation.md", "from-exports-to-a-report.md"))

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
    for page in TUTORIALS:
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(tutorial.refreshed(page.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
    sys.stdout.write(f"Wrote {', '.join(sorted(PAGES))} and {len(TUTORIALS)} tutorials.\n")


if __name__ == "__main__":
    main()
