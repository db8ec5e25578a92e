"""Promise: the reference pages say what the code does, and nothing public is missing from them."""

from __future__ import annotations

import re
import sys
from enum import StrEnum

import pytest

import casearc
from casearc.change.definitions import Pick
from casearc.dose.definitions import DoseMeasure, DoseTable
from casearc.errors import PlanRefusedError
from casearc.study import parse_plan, template_plan, vocabulary
from repository import ROOT, files

REFERENCE = ROOT / "docs" / "reference"
SECTIONS = ("wave", "outcome", "dose", "covariate", "model", "profiles")
ONCE = ("study", "service", "missing", "inference", "disclosure", "selection", "power")

PAGES_IN_GIT = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("**/*.md") if path in set(files()))

sys.path.insert(0, str(ROOT / "docs"))
from build import PAGES  # noqa: E402 - docs/ is no package of the library


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_printed_page_is_what_its_definitions_print_today(name: str) -> None:
    """Whoever changes a table, an instrument, an option, the schema or a docstring runs `make docs`."""
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name](), f"docs/reference/{name} is stale: make docs"


def test_every_public_name_is_in_the_reference() -> None:
    page = (REFERENCE / "library.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## (\w+)$", page, re.MULTILINE)) == set(casearc.__all__) - {"__version__"}


def known_keys() -> dict[str, set[str]]:
    """Each section's keys, as the parser lists them when it is asked for one that there is not."""
    sections = [*(f"[{name}]" for name in ONCE), *(f"[[{name}]]" for name in SECTIONS)]
    text = "\n".join(f"{section}\nqqqqqq = 1" for section in sections)
    with pytest.raises(PlanRefusedError) as refused:
        parse_plan(text)
    found = {}
    for fault in refused.value.faults:
        listed = re.fullmatch(r"Keys here: (.*)\.", fault.remedy)
        section = re.search(r"\[+(\w+)\]+", str(fault))
        if listed and section:
            found[section[1]] = set(listed[1].split(", "))
    return found


def described_keys() -> dict[str, set[str]]:
    """Each section's keys on the page: first cells of the table right below its heading."""
    page = (REFERENCE / "plan.md").read_text(encoding="utf-8")
    parts = re.split(r"^## \[+(\w+)\]+$", page, flags=re.MULTILINE)[1:]
    tables = zip(parts[::2], parts[1::2], strict=True)
    return {
        section: {
            key
            for table in re.findall(r"^\| key \|(?:.*\n)+?(?=\n|\Z)", text, re.MULTILINE)
            for key in re.findall(r"^\| `(\w+)`", table, re.MULTILINE)
        }
        for section, text in tables
    }


def test_the_plans_page_has_every_key_the_parser_knows_and_no_other() -> None:
    known = known_keys()
    assert set(known) == {*SECTIONS, *ONCE}
    described = described_keys()
    assert described.pop("coding") == set()  # its keys are instruments
    assert described == known


OF_A_PLAN = [each for each in vars(vocabulary).values() if isinstance(each, type) and issubclass(each, StrEnum)]


@pytest.mark.parametrize("listed", [DoseMeasure, DoseTable, Pick, *(each for each in OF_A_PLAN if each is not StrEnum)])
def test_every_word_a_plan_may_say_is_on_the_page(listed: type[StrEnum]) -> None:
    page = (REFERENCE / "plan.md").read_text(encoding="utf-8")
    assert [word for word in listed if f'"{word}"' not in page] == []


def test_the_example_plan_is_the_template() -> None:
    """Two copies of one plan: the one people read on the web and the one the command prints."""
    example = ROOT / "examples" / "three-waves" / "study.toml"
    assert example.read_text(encoding="utf-8") == template_plan()


@pytest.mark.parametrize("page", PAGES_IN_GIT)
def test_links_lead_somewhere(page: str) -> None:
    """Every relative link of a page names a file that is in git."""
    there = ROOT / page
    text = re.sub(r"^```.*?^```$", "", there.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = {(there.parent / target).resolve() for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)}
    folders = {folder for path in files() for folder in path.parents}
    assert targets - set(files()) - folders == set()
