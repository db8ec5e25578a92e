"""Promise: whoever types the tutorial's blocks in order sees what the page shows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
from builders.tutorial import run, steps  # noqa: E402 - docs/ is no package of the library

PAGE = ROOT / "docs" / "tutorials" / "first-evaluation.md"


def test_every_block_runs_and_prints_what_the_page_shows(tmp_path: Path) -> None:
    names: dict[str, object] = {"__name__": "__tutorial__"}
    for step in steps(PAGE.read_text(encoding="utf-8")):
        printed = run(step, tmp_path, names)
        if step.promised is not None:
            assert printed == step.promised, f"The block on line {step.line} prints something else."
    for name in ("report.html", "report.pdf", "report.docx", "results.json"):
        assert (tmp_path / "report" / name).stat().st_size > 0
    assert (tmp_path / "scores.csv").read_text().startswith("administration_id,mspss_total,")


def test_blocks_and_their_outputs_are_told_apart() -> None:
    """The reader of the page itself: an output belongs to the block before it only where nothing stands between."""
    page = "```python\nprint(1)\n```\n\n```text\n1\n```\n\n```python\nprint(2)\n```\n\nWords.\n\n```text\n2\n```\n"
    assert [(step.content, step.promised) for step in steps(page)] == [("print(1)\n", "1\n"), ("print(2)\n", None)]


@pytest.mark.parametrize("language", ["python", "console", "toml", "sh", "text"])
def test_the_tutorial_uses_every_kind_of_block(language: str) -> None:
    """A misspelled language would be a block that nobody runs."""
    known = {"python", "console", "toml", "sh"}
    page = PAGE.read_text(encoding="utf-8")
    assert {step.language for step in steps(page)} <= known
    assert f"```{language}\n" in page
