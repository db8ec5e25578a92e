"""Figures: one file a kind of drawing, one style, drawn once as SVG; Word gets the same picture as PNG."""

from casearc.reports.figures.draw import draw
from casearc.reports.figures.pictures import pngs
from casearc.reports.figures.style import WIDTH

__all__ = ["WIDTH", "draw", "pngs"]
