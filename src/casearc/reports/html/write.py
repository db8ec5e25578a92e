"""Fill the template. Escaping is on; what is marked safe here was escaped here, or drawn by us."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from casearc.reports import words
from casearc.reports.extras import needs_extra
from casearc.reports.parts import Document
from casearc.reports.sentences import RunKind, Said
from casearc.reports.typeset import pieces, unbroken

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


def html_report(document: Document, figures: Mapping[str, str]) -> str:
    """The whole report as HTML. `figures` holds the SVG of each figure by its id."""
    from markupsafe import Markup  # noqa: PLC0415  optional part

    svgs = {name: Markup(svg) for name, svg in figures.items()}
    return _template().render(doc=document, words=words, svgs=svgs, style=Markup(_read("style.css")))


@lru_cache(maxsize=1)
def _template() -> Template:
    with needs_extra("Writing a report as HTML"):
        import jinja2  # noqa: PLC0415  optional part
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"said": _said, "typeset": _typeset}
    return environment.from_string(_read("report.html.j2"))


def _said(said: Said) -> Markup:
    """A sentence with its values kept together and its marks explained."""
    from markupsafe import Markup  # noqa: PLC0415  optional part

    parts = []
    for run in said.runs:
        match run.kind:
            case RunKind.HIDDEN:
                parts.append(Markup('<span class="hidden">{}</span>').format(run.text))
            case RunKind.VALUE:
                parts.append(Markup('<span class="value">{}</span>').format(unbroken(run.text)))
            case _:
                parts.append(_typeset(run.text))
    return Markup("").join(parts)


def _typeset(text: str) -> Markup:
    from markupsafe import Markup, escape  # noqa: PLC0415  optional part

    return Markup("").join(
        Markup("<sub>{}</sub>").format(piece) if low else escape(piece) for piece, low in pieces(text)
    )


def _read(name: str) -> str:
    return resources.files("casearc.reports.html").joinpath(name).read_text("utf-8")
