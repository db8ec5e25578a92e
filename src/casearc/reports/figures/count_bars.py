"""Bars of people over ordered groups, told from top to bottom, each with its number at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casearc.disclosure import Band, Exact
from casearc.reports import numbers, words
from casearc.reports.drawings import ShownBars
from casearc.reports.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HIDDEN_LENGTH = 0.16  # of the axis, for every hidden bar alike
ROW = 0.37
LABEL_CHARACTERS = 28


def draw(drawing: ShownBars) -> Figure:
    """Draw the bars."""
    labels = tuple(style.wrapped(label, LABEL_CHARACTERS) for label in drawing.labels)
    lines = sum(max(1, 0.62 * (label.count("\n") + 1)) for label in labels)
    figure, axes = style.frame(
        0.2 + ROW * lines + 0.22, left=style.label_width(labels) + 0.25, right=0.75, top=0.08, bottom=0.34
    )
    longest = max((_end(count) for count in drawing.counts), default=0) or 1
    _shade(axes, drawing)
    for row, count in enumerate(drawing.counts):
        _bar(axes, row, count, longest=longest, inside=row in drawing.highlight)
    style.bare(axes)
    axes.spines["left"].set_visible(True)
    axes.set_xlim(0, longest * 1.02)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xticks([])
    axes.set_xlabel(drawing.axis_label, labelpad=5)
    return figure


def _end(count: object) -> int:
    match count:
        case Exact(value):
            return value
        case Band(_, high):
            return high
    return 0


def _shade(axes: Axes, drawing: ShownBars) -> None:
    if not drawing.highlight:
        return
    first, last = min(drawing.highlight), max(drawing.highlight)
    axes.axhspan(first - 0.5, last + 0.5, color=style.FAINT, lw=0, zorder=0)


def _bar(axes: Axes, row: int, count: object, *, longest: float, inside: bool) -> None:
    color = "#7c8f96" if inside else style.ACCENT
    match count:
        case Exact(value):
            axes.barh(row, value, height=0.62, color=color)
            end, text = float(value), numbers.whole_text(value)
        case Band(low, high):
            axes.barh(row, low, height=0.62, color=color)
            axes.barh(row, high - low, left=low, height=0.62, color=color, alpha=0.35, lw=0)
            end, text = float(high), words.band(numbers.whole_text(low), numbers.whole_text(high))
        case _:
            end, text = longest * HIDDEN_LENGTH, words.FIGURES.not_shown
            axes.barh(row, end, height=0.62, facecolor="white", edgecolor=style.SOFT, hatch=style.HATCH, lw=0.6)
    axes.annotate(text, (end, row), xytext=(4, 0), textcoords="offset points", va="center", annotation_clip=False)
