"""Hand the document to typst as data: the template is fixed, so no text of a report is ever read as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

from casearc.disclosure import Edition
from casearc.findings import Section
from casearc.reports import words
from casearc.reports.cells import Data, Look, PrintedCell
from casearc.reports.extras import needs_extra
from casearc.reports.pages import LONGEST_KEPT_WHOLE, fit
from casearc.reports.parts import Document, PrintedFigure, PrintedFinding, PrintedTable
from casearc.reports.sentences import RunKind, Said
from casearc.reports.typeset import pieces, unbroken

TIMESTAMP: Final = 946_684_800  # the first second of 2000: a PDF must carry a date, a report has no clock
CHARACTER: Final = 0.5

Runs = list[list[str]]


def pdf_report(document: Document, figures: Mapping[str, str]) -> bytes:
    """The whole report as PDF. `figures` holds the SVG of each figure by its id.

    Raises
    ------
    MissingExtraError
        If typst is not installed.
    """
    with needs_extra("Writing a report as PDF"):
        import typst  # noqa: PLC0415  optional part
    files: Any = {  # a folder in memory; typst's annotations know single files only
        "main": resources.files("casearc.reports.pdf").joinpath("report.typ").read_bytes(),
        "document.json": json.dumps(_document(document), ensure_ascii=False).encode(),
        **{f"{name}.svg": svg.encode() for name, svg in figures.items()},
    }
    compiler = typst.Compiler(files, ignore_system_fonts=True)
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=TIMESTAMP)
    if not isinstance(made, bytes):  # several results only come from formats with one file a page
        raise TypeError("typst returned no PDF")
    return made


def _document(document: Document) -> Data:
    return {
        "title": document.title,
        "program": document.program,
        "kind": words.KIND_OF_DOCUMENT,
        "mark": document.mark,
        "in_house": document.edition is Edition.IN_HOUSE,
        "page": list(words.PAGE_OF),
        "contents": words.CONTENTS,
        "summary": _summary(document),
        "reading": _list(words.HOW_TO_READ, document.reading),
        "sections": [
            {
                "heading": section.heading,
                "question": section.question,
                "empty": section.empty,
                "findings": [_finding(finding) for finding in section.findings],
            }
            for section in document.sections
        ],
        "behind": {"heading": words.BEHIND.heading, "question": words.BEHIND.question, "any": bool(document.behind)},
        "deviations": _list(words.DEVIATIONS, document.deviations, empty=words.NO_DEVIATIONS),
        "data": {
            "heading": words.DATA_READ,
            "empty": words.DATA.none,
            "table": None if document.data.table is None else _table(document.data.table),
            "reasons_heading": words.DATA.reasons,
            "reasons": [_plain(text) for text in document.data.reasons],
            "notes": [_plain(text) for text in document.data.notes],
        },
        "plan": _list(words.PLAN, document.plan_sentences),
        "provenance": {
            "heading": words.PROVENANCE,
            "intro": words.MADE.intro,
            "rows": [list(pair) for pair in document.provenance],
        },
    }


def _summary(document: Document) -> Data:
    """What was found, how far it carries, what can be done."""
    more = ((Section.TRUST, document.trust), (Section.ACTION, document.actions))
    return {
        "heading": words.SUMMARY,
        "items": [_said(said) for said in document.summary],
        "empty": words.NO_SUMMARY,
        "more": [
            {"heading": words.SECTIONS[section].heading, "items": [_said(said) for said in items]}
            for section, items in more
            if items
        ],
    }


def _list(heading: str, texts: tuple[str, ...], *, empty: str = "") -> Data:
    return {"heading": heading, "items": [_plain(text) for text in texts], "empty": empty}


def _finding(finding: PrintedFinding) -> Data:
    return {
        "title": _plain(finding.title),
        "answers": finding.answers,
        "role": str(finding.role),
        "cautions": [[words.CAUTION, caution] for caution in finding.cautions],
        "refusal": [words.REFUSED, finding.refusal] if finding.refusal else None,
        "sentences": [_said(said) for said in finding.sentences],
        "tables": [_table(table) for table in finding.tables],
        "figures": [_figure(figure) for figure in finding.figures],
        "behind": [_table(table) for table in finding.behind],
        "where_behind": finding.where_behind,
        "told": _plain(" ".join(finding.told)),
    }


def _table(table: PrintedTable) -> Data:
    fitted = fit(table, character=CHARACTER)
    return {
        "label": f"{table.name}.",
        "title": _plain(table.title),
        "widths": list(fitted.widths),
        "points": fitted.points,
        "turned": fitted.turned,
        "whole": len(table.rows) <= LONGEST_KEPT_WHOLE,
        "columns": [{"heading": _plain(column.heading), "numeric": column.numeric} for column in table.columns],
        "rows": [
            {
                "indent": row.indent,
                "heading": row.heading,
                "spans": row.spans,
                "cells": [_cell(cell) for cell in row.cells],
            }
            for row in table.rows
        ],
        "notes": [_said(note) for note in table.notes],
    }


def _cell(cell: PrintedCell) -> Runs:
    text = unbroken(cell.text) if cell.look is Look.NUMBER else cell.text
    return [[text, "hidden"]] if cell.look is Look.HIDDEN else _plain(text)


def _figure(figure: PrintedFigure) -> Data:
    return {
        "file": f"{figure.id}.svg",
        "alt": figure.alt.text,
        "label": f"{words.FIGURE} {figure.number}.",
        "title": _plain(figure.title + ("." if figure.notes else "")),
        "notes": [_plain(note) for note in figure.notes],
    }


def _said(said: Said) -> Runs:
    runs: Runs = []
    for run in said.runs:
        match run.kind:
            case RunKind.HIDDEN:
                runs.append([run.text, "hidden"])
            case RunKind.VALUE:
                runs.append([unbroken(run.text), ""])
            case _:
                runs += _plain(run.text)
    return runs


def _plain(text: str) -> Runs:
    return [[piece, "sub" if low else ""] for piece, low in pieces(text)]
