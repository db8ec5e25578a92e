"""The small print under a figure: what shades, hatches and dashes mean in this very drawing."""

from __future__ import annotations

from casearc.disclosure import Band, Withheld
from casearc.findings import Curves, Dots, Forest
from casearc.reports import numbers
from casearc.reports.drawings import ShownBars, ShownDrawing, ShownFlows
from casearc.reports.words import FIGURES


def figure_notes(drawing: ShownDrawing) -> tuple[str, ...]:
    """The notes a drawing needs, and none it doesn't."""
    match drawing:
        case ShownBars():
            return _bars(drawing)
        case ShownFlows():
            hides = any(isinstance(count, Withheld) for row in drawing.flows for count in row)
            return (FIGURES.hidden_flows,) if hides else ()
        case Curves():
            levels = list(dict.fromkeys(numbers.level_text(curve.level) for curve in drawing.curves))
            return (FIGURES.shaded.format(level=" / ".join(levels)),) if levels else ()
        case Forest():
            return (FIGURES.interval_level, FIGURES.no_association)
        case Dots():
            return (FIGURES.dots_band,) if drawing.band else ()


def _bars(drawing: ShownBars) -> tuple[str, ...]:
    notes = [FIGURES.reliable_band] if drawing.highlight else []
    if any(isinstance(count, Band) for count in drawing.counts):
        notes.append(FIGURES.banded_bars)
    if any(isinstance(count, Withheld) for count in drawing.counts):
        notes.append(FIGURES.hidden_bars)
    return tuple(notes)
