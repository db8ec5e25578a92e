"""Lay the document out in Word, then pack it so that the same report gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from casearc.disclosure import Edition
from casearc.findings import Section
from casearc.reports import words
from casearc.reports.docx import xml
from casearc.reports.docx.styles import prepare_styles, style_id
from casearc.reports.extras import needs_extra
from casearc.reports.pages import fit
from casearc.reports.parts import Document, PrintedFigure, PrintedFinding, PrintedTable

NO_CLOCK: Final = datetime(2000, 1, 1, tzinfo=UTC)
CHARACTER: Final = 0.56  # Calibri needs 0.5; what stands in for it elsewhere is wider
ZIP_CLOCK: Final = (1980, 1, 1, 0, 0, 0)


def docx_report(document: Document, figures: Mapping[str, bytes], *, picture_width: float) -> bytes:
    """The whole report as DOCX. `figures` holds the PNG of each figure by its id; widths are inches.

    Raises
    ------
    MissingExtraError
        If python-docx is not installed.
    """
    with needs_extra("Writing a report as DOCX"):
        import docx  # noqa: PLC0415  optional part
    file = docx.Document()
    prepare_styles(file)
    _properties(file, document)
    _page(file, document)
    writer = _Writer(file, figures, picture_width)
    writer.front(document)
    for section in document.sections:
        writer.heading(section.heading, name=section.id)
        writer.text(section.question, "Question")
        if section.empty:
            writer.text(section.empty)
        for finding in section.findings:
            writer.finding(finding)
    writer.back(document)
    out = io.BytesIO()
    file.save(out)
    return _packed(out.getvalue())


class _Writer:
    """Adds parts to the end of the document."""

    def __init__(self, file: Any, figures: Mapping[str, bytes], picture_width: float) -> None:
        from docx.oxml import parse_xml  # noqa: PLC0415  optional part

        self.file, self.figures, self.picture_width = file, figures, picture_width
        self._parse = parse_xml
        self._end = file.element.body.sectPr
        self._anchors = count(1)

    def front(self, document: Document) -> None:
        """Title, summary, contents, how to read."""
        self.text(words.KIND_OF_DOCUMENT, "Kind")
        self.text(document.title, "Title")
        self.text(document.program, "Program")
        self.heading(words.SUMMARY, name="summary")
        for said in document.summary:
            self.add(xml.paragraph(xml.said(said), style_id("List Bullet")))
        if not document.summary:
            self.text(words.NO_SUMMARY)
        for section, told in ((Section.TRUST, document.trust), (Section.ACTION, document.actions)):
            if told:
                self.text(words.SECTIONS[section].heading, "Heading 2")
            for said in told:
                self.add(xml.paragraph(xml.said(said), style_id("List Bullet")))
        self.heading(words.CONTENTS, name="contents")
        for name, heading in _contents(document):
            self.add(xml.paragraph(xml.link(name, heading), style_id("Contents")))
        self.list(words.HOW_TO_READ, document.reading, name="reading")

    def back(self, document: Document) -> None:
        """Tables behind the findings, deviations, data, plan, where it comes from."""
        self.behind(document.behind)
        self.list(words.DEVIATIONS, document.deviations, name="deviations", empty=words.NO_DEVIATIONS)
        self.heading(words.DATA_READ, name="data-read")
        if document.data.table is None:
            self.text(words.DATA.none)
        else:
            self.table(document.data.table)
        if document.data.reasons:
            self.text(words.DATA.reasons, "Heading 2")
            self.bullets(document.data.reasons)
        for note in document.data.notes:
            self.text(note, "Told")
        self.list(words.PLAN, document.plan_sentences, name="plan")
        self.heading(words.PROVENANCE, name="provenance")
        self.text(words.MADE.intro)
        for name, value in document.provenance:
            runs = xml.plain(f"{name}: ", color=xml.SOFT) + xml.plain(value)
            self.add(xml.paragraph(runs, style_id("Contents")))

    def behind(self, findings: Sequence[PrintedFinding]) -> None:
        """Tables that only those who check read."""
        if findings:
            self.heading(words.BEHIND.heading, name="behind")
            self.text(words.BEHIND.question, "Question")
        for finding in findings:
            self.text(finding.title, "Heading 2")
            for table in finding.behind:
                self.table(table)

    def finding(self, finding: PrintedFinding) -> None:
        """One finding with all its parts."""
        self.text(finding.title, "Heading 2")
        self.text(finding.answers, "Answers Primary" if finding.role == "primary" else "Answers")
        for caution in finding.cautions:
            self.box(words.CAUTION, caution, "Caution")
        if finding.refusal:
            self.box(words.REFUSED, finding.refusal, "Refusal")
        for said in finding.sentences:
            self.add(xml.paragraph(xml.said(said), "Normal"))
        for table in finding.tables:
            self.table(table)
        for figure in finding.figures:
            self.figure(figure)
        if finding.behind:
            self.text(finding.where_behind, "Told")
        if finding.told:
            self.text(" ".join(finding.told), "Told")

    def heading(self, text: str, *, name: str) -> None:
        """A heading that the contents point to."""
        runs = xml.anchor(name.replace("-", "_"), next(self._anchors), xml.plain(text))
        self.add(xml.paragraph(runs, style_id("Heading 1")))

    def text(self, text: str, style: str = "Normal") -> None:
        """A paragraph without numbers of its own."""
        self.add(xml.paragraph(xml.plain(text), style_id(style)))

    def box(self, title: str, text: str, style: str) -> None:
        """A call-out."""
        runs = xml.plain(f"{title}. ", bold=True) + xml.plain(text)
        self.add(xml.paragraph(runs, style_id(style)))

    def list(self, heading: str, texts: Iterable[str], *, name: str, empty: str = "") -> None:
        """A heading and its bullets, or the sentence that stands where there are none."""
        self.heading(heading, name=name)
        told = tuple(texts)
        self.bullets(told)
        if not told and empty:
            self.text(empty)

    def bullets(self, texts: Iterable[str]) -> None:
        """Bulleted paragraphs."""
        for text in texts:
            self.text(text, "List Bullet")

    def table(self, table: PrintedTable) -> None:
        """Caption, table, notes; a table too wide for the page turns it."""
        fitted = fit(table, character=CHARACTER)
        if fitted.turned:
            self._turn(landscape=True)
        label = xml.plain(f"{table.name}. ", bold=True)
        self.add(xml.paragraph(label + xml.plain(table.title), "Caption"))
        self.add(xml.table(table, fitted))
        for note in table.notes:
            self.add(xml.paragraph(xml.said(note), style_id("Table Note")))
        self.add(xml.paragraph("", style_id("Table Note")))  # two tables must not touch, or Word joins them
        if fitted.turned:
            self._turn(landscape=False)

    def figure(self, figure: PrintedFigure) -> None:
        """Picture with its words, caption below."""
        from docx.shared import Inches  # noqa: PLC0415  optional part

        held = self.file.add_paragraph(style="Picture")
        shape = held.add_run().add_picture(io.BytesIO(self.figures[figure.id]), width=Inches(self.picture_width))
        shape._inline.docPr.set("descr", figure.alt.text)
        shape._inline.docPr.set("name", f"{words.FIGURE} {figure.number}")
        label = xml.plain(f"{words.FIGURE} {figure.number}. ", bold=True)
        notes = xml.plain("".join(f" {note}" for note in figure.notes), color=xml.SOFT)
        title = xml.plain(figure.title + ("." if figure.notes else ""))
        self.add(xml.paragraph(label + title + notes, style_id("Picture Caption")))

    def add(self, piece: str) -> None:
        """Put a piece of XML at the end, before the section's own settings."""
        self._end.addprevious(self._parse(piece))

    def _turn(self, *, landscape: bool) -> None:
        from docx.enum.section import WD_ORIENT, WD_SECTION  # noqa: PLC0415  optional part

        section = self.file.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width
        self._end = self.file.element.body.sectPr


def _contents(document: Document) -> list[tuple[str, str]]:
    return [
        ("reading", words.HOW_TO_READ),
        *((section.id.replace("-", "_"), section.heading) for section in document.sections),
        *([("behind", words.BEHIND.heading)] if document.behind else []),
        ("deviations", words.DEVIATIONS),
        ("data_read", words.DATA_READ),
        ("plan", words.PLAN),
        ("provenance", words.PROVENANCE),
    ]


def _properties(file: Any, document: Document) -> None:
    core = file.core_properties
    core.title, core.subject, core.author = document.title, document.mark, document.program
    core.language, core.comments, core.keywords = words.LANGUAGE, "", ""
    core.last_modified_by, core.revision = "", 1
    core.created = core.modified = NO_CLOCK


def _page(file: Any, document: Document) -> None:
    """Letter paper, the edition's mark in every header, page numbers in every footer."""
    from docx.oxml import parse_xml  # noqa: PLC0415  optional part
    from docx.shared import Inches  # noqa: PLC0415  optional part

    section = file.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1)
    section.top_margin, section.bottom_margin = Inches(1), Inches(0.9)
    in_house = document.edition is Edition.IN_HOUSE
    side = '<w:jc w:val="center"/>' if in_house else '<w:jc w:val="right"/>'
    style = style_id("Mark In House" if in_house else "Mark")
    page, of = words.PAGE_OF
    number = xml.run(f"{page} ") + xml.field("PAGE") + xml.run(f" {of} ") + xml.field("NUMPAGES")
    for part, runs, name in (
        (section.header, xml.plain(document.mark), style),
        (section.footer, number, style_id("Mark")),
    ):
        old = part.paragraphs[0]._p
        layout = side if part is section.header else '<w:jc w:val="right"/>'
        old.addprevious(parse_xml(xml.paragraph(runs, name, properties=layout)))
        old.getparent().remove(old)


def _packed(made: bytes) -> bytes:
    """The same package without a clock: members in order, one date for all."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in _ordered(old.namelist()):
            entry = zipfile.ZipInfo(name, ZIP_CLOCK)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return out.getvalue()


def _ordered(names: Iterable[str]) -> list[str]:
    """The list of types first, as the format asks for, the rest by name."""
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name))
