"""TREND and STROBE filled from the analysis: where each item is answered, and which are left to the authors.

The items are named by number and topic; what each asks is told in our own words. Sources: Des Jarlais, Lyles & Crepaz
(2004), American Journal of Public Health 94:361-366 (TREND); von Elm et al. (2007), PLoS Medicine 4:e296 (STROBE).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from casearc.analyses.dataset import StudyData
from casearc.analyses.synthesis import answers
from casearc.findings import Body, Cell, Column, Finding, Role, Row, Section, Sentence, Table, Tally, Text

AUTHORS = "Left to the authors."
COLUMNS = (Column("item", "Item"), Column("topic", "Topic"), Column("asks", "Asks for"), Column("here", "Here"))


@dataclass(frozen=True, slots=True)
class Guideline:
    """A reporting guideline: name, whom it is for, file of its items."""

    id: str
    name: str
    for_whom: str


GUIDELINES = (
    Guideline("trend", "TREND", "evaluations of programs without random assignment"),
    Guideline("strobe", "STROBE", "observational studies, here a cohort"),
)

Answer = Callable[[StudyData, Sequence[Finding]], Cell | None]


def checklist_findings(data: StudyData, findings: Sequence[Finding]) -> Iterator[Finding]:
    """One finding a guideline."""
    for guideline in GUIDELINES:
        yield Finding(
            id=f"checklist.{guideline.id}",
            section=Section.CHECKLISTS,
            title=f"{guideline.name}: {guideline.for_whom}",
            plan_item="study.design",
            role=Role.DESCRIPTIVE,
            bodies=(_body(guideline, data, findings),),
        )


def _body(guideline: Guideline, data: StudyData, findings: Sequence[Finding]) -> Body:
    items = _items(guideline)
    filled = [_answer(item["fill"], data, findings) for item in items]
    blank = [item["item"] for item, cell in zip(items, filled, strict=True) if cell is None]
    rows = tuple(
        Row((Text(item["item"]), Text(item["topic"]), Text(item["asks"]), cell or Text(AUTHORS)))
        for item, cell in zip(items, filled, strict=True)
    )
    table = Table(
        id=f"checklist_{guideline.id}", behind=True, title=f"{guideline.name}, item by item", columns=COLUMNS, rows=rows
    )
    return Body(sentences=(_sentence(guideline, len(items), blank),), tables=(table,))


def _sentence(guideline: Guideline, items: int, blank: Sequence[str]) -> Sentence:
    slots: dict[str, Cell] = {"filled": Tally(items - len(blank)), "items": Tally(items)}
    left = f" The authors still have to answer {_listed(blank)}." if blank else ""
    return Sentence(f"{{filled}} of the {{items}} items of {guideline.name} are answered in this report.{left}", slots)


def _listed(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"item {numbers[0]}"
    return f"items {', '.join(numbers[:-1])} and {numbers[-1]}"


def _items(guideline: Guideline) -> list[dict[str, str]]:
    file = resources.files("casearc.analyses.synthesis").joinpath(f"guidelines/{guideline.id}.csv")
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


def _answer(name: str, data: StudyData, findings: Sequence[Finding]) -> Cell | None:
    return answers.ANSWERS[name](data, findings) if name else None
