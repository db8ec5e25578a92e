"""Draw a figure as SVG. The same drawing gives the same text."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from casearc.findings import Curves, Dots, Forest
from casearc.reports.drawings import ShownBars, ShownDrawing, ShownFlows
from casearc.reports.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ID = re.compile(r'(\bid="|href="#|url\(#)')
_PROLOG = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


def draw(drawing: ShownDrawing, *, name: str) -> str:
    """Draw one figure as SVG that can stand inside HTML.

    `name` keeps the ids inside the SVG apart from those of other figures on the page.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    out = io.BytesIO()
    with style.applied():
        _figure(drawing).savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _embeddable(out.getvalue().decode("utf-8"), name)


def _figure(drawing: ShownDrawing) -> Figure:
    from casearc.reports.figures import count_bars, curves, dots, flows, forest  # noqa: PLC0415

    match drawing:
        case ShownBars():
            return count_bars.draw(drawing)
        case ShownFlows():
            return flows.draw(drawing)
        case Curves():
            return curves.draw(drawing)
        case Forest():
            return forest.draw(drawing)
        case Dots():
            return dots.draw(drawing)


def _embeddable(svg: str, name: str) -> str:
    """The SVG element alone, its ids marked with the figure's name, its hidden text left to the HTML around it."""
    svg = _METADATA.sub("", _PROLOG.sub("", svg))
    svg = _ID.sub(lambda match: f"{match[1]}{name}-", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
