"""Promise: what the front pages tell a newcomer is there, and nothing decided is undocumented."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from repository import ROOT, files


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_names_two_commands_and_the_makefile_has_them() -> None:
    named = re.findall(r"^make (\w+)", page("README.md"), re.MULTILINE)
    assert named == ["demo", "test"]
    targets = re.findall(r"^(\w+):", page("Makefile"), re.MULTILINE)
    assert set(named) <= set(targets)


def test_what_ci_runs_is_what_the_readme_names() -> None:
    assert re.findall(r"^make (\w+)$", page(".ci/run"), re.MULTILINE) == ["demo", "test"]


def test_every_casearc_command_on_the_front_page_exists() -> None:
    from casearc_cli.main import casearc

    named = re.findall(r"^casearc (\w+)", page("README.md"), re.MULTILINE)
    assert named
    assert set(named) <= set(casearc.commands or casearc.list_commands(None))  # type: ignore[arg-type]


def test_every_decision_record_is_linked_and_named_by_its_title() -> None:
    index = page("docs/decisions/README.md")
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert records
    for record in records:
        number, title = record.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# ").split(" ", 1)
        number = number.removesuffix(".")
        assert record.name.startswith(f"{number}-")
        assert f"| [{number}]({record.name}) | {title} |" in index


def test_every_version_says_what_changed_in_numbers() -> None:
    versions = re.split(r"^## ", page("CHANGELOG.md"), flags=re.MULTILINE)[1:]
    assert versions
    for version in versions:
        assert re.search(r"^### Changes to numbers\n- \S", version, re.MULTILINE), version.split("\n", 1)[0]


def test_every_dependency_has_its_reason_beside_it() -> None:
    """Runtime ones always; a reason is more than a word."""
    project = tomllib.loads(page("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    runtime = [*project["dependencies"], *extras["reports"], *extras["pandas"]]
    assert runtime
    for requirement in runtime:
        line = next(line for line in page("pyproject.toml").splitlines() if f'"{requirement}"' in line)
        assert re.search(r"# \S+ \S+", line), requirement


def test_the_page_about_tests_explains_every_folder_of_them() -> None:
    told = set(re.findall(r"^\| `([\w/]+)/` \|", page("tests/README.md"), re.MULTILINE))
    there = {path.relative_to(ROOT / "tests").parts[0] for path in files() if path.is_relative_to(ROOT / "tests")}
    folders = {name for name in there if Path(name).suffix == ""}
    assert folders <= {name.split("/")[0] for name in told}
    assert {name for name in told if not (ROOT / "tests" / name).is_dir()} == set()
