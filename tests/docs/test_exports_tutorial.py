"""Promise: whoever types the tutorial from two exports to a report, in an environment installed as it says, sees what
the page shows. A library that is merely installed here cannot hide: the environment has what the page installs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
from builders.tutorial import Step, steps  # noqa: E402 - docs/ is no package of the library

PAGE = ROOT / "docs" / "tutorials" / "from-exports-to-a-report.md"
PASSED_ON = ("PIP_", "SSL_", "HTTPS_PROXY", "NO_PROXY")
"""Where this machine gets packages from; nothing else of its environment is handed on."""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new environment into which the page's first block was typed."""
    folder = tmp_path_factory.mktemp("fresh")
    install = next(step for step in steps(PAGE.read_text(encoding="utf-8")) if step.language == "sh")
    lines = [line for line in install.content.splitlines() if not line.startswith(". ")]
    assert lines[0] == "python3 -m venv .venv"
    assert lines[1].startswith("pip install '.[")
    subprocess.run([sys.executable, "-m", "venv", str(folder / ".venv")], check=True)
    done = in_shell(f"cd {ROOT} && {lines[1]} --quiet", folder, of=folder)
    if done.returncode and not os.environ.get("CI"):
        pytest.skip("No packages could be installed here; the tutorial needs an environment of its own.")
    assert done.returncode == 0, done.stderr
    return folder


def in_shell(line: str, here: Path, *, of: Path) -> subprocess.CompletedProcess[str]:
    """A line as somebody types it whose environment is `of`, with nothing else of this machine's."""
    handed_on = {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}
    environment = {
        **handed_on,
        "PATH": f"{of / '.venv' / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "HOME": str(of),
        "LANG": "C.UTF-8",
        "COLUMNS": "80",
    }
    return subprocess.run(line, shell=True, cwd=here, env=environment, capture_output=True, text=True, check=False)


def commands(page: Path) -> Iterator[tuple[Step, list[str]]]:
    """The blocks of console lines, each with its lines."""
    for step in steps(page.read_text(encoding="utf-8")):
        if step.language == "console":
            yield step, [line.removeprefix("$ ") for line in step.content.splitlines()]


def test_every_block_prints_what_the_page_shows(fresh: Path, tmp_path: Path) -> None:
    for step, lines in commands(PAGE):
        printed = ""
        for line in lines:
            done = in_shell(line, tmp_path, of=fresh)
            assert done.returncode == 0, f"{line}\n{done.stderr}"
            printed += done.stdout
        if step.promised is not None:
            assert printed == step.promised, f"The block on line {step.line} prints something else."
    assert (tmp_path / "report" / "report.pdf").stat().st_size > 0


@pytest.mark.parametrize(("file", "extra"), [("some.sav", "spss"), ("some.json", "fhir"), ("some.dta", "spss")])
def test_a_format_that_is_not_installed_says_what_to_install(
    file: str, extra: str, fresh: Path, tmp_path: Path
) -> None:
    (tmp_path / file).write_text('{"resourceType": "Questionnaire", "status": "draft"}')
    done = in_shell(f"casearc import inspect {file}", tmp_path, of=fresh)
    assert done.returncode == 2
    assert f"pip install 'casearc[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_page_has_only_blocks_that_are_run() -> None:
    """A misspelled language would be a block that nobody runs."""
    assert {step.language for step in steps(PAGE.read_text(encoding="utf-8"))} <= {"console", "sh"}
