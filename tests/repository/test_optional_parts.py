"""Promise: the library works without web framework, command line and report writers, and says what to install."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

BLOCK = """
import sys

class Absent:
    def __init__(self, *names):
        self.names = names
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent(*%r))
"""
WRITERS = ("jinja2", "matplotlib", "docx", "typst")
EVALUATE = """
from pathlib import Path
import casearc
from casearc.study import template_plan

program = casearc.make_program(participants=60, seed=1)
casearc.write_program(program, "files")
Path("study.toml").write_text(template_plan())
evaluation = casearc.evaluate(casearc.read_plan("study.toml"), casearc.read_folder("files"))
"""


def python(code: str, folder: Path, *, absent: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run code where these modules cannot be imported, as if they were not installed."""
    whole = BLOCK % (absent,) + textwrap.dedent(code)
    return subprocess.run([sys.executable, "-c", whole], cwd=folder, capture_output=True, text=True, check=False)


def test_the_whole_evaluation_needs_no_framework_no_command_line_and_no_writer(tmp_path: Path) -> None:
    """Data only: results.json and the tables, which need nothing but the runtime dependencies."""
    code = EVALUATE + "casearc.render(evaluation.release, evaluation.details, Path('report'), formats=())\n"
    done = python(code, tmp_path, absent=("django", "click", "pandas", *WRITERS))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report" / "results.json").stat().st_size > 0
    assert list((tmp_path / "report" / "tables").glob("*.csv"))


@pytest.mark.parametrize(("format_", "absent"), [("html", "jinja2"), ("pdf", "typst"), ("docx", "docx")])
def test_a_format_without_its_writer_says_what_to_install(tmp_path: Path, format_: str, absent: str) -> None:
    code = EVALUATE + (
        "try:\n"
        f"    casearc.render(evaluation.release, evaluation.details, Path('report'), formats=['{format_}'])\n"
        "except casearc.CasearcError as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    done = python(code, tmp_path, absent=(absent,))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("MissingExtraError")
    assert "pip install 'casearc[reports]'" in done.stdout
    assert not (tmp_path / "report").exists()


def test_importing_the_library_loads_next_to_nothing() -> None:
    """What a name needs is loaded when it is first used; no frame, array or web library before."""
    code = "import sys, casearc; print(sorted({name.split('.')[0] for name in sys.modules} & set(sys.argv[1:])))"
    heavy = ("polars", "numpy", "scipy", "narwhals", "pandas", "click", "django", *WRITERS)
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_loads_without_the_command_line(tmp_path: Path) -> None:
    code = "import casearc\nprint(len([getattr(casearc, name) for name in casearc.__all__]), len(casearc.__all__))\n"
    done = python(code, tmp_path, absent=("django", "click", "pandas", *WRITERS))
    assert done.returncode == 0, done.stderr
    found, listed = done.stdout.split()
    assert found == listed
