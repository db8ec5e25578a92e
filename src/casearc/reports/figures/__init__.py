"""Figures: one file a kind of drawing, one style, drawn once as SVG for HTML and PDF and as PNG for Word."""

from casearc.reports.figures.draw import Drawn, draw
from casearc.reports.figures.style import WIDTH

__all__ = ["WIDTH", "Drawn", "draw"]
