"""Fitted curves with their intervals: each with its own dash, and its name at its end instead of a legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casearc.findings import Curve, Curves
from casearc.reports.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 3.1
LABEL_CHARACTERS = 18
LINE = 0.062  # of the axes' height: the room a label's line needs


def draw(drawing: Curves) -> Figure:
    """Draw the curves in one frame."""
    curves = drawing.curves
    names = tuple(style.wrapped(curve.series, LABEL_CHARACTERS) for curve in curves)
    right = style.label_width(names) + 0.2 if any(names) else 0.2
    figure, axes = style.frame(HEIGHT, left=0.55, right=right, top=0.34, bottom=0.5)
    for i, curve in enumerate(curves):
        color, dash = style.SERIES[i % len(style.SERIES)], style.DASHES[i % len(style.DASHES)]
        axes.fill_between(curve.x, curve.low, curve.high, color=color, alpha=0.14, lw=0)
        axes.plot(curve.x, curve.y, color=color, linestyle=dash, lw=1.8)
    if curves:
        axes.set_xlabel(curves[0].x_label, labelpad=5)
        style.above(axes, curves[0].y_label)
        axes.margins(x=0)
        _scale(axes, curves)
        _names(axes, curves, names)
    axes.grid(axis="y", color=style.RULE, lw=0.5)
    axes.tick_params(length=3)
    return figure


def _scale(axes: Axes, curves: tuple[Curve, ...]) -> None:
    """Probabilities as percentages, on an axis that starts at none."""
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415  heavy and optional

    axes.yaxis.set_major_locator(style.round_ticks(6))
    axes.xaxis.set_major_locator(style.round_ticks(8))
    share = any(word in curves[0].y_label.lower() for word in ("probability", "share"))
    if share and all(max(c.y) <= 1 and min(c.y) >= 0 for c in curves):
        axes.set_ylim(0, min(1.0, 1.05 * max(max(c.high) for c in curves)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f} %"))


def _names(axes: Axes, curves: tuple[Curve, ...], names: tuple[str, ...]) -> None:
    """Each curve's name at its right end, moved apart where they would touch."""
    low, high = axes.get_ylim()
    order = sorted(range(len(curves)), key=lambda i: curves[i].y[-1])
    wanted = [(curves[i].y[-1] - low) / (high - low) for i in order]
    rooms = [LINE * (names[i].count("\n") + 1) for i in order]
    for place, i in zip(_apart(wanted, rooms), order, strict=True):
        axes.annotate(
            names[i],
            (1, place),
            xycoords="axes fraction",
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=style.SERIES[i % len(style.SERIES)],
            annotation_clip=False,
        )


def _apart(wanted: list[float], rooms: list[float]) -> list[float]:
    """Heights near the wanted ones (ascending) with room for each; pushed up, then down from the top."""
    placed: list[float] = []
    for want, room in zip(wanted, rooms, strict=True):
        floor = placed[-1] + (rooms[len(placed) - 1] + room) / 2 if placed else room / 2
        placed.append(max(want, floor))
    ceiling = 1.0
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], ceiling - rooms[i] / 2)
        ceiling = placed[i] - rooms[i] / 2
    return placed
