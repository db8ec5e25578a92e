"""Draw a figure once, write it as SVG and, for Word, as PNG. The same drawing gives the same bytes."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casearc.findings import Curves, Dots, Forest
from casearc.reports.drawings import ShownBars, ShownDrawing, ShownFlows
from casearc.reports.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 150
_ID = re.compile(r'(\bid="|href="#|url\(#)')
_PROLOG = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn figure, from which files are made."""

    figure: Figure
    name: str

    @property
    def svg(self) -> str:
        """As SVG that can stand inside HTML."""
        return _embeddable(_saved(self.figure, "svg").decode("utf-8"), self.name)

    @property
    def png(self) -> bytes:
        """As PNG, for Word."""
        return _saved(self.figure, "png")


def draw(drawing: ShownDrawing, *, name: str) -> Drawn:
    """Draw one figure. `name` keeps the ids inside the SVG apart from those of other figures on the page.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    with style.applied():
        return Drawn(_figure(drawing), name)


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


def _saved(figure: Figure, kind: str) -> bytes:
    out = io.BytesIO()
    none: dict[str, None] = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with style.applied():
        figure.savefig(out, format=kind, dpi=DPI, metadata=none)
    return out.getvalue()


def _embeddable(svg: str, name: str) -> str:
    """The SVG element alone, its ids marked with the figure's name, its hidden text left to the HTML around it."""
    svg = _METADATA.sub("", _PROLOG.sub("", svg))
    svg = _ID.sub(lambda match: f"{match[1]}{name}-", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
