"""How a model's people and terms are written down in Python."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.analyses.wording import capital
from casearc.files.exporting.analysis.script import comment, listed, quoted
from casearc.files.exporting.analysis.tables import CountTable, LevelsTable, LinearTable, ModelTerm


def title(text: str) -> str:
    """A comment over the call of a model."""
    return comment(capital(text))


def inside_and_terms(table: LinearTable | LevelsTable | CountTable) -> str:
    """Those in the model, and the columns of its matrix."""
    return f"inside = people[people[{quoted(table.member)}] == 1]\nterms = {{\n{named_terms(table.terms)}}}\n"


def named_terms(terms: Sequence[ModelTerm]) -> str:
    """A line for each term."""
    return "".join(f"    {quoted(term.label)}: {_term(term)},\n" for term in terms)


def numbers(column: str) -> str:
    """A column of those in the model, as numbers."""
    return f"inside[{quoted(column)}].to_numpy(float)"


def _term(term: ModelTerm) -> str:
    if not term.levels:
        return numbers(term.column)
    return f"inside[{quoted(term.column)}].isin([{listed(term.levels)}]).to_numpy(float)"
