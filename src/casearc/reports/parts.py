"""The parts of a report, the same for every format: what HTML, PDF, DOCX and results.json are written from."""

from __future__ import annotations

from dataclasses import dataclass

from casearc.disclosure import Edition
from casearc.findings import Role
from casearc.reports import words
from casearc.reports.cells import Data, PrintedCell
from casearc.reports.drawings import ShownDrawing
from casearc.reports.sentences import Said


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column: its heading with the unit, and whether its cells are numbers."""

    id: str
    heading: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of printed cells."""

    cells: tuple[PrintedCell, ...]
    indent: int
    heading: bool

    @property
    def spans(self) -> bool:
        """Whether the first cell stands alone, as a heading across the table."""
        return self.heading and not any(cell.text for cell in self.cells[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable:
    """A table with its number in the report: `notes` stand below it, the meaning of the marks last.

    Tables behind the findings are counted by themselves.
    """

    id: str
    number: int
    title: str
    columns: tuple[PrintedColumn, ...]
    rows: tuple[PrintedRow, ...]
    notes: tuple[Said, ...]
    behind: bool = False

    @property
    def name(self) -> str:
        """How the report calls it."""
        return f"{words.TABLE} {words.BEHIND.letter if self.behind else ''}{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFigure:
    """A figure with its number in the report."""

    id: str
    number: int
    title: str
    alt: Said
    drawing: ShownDrawing
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFinding:
    """One finding: the line that ties it to the plan, cautions, statements, tables, figures, what was merged."""

    id: str
    title: str
    plan_item: str | None
    role: Role
    answers: str
    cautions: tuple[str, ...]
    warnings: tuple[str, ...]
    refusal: str
    headline: Said | None
    sentences: tuple[Said, ...]
    tables: tuple[PrintedTable, ...]
    behind: tuple[PrintedTable, ...]
    figures: tuple[PrintedFigure, ...]
    told: tuple[str, ...]

    @property
    def where_behind(self) -> str:
        """Which tables stand behind the finding."""
        if not self.behind:
            return ""
        first, last = self.behind[0].name, self.behind[-1].name
        told = {1: words.BEHIND.one, 2: words.BEHIND.two}.get(len(self.behind), words.BEHIND.several)
        return told.format(first, last)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSection:
    """A section: its question, its findings, or why there are none."""

    id: str
    heading: str
    question: str
    empty: str
    findings: tuple[PrintedFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file in the data report. Counts are None where they may not be told."""

    file: str
    purpose: str
    read: int | None
    kept: int | None
    set_aside: int | None
    refused: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPart:
    """The data report."""

    files: tuple[FileRow, ...]
    table: PrintedTable | None
    reasons: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report."""

    title: str
    program: str
    edition: Edition
    mark: str
    summary: tuple[Said, ...]
    trust: tuple[Said, ...]
    actions: tuple[Said, ...]
    sections: tuple[PrintedSection, ...]
    reading: tuple[str, ...]
    deviations: tuple[str, ...]
    data: DataPart
    plan_sentences: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]
    origin: Data
    disclosure: Data

    @property
    def tables(self) -> tuple[PrintedTable, ...]:
        """Every table, in the order of the report."""
        findings = [finding for section in self.sections for finding in section.findings]
        found = (t for finding in findings for t in (*finding.tables, *finding.behind))
        return (*found, *([] if self.data.table is None else [self.data.table]))

    @property
    def behind(self) -> tuple[PrintedFinding, ...]:
        """The findings that have tables behind them."""
        return tuple(finding for section in self.sections for finding in section.findings if finding.behind)

    @property
    def figures(self) -> tuple[PrintedFigure, ...]:
        """Every figure, in the order of the report."""
        return tuple(f for section in self.sections for finding in section.findings for f in finding.figures)
