"""results.json: the document as data, in the shape that `results.schema.json` publishes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Final

from casearc.disclosure import Edition
from casearc.reports import words
from casearc.reports.cells import Data
from casearc.reports.drawings import drawing_data
from casearc.reports.parts import Document, PrintedFigure, PrintedFinding, PrintedTable

FORMAT: Final = "casearc-results"
FORMAT_VERSION: Final = 1


def results_json(document: Document) -> str:
    """The text of results.json. Keys keep the order of the schema; there is no clock in it."""
    return json.dumps(results(document), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def data_report_json(document: Document, whole: Mapping[str, object]) -> str:
    """The text of data-report.json: whole in the house, outside only what the report prints of it."""
    told = dict(whole) if document.edition is Edition.IN_HOUSE else _data(document)
    return json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def results_schema() -> Data:
    """The published JSON schema (draft 2020-12) of results.json."""
    text = resources.files("casearc.reports").joinpath("results.schema.json").read_text("utf-8")
    loaded: Data = json.loads(text)
    return loaded


def results(document: Document) -> Data:
    """The document as plain data."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": document.title,
        "program": document.program,
        "language": words.LANGUAGE,
        "edition": str(document.edition),
        "mark": document.mark,
        "origin": document.origin,
        "summary": [said.data for said in document.summary],
        "trust": [said.data for said in document.trust],
        "actions": [said.data for said in document.actions],
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "empty": section.empty,
                "findings": [_finding(finding) for finding in section.findings],
            }
            for section in document.sections
        ],
        "deviations": list(document.deviations),
        "plan": list(document.plan_sentences),
        "data": _data(document),
        "disclosure": document.disclosure,
    }


def _data(document: Document) -> Data:
    return {
        "files": [
            {
                "file": row.file,
                "purpose": row.purpose,
                "rows_read": row.read,
                "rows_kept": row.kept,
                "rows_set_aside": row.set_aside,
                "rows_refused": row.refused,
                "reasons": list(row.reasons),
            }
            for row in document.data.files
        ],
        "notes": list(document.data.notes),
    }


def _finding(finding: PrintedFinding) -> Data:
    return {
        "id": finding.id,
        "title": finding.title,
        "plan_item": finding.plan_item,
        "role": str(finding.role),
        "warnings": list(finding.warnings),
        "refusal": finding.refusal,
        "headline": None if finding.headline is None else finding.headline.data,
        "sentences": [said.data for said in finding.sentences],
        "tables": [_table(table) for table in (*finding.tables, *finding.behind)],
        "figures": [_figure(figure) for figure in finding.figures],
        "told": list(finding.told),
    }


def _table(table: PrintedTable) -> Data:
    return {
        "id": table.id,
        "number": table.number,
        "behind": table.behind,
        "title": table.title,
        "columns": [{"id": column.id, "heading": column.heading} for column in table.columns],
        "rows": [
            {"indent": row.indent, "heading": row.heading, "cells": [cell.data for cell in row.cells]}
            for row in table.rows
        ],
        "notes": [note.data for note in table.notes],
    }


def _figure(figure: PrintedFigure) -> Data:
    return {
        "id": figure.id,
        "number": figure.number,
        "title": figure.title,
        "alt": figure.alt.data,
        "notes": list(figure.notes),
        "drawing": drawing_data(figure.drawing),
    }
