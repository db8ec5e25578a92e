"""How a model's people and matrix are written down in R."""

from __future__ import annotations

from collections.abc import Iterable

from casearc.analyses.wording import capital
from casearc.files.exporting.analysis.script import comment, listed, quoted
from casearc.files.exporting.analysis.tables import CountTable, LevelsTable, LinearTable, ModelTerm


def title(text: str) -> str:
    """A comment over the call of a model."""
    return comment(capital(text))


def people_and_matrix(table: LinearTable | LevelsTable | CountTable, *, intercept: bool = True) -> str:
    """Those in the model, and their matrix `X`."""
    first = ['"Intercept" = rep(1, nrow(inside))'] if intercept else []
    columns = ",\n".join(f"  {each}" for each in (*first, *map(term, table.terms)))
    return f"inside <- people[people[[{quoted(table.member)}]] == 1, ]\nX <- cbind(\n{columns}\n)\n"


def term(of: ModelTerm) -> str:
    """A named column of the matrix."""
    column = f"inside[[{quoted(of.column)}]]"
    value = f"as.numeric({column} %in% {vector(of.levels)})" if of.levels else column
    return f"{quoted(of.label)} = {value}"


def vector(texts: Iterable[str]) -> str:
    """Texts as a vector."""
    return f"c({listed(texts)})"
