"""Pieces of WordprocessingML as text: runs, paragraphs, tables. Built by hand because cell by cell is slow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from casearc.reports.cells import Look, PrintedCell
from casearc.reports.pages import LONGEST_KEPT_WHOLE, Fit
from casearc.reports.parts import PrintedRow, PrintedTable
from casearc.reports.sentences import RunKind, Said
from casearc.reports.typeset import pieces, unbroken

NAMESPACE: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ALONE: Final = 3  # fewer rows than this don't stand alone on a page
INK, HAIR, SOFT = "1C2427", "DFE5E7", "4E5A60"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def run(text: str, *, bold: bool = False, subscript: bool = False, color: str = "", points: float = 0) -> str:
    """One run of text."""
    marks = [
        "<w:b/>" if bold else "",
        f'<w:color w:val="{color}"/>' if color else "",
        f'<w:sz w:val="{round(2 * points)}"/>' if points else "",
        '<w:vertAlign w:val="subscript"/>' if subscript else "",
    ]
    properties = "".join(marks)
    told = escape(_CONTROL.sub("", text))
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{told}</w:t></w:r>'


def plain(text: str, *, bold: bool = False, color: str = "", points: float = 0) -> str:
    """Text as runs, with its subscripts."""
    return "".join(run(piece, bold=bold, subscript=low, color=color, points=points) for piece, low in pieces(text))


def said(sentence: Said) -> str:
    """A sentence as runs; values hold together, marks are set back."""
    out = []
    for part in sentence.runs:
        match part.kind:
            case RunKind.HIDDEN:
                out.append(run(part.text, color=SOFT))
            case RunKind.VALUE:
                out.append(run(unbroken(part.text)))
            case _:
                out.append(plain(part.text))
    return "".join(out)


def paragraph(runs: str, style: str, *, properties: str = "") -> str:
    """A paragraph in a style, named by its id."""
    return f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def field(code: str) -> str:
    """A field that Word fills in, such as the page number."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def anchor(name: str, number: int, runs: str) -> str:
    """Runs with a bookmark round them."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'


def link(name: str, text: str) -> str:
    """A link to a bookmark."""
    return f'<w:hyperlink w:anchor="{name}" w:history="1">{run(text, color="0B5563")}</w:hyperlink>'


def table(made: PrintedTable, fitted: Fit) -> str:
    """A whole table; its first row is a heading that every page repeats."""
    widths = [round(1440 * width) for width in fitted.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    last = len(made.rows) - 1
    together = len(made.rows) <= LONGEST_KEPT_WHOLE
    rows = "".join(
        _row(row, made, widths, fitted.points, keep=i < last and (together or i < ALONE or i > last - ALONE))
        for i, row in enumerate(made.rows)
    )
    return (
        f'<w:tbl {NAMESPACE}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{_borders()}'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/>'
        '<w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{_attribute(made.title)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{_head(made, widths, fitted.points)}{rows}</w:tbl>"
    )


def _attribute(text: str) -> str:
    return escape(_CONTROL.sub("", text), {'"': "&quot;"})


def _borders() -> str:
    def line(side: str, size: int, color: str) -> str:
        return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{color}"/>'

    return f"<w:tblBorders>{line('top', 8, INK)}{line('bottom', 8, INK)}{line('insideH', 4, HAIR)}</w:tblBorders>"


def _head(made: PrintedTable, widths: Sequence[int], points: float) -> str:
    cells = "".join(
        _cell(plain(column.heading, bold=True, points=points), width, numeric=column.numeric, head=True)
        for column, width in zip(made.columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _row(row: PrintedRow, made: PrintedTable, widths: Sequence[int], points: float, *, keep: bool) -> str:
    if row.spans:
        runs = plain(row.cells[0].text, bold=True, points=points)
        cells = _cell(runs, sum(widths), numeric=False, span=len(widths), keep=True)
    else:
        cells = "".join(
            _cell(
                _runs(cell, points, bold=row.heading),
                width,
                numeric=column.numeric,
                indent=row.indent if i == 0 else 0,
                keep=keep,
            )
            for i, (cell, column, width) in enumerate(zip(row.cells, made.columns, widths, strict=True))
        )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _runs(cell: PrintedCell, points: float, *, bold: bool) -> str:
    if cell.look is Look.HIDDEN:
        return run(cell.text, color=SOFT, points=points)
    text = unbroken(cell.text) if cell.look is Look.NUMBER else cell.text
    return plain(text, bold=bold, points=points)


def _cell(
    runs: str,
    width: int,
    *,
    numeric: bool,
    head: bool = False,
    indent: int = 0,
    span: int = 1,
    keep: bool = False,
) -> str:
    properties = (
        f'<w:tcW w:w="{width}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
        + (
            f'<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="{INK}"/></w:tcBorders>'
            if head
            else ""
        )
        + (f'<w:vAlign w:val="{"bottom" if head else "top"}"/>')
    )
    layout = (
        '<w:pStyle w:val="TableText"/>'
        + ("<w:keepNext/>" if keep or head else "")
        + (f'<w:ind w:left="{200 * indent}"/>' if indent else "")
        + ('<w:jc w:val="right"/>' if numeric else "")
    )
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr>{layout}</w:pPr>{runs}</w:p></w:tc>"
