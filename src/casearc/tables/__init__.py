"""Tables: what a row means, and the checks that keep it so."""

from casearc.tables.build import build
from casearc.tables.definitions import MISSING_REASONS, TABLES
from casearc.tables.fates import Fate, fates_of, no_fates
from casearc.tables.faults import FaultLog
from casearc.tables.names import holds_text, identifies, nearest, suggestion, words_of
from casearc.tables.reference import reference_page
from casearc.tables.report import DataReport, FileUse, SetAside
from casearc.tables.responses import item_columns
from casearc.tables.result import Tables
from casearc.tables.schema import Column, Kind, RowRule, TableSchema
from casearc.tables.source import FILE, ROW, SourceTable, nothing_unfound

__all__ = [
    "FILE",
    "MISSING_REASONS",
    "ROW",
    "TABLES",
    "Column",
    "DataReport",
    "Fate",
    "FaultLog",
    "FileUse",
    "Kind",
    "RowRule",
    "SetAside",
    "SourceTable",
    "TableSchema",
    "Tables",
    "build",
    "fates_of",
    "holds_text",
    "identifies",
    "item_columns",
    "nearest",
    "no_fates",
    "nothing_unfound",
    "reference_page",
    "suggestion",
    "words_of",
]
