"""Estimates with their intervals, one a line, the numbers beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casearc.findings import Forest, ForestRow, Quantity
from casearc.reports import numbers
from casearc.reports.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.27
LABEL_CHARACTERS = 30
WIDEST_RATIO = 40.0  # an interval of a ratio is cut, with an arrow, beyond this or its inverse
Line = ForestRow | str


def draw(drawing: Forest) -> Figure:
    """Draw the forest plot."""
    lines = _lines(drawing.rows)
    labels = tuple(line if isinstance(line, str) else style.wrapped(line.label, LABEL_CHARACTERS) for line in lines)
    quantity = Quantity.RATIO if drawing.log_scale else Quantity.COEFFICIENT
    texts = tuple("" if isinstance(line, str) else _text(line, quantity) for line in lines)
    tops, height = _places(labels)
    figure, axes = style.frame(
        height * ROW + 0.75,
        left=_room_for(lines, labels),
        right=style.label_width(texts) + 0.25,
        top=0.08,
        bottom=0.5,
    )
    _scale(axes, drawing)
    axes.axvline(drawing.reference, color=style.SOFT, lw=0.9, dashes=(4, 3))
    for line, label, text, y in zip(lines, labels, texts, tops, strict=True):
        _row(axes, line, label, text, y)
    style.bare(axes)
    axes.spines["bottom"].set_visible(True)
    axes.tick_params(axis="x", length=3)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.set_xlabel(drawing.x_label, labelpad=5)
    return figure


def _lines(rows: tuple[ForestRow, ...]) -> tuple[Line, ...]:
    """The rows, each group's name before its first row."""
    lines: list[Line] = []
    group = ""
    for row in rows:
        if row.group and row.group != group:
            lines.append(row.group)
        group = row.group
        lines.append(row)
    return tuple(lines)


def _room_for(lines: tuple[Line, ...], labels: tuple[str, ...]) -> float:
    """Inches for the rows' labels; a group's name may run on above the intervals."""
    own = tuple(label for line, label in zip(lines, labels, strict=True) if not isinstance(line, str))
    return style.label_width(own) + 0.2


def _text(row: ForestRow, quantity: Quantity) -> str:
    decimals = numbers.interval_decimals(row.low, row.high, quantity)
    estimate = numbers.number_text(row.estimate, quantity, decimals=decimals)
    return f"{estimate} ({numbers.interval_text(row.low, row.high, quantity)})"


def _places(labels: tuple[str, ...]) -> tuple[list[float], float]:
    """Middle of each line, and the height of all, in rows; a label of two lines takes more."""
    y, middles = 0.0, []
    for label in labels:
        room = max(1.0, 0.62 * (label.count("\n") + 1))
        middles.append(y + room / 2)
        y += room
    return middles, max(y, 1.0)


def _scale(axes: Axes, drawing: Forest) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: PLC0415

    ends = [value for row in drawing.rows for value in (row.low, row.high)] + [drawing.reference]
    low, high = min(ends), max(ends)
    if not drawing.log_scale:
        room = 0.05 * (high - low or 1)
        axes.set_xlim(low - room, high + room)
        axes.xaxis.set_major_locator(style.round_ticks(6))
        return
    axes.set_xscale("log")
    axes.set_xlim(max(low, 1 / WIDEST_RATIO) / 1.1, min(high, WIDEST_RATIO) * 1.1)
    decades = high / max(low, 1e-6)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < 300 else (1,)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.minorticks_off()


def _row(axes: Axes, line: Line, label: str, text: str, y: float) -> None:
    group = isinstance(line, str)
    axes.annotate(
        label,
        (0, y),
        xycoords=("figure fraction", "data"),
        xytext=(2, 0),
        textcoords="offset points",
        va="center",
        fontweight="bold" if group else "normal",
        annotation_clip=False,
    )
    if isinstance(line, str):
        return
    low, high = axes.get_xlim()
    axes.plot([max(line.low, low), min(line.high, high)], [y, y], color=style.ACCENT, lw=1.5)
    for end, outside, marker in ((low, line.low < low, "<"), (high, line.high > high, ">")):
        if outside:
            axes.plot([end], [y], marker=marker, color=style.ACCENT, markersize=5, clip_on=False)
    if low <= line.estimate <= high:
        axes.plot([line.estimate], [y], marker="s", color=style.ACCENT, markersize=5)
    axes.annotate(
        text,
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
    )
