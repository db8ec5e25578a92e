"""Mappings: how an agency's own files become the contract's tables, written as data, never run as code."""

from casearc.files.mapping.apply import apply_mapping
from casearc.files.mapping.definition import TableMapping
from casearc.files.mapping.explain import explain_mapping, open_questions
from casearc.files.mapping.parse import read_mapping
from casearc.files.mapping.questions import EMPTY, told_answer, write_answers

__all__ = [
    "EMPTY",
    "TableMapping",
    "apply_mapping",
    "explain_mapping",
    "open_questions",
    "read_mapping",
    "told_answer",
    "write_answers",
]
