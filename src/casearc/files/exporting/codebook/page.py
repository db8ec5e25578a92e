"""The codebook as one HTML file that asks nobody for anything."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup

from casearc.files.exporting.codebook.variables import GISTS, STAYS, CodebookTable, Study
from casearc.findings import Quantity
from casearc.reports.numbers import number_text, whole_text


def codebook_page(tables: Sequence[CodebookTable], study: Study) -> str:
    """The codebook as HTML.

    Parameters
    ----------
    tables
        What `codebook_tables` gave.
    study
        Whose tables they are.

    Returns
    -------
    str
        One page with its style inside; the same tables give the same text.

    Examples
    --------
    >>> "<h1>Codebook</h1>" in codebook_page([], Study())
    True
    """
    return _template().render(tables=tables, study=study, stays=STAYS, gists=GISTS, style=Markup(_read("page.css")))


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {
        "whole": whole_text,
        "mean": lambda value: number_text(value, Quantity.MEAN),
        "sd": lambda value: number_text(value, Quantity.SD),
        "extreme": lambda value: number_text(value, Quantity.EXTREME),
    }
    return environment.from_string(_read("page.html.j2"))


def _read(name: str) -> str:
    return resources.files("casearc.files.exporting.codebook").joinpath(name).read_text("utf-8")
