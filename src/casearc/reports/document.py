"""From a release to a document: numbering, order, and the words around the findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from casearc.disclosure import Edition, Release, ReleasedFinding
from casearc.findings import Figure, Role, Section, Table
from casearc.reports import data_part, numbers, words
from casearc.reports.cells import Printer
from casearc.reports.details import ReportDetails
from casearc.reports.drawings import shown_drawing
from casearc.reports.figure_notes import figure_notes
from casearc.reports.parts import (
    Document,
    PrintedFigure,
    PrintedFinding,
    PrintedSection,
    PrintedTable,
)
from casearc.reports.sentences import Said, say
from casearc.reports.tables import printed_table

HEADLINES = 5
_ROLE_ORDER = (Role.PRIMARY, Role.SECONDARY, Role.DESCRIPTIVE, Role.EXPLORATORY)


def document(release: Release, details: ReportDetails) -> Document:
    """Lay out the release as a document, ready for every format."""
    maker = _Maker(release)
    sections = tuple(maker.sections())
    told = {section.id: section for section in sections}
    level = numbers.level_text(1 - details.alpha)
    return Document(
        title=details.title,
        program=details.program,
        edition=release.edition,
        mark=words.EDITION_MARKS[release.edition],
        summary=_summary(sections),
        trust=_first_page(told.pop(Section.TRUST)),
        actions=_first_page(told.pop(Section.ACTION)),
        sections=tuple(told.values()),
        reading=words.reading_guide(edition=release.edition, threshold=release.threshold, level=level),
        deviations=details.deviations,
        data=data_part.data_part(
            details.data_report, number=maker.next_table, full=release.edition is Edition.IN_HOUSE
        ),
        plan_sentences=details.plan_sentences,
        provenance=_provenance(release, details),
        origin=_origin(details),
        disclosure=release.to_dict(),
    )


class _Maker:
    """Numbers tables and figures as they come, and keeps their names apart."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.printer = Printer.of(release)
        self._tables, self._behind, self._figures = count(1), count(1), count(1)
        self._names = {("table", data_part.TABLE_ID)}

    def next_table(self) -> int:
        return next(self._tables)

    def sections(self) -> Iterator[PrintedSection]:
        for section in Section:
            fixed = words.SECTIONS[section]
            findings = [f for f in self.release.findings if f.section is section]
            yield PrintedSection(
                id=str(section).replace("_", "-"),
                heading=fixed.heading,
                question=fixed.question,
                empty="" if findings else fixed.empty,
                findings=tuple(self._findings(findings)),
            )

    def _findings(self, findings: Sequence[ReleasedFinding]) -> Iterator[PrintedFinding]:
        said: set[str] = set()
        for finding in findings:
            cautions = [warning for warning in finding.warnings if warning not in said]
            if len(cautions) < len(finding.warnings):
                cautions.append(words.CAUTION_AGAIN)
            said.update(finding.warnings)
            yield self._finding(finding, cautions)

    def _finding(self, finding: ReleasedFinding, cautions: Sequence[str]) -> PrintedFinding:
        body = finding.body
        return PrintedFinding(
            id=self._name("finding", finding.id),
            title=finding.title[:1].upper() + finding.title[1:],
            plan_item=finding.plan_item,
            role=finding.role,
            answers=words.answers(finding.plan_item, finding.role),
            cautions=tuple(cautions),
            warnings=finding.warnings,
            refusal=finding.refusal,
            headline=None if body.headline is None else say(body.headline, self.printer),
            sentences=tuple(say(sentence, self.printer) for sentence in body.sentences),
            tables=tuple(self._table(table) for table in body.tables if not table.behind),
            behind=tuple(self._table(table) for table in body.tables if table.behind),
            figures=tuple(self._figure(figure) for figure in body.figures),
            told=tuple(text for text in finding.told if text),
        )

    def _table(self, table: Table) -> PrintedTable:
        number = next(self._behind) if table.behind else self.next_table()
        return printed_table(table, number=number, name=self._name("table", table.id), printer=self.printer)

    def _figure(self, figure: Figure) -> PrintedFigure:
        drawing = shown_drawing(figure.drawing, self.printer)
        return PrintedFigure(
            id=self._name("figure", figure.id),
            number=next(self._figures),
            title=figure.title,
            alt=say(figure.alt, self.printer),
            drawing=drawing,
            notes=figure_notes(drawing),
        )

    def _name(self, kind: str, wanted: str) -> str:
        """A name that is safe in a file name and an anchor, and no other part's of that kind."""
        base = re.sub(r"[^A-Za-z0-9_.-]+", "_", wanted).strip("._-") or "part"
        tries = (base if i == 1 else f"{base}_{i}" for i in count(1))
        name = next(name for name in tries if (kind, name) not in self._names)
        self._names.add((kind, name))
        return name


def _summary(sections: Iterable[PrintedSection]) -> tuple[Said, ...]:
    """The weightiest headlines: what the plan called decisive first, of equals in the order of the report."""
    told = [f for section in sections for f in section.findings if f.headline is not None]
    chosen = sorted(told, key=lambda finding: _ROLE_ORDER.index(finding.role))[:HEADLINES]
    return tuple(f.headline for f in chosen if f.headline is not None)


def _first_page(section: PrintedSection) -> tuple[Said, ...]:
    """The sentences of a section that stands on the first page and nowhere else."""
    return tuple(said for finding in section.findings for said in finding.sentences)


def _provenance(release: Release, details: ReportDetails) -> tuple[tuple[str, str], ...]:
    made = words.MADE
    full = release.edition is Edition.IN_HOUSE
    return (
        (made.edition, words.EDITION_NAMES[release.edition]),
        (made.threshold, made.nothing_hidden if full else numbers.whole_text(release.threshold)),
        (made.version, details.version),
        (made.plan, details.plan_digest),
        (made.data, details.data_digest),
        (made.seed, str(details.seed)),
        (made.alpha, f"{details.alpha:g}"),
    )


def _origin(details: ReportDetails) -> dict[str, object]:
    return {
        "casearc_version": details.version,
        "plan_sha256": details.plan_digest,
        "data_sha256": details.data_digest,
        "seed": details.seed,
        "alpha": details.alpha,
    }
