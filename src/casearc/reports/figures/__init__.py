"""Figures: one file a kind of drawing, one style, drawn once as SVG for HTML and PDF and as PNG for Word."""

from casearc.reports.figures.draw import Picture, draw

__all__ = ["Picture", "draw"]
