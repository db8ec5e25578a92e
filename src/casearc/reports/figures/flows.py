"""People moving between stages: ribbons from left to right, as thick as people are many.

A movement that is not shown gets no ribbon; both its ends carry the same hatched stub, whatever it hides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casearc.disclosure import Band, Exact, Shown, Withheld
from casearc.reports import numbers, words
from casearc.reports.drawings import ShownFlows
from casearc.reports.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch, Rectangle

NODE = 0.018
STUB = 0.05  # height, as a share of all that is shown
STUB_LENGTH = 0.09
GAP = 0.07
LEAST_FOR_LABEL = 0.035


@dataclass(frozen=True, slots=True)
class _Ribbon:
    start: int
    end: int
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class _Node:
    """A stage on one side: where it begins, its size, and whether some of its movements are hidden."""

    top: float
    size: float
    hides: bool


def draw(drawing: ShownFlows) -> Figure:
    """Draw the flows."""
    stages = max(len(drawing.from_stages), len(drawing.to_stages))
    left = tuple(style.wrapped(stage, 18) for stage in drawing.from_stages)
    right = tuple(style.wrapped(stage, 18) for stage in drawing.to_stages)
    figure, axes = style.frame(
        1.1 + 0.62 * stages,
        left=style.label_width(left) + 0.2,
        right=style.label_width(right) + 0.2,
        top=0.34,
        bottom=0.34,
    )
    ribbons = _ribbons(drawing)
    total = sum(ribbon.size for ribbon in ribbons) or 1.0
    hides_left = [any(_hides(count) for count in row) for row in drawing.flows]
    hides_right = [any(_hides(row[j]) for row in drawing.flows) for j in range(len(drawing.to_stages))]
    starts = _nodes([sum(r.size for r in ribbons if r.start == i) for i in range(len(left))], hides_left, total)
    ends = _nodes([sum(r.size for r in ribbons if r.end == j) for j in range(len(right))], hides_right, total)
    _draw_ribbons(axes, ribbons, starts, ends, ordered=drawing.from_stages == drawing.to_stages, total=total)
    _draw_side(axes, starts, left, at=0.0, outward=-1, total=total)
    _draw_side(axes, ends, right, at=1.0, outward=1, total=total)
    depth = max(_depth(starts, total), _depth(ends, total))
    axes.set_xlim(-NODE, 1 + NODE)
    axes.set_ylim(depth, 0)
    axes.axis("off")
    _titles(axes, drawing)
    if drawing.from_stages == drawing.to_stages:
        _key(axes)
    return figure


def _hides(count: Shown) -> bool:
    return isinstance(count, Withheld)


def _ribbons(drawing: ShownFlows) -> list[_Ribbon]:
    found = []
    for i, row in enumerate(drawing.flows):
        for j, count in enumerate(row):
            match count:
                case Exact(value) if value > 0:
                    found.append(_Ribbon(i, j, float(value), numbers.whole_text(value)))
                case Band(low, high):
                    text = words.band(numbers.whole_text(low), numbers.whole_text(high))
                    found.append(_Ribbon(i, j, (low + high) / 2, text))
    return found


def _nodes(sizes: list[float], hides: list[bool], total: float) -> list[_Node]:
    top, nodes = 0.0, []
    for size, hidden in zip(sizes, hides, strict=True):
        nodes.append(_Node(top, size, hidden))
        top += max(size + (STUB * total if hidden else 0), 0.02 * total) + GAP * total
    return nodes


def _depth(nodes: list[_Node], total: float) -> float:
    last = nodes[-1]
    return last.top + max(last.size + (STUB * total if last.hides else 0), 0.02 * total)


def _draw_ribbons(
    axes: Axes, ribbons: list[_Ribbon], starts: list[_Node], ends: list[_Node], *, ordered: bool, total: float
) -> None:
    from_top = [node.top for node in starts]
    to_top = [node.top for node in ends]
    for ribbon in ribbons:
        y0, y1 = from_top[ribbon.start], to_top[ribbon.end]
        axes.add_patch(_band(y0, y1, ribbon.size, _color(ribbon, ordered=ordered)))
        if ribbon.size >= LEAST_FOR_LABEL * total:
            axes.text(NODE + 0.015, y0 + ribbon.size / 2, ribbon.text, va="center", fontsize=style.SMALL)
        from_top[ribbon.start] += ribbon.size
        to_top[ribbon.end] += ribbon.size


def _band(y0: float, y1: float, size: float, color: str) -> PathPatch:
    """One ribbon: level at both ends, one bend between."""
    from matplotlib.patches import PathPatch  # noqa: PLC0415  heavy and optional
    from matplotlib.path import Path  # noqa: PLC0415

    x0, x1 = NODE, 1 - NODE
    upper = [(x0, y0), (0.5, y0), (0.5, y1), (x1, y1)]
    lower = [(x1, y1 + size), (0.5, y1 + size), (0.5, y0 + size), (x0, y0 + size)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path([*upper, *lower, (x0, y0)], codes), facecolor=color, alpha=0.5, lw=0)


def _color(ribbon: _Ribbon, *, ordered: bool) -> str:
    if not ordered or ribbon.end > ribbon.start:
        return style.ACCENT
    return style.PALE if ribbon.end == ribbon.start else style.ORANGE


def _draw_side(
    axes: Axes, nodes: list[_Node], labels: tuple[str, ...], *, at: float, outward: int, total: float
) -> None:
    for node, label in zip(nodes, labels, strict=True):
        stub = STUB * total if node.hides else 0.0
        edge = at if outward > 0 else at - NODE
        axes.add_patch(_box(edge - (NODE if outward > 0 else -NODE), node.top, NODE, node.size + stub))
        if node.hides:
            start = NODE if outward < 0 else 1 - NODE - STUB_LENGTH
            axes.add_patch(_box(start, node.top + node.size, STUB_LENGTH, stub, hatched=True))
        axes.annotate(
            label,
            (at, node.top + (node.size + stub) / 2),
            xytext=(8 * outward, 0),
            textcoords="offset points",
            ha="left" if outward > 0 else "right",
            va="center",
            annotation_clip=False,
        )


def _box(x: float, y: float, width: float, height: float, *, hatched: bool = False) -> Rectangle:
    from matplotlib.patches import Rectangle  # noqa: PLC0415  heavy and optional

    if hatched:
        return Rectangle((x, y), width, height, facecolor="white", edgecolor=style.SOFT, hatch=style.HATCH, lw=0.5)
    return Rectangle((x, y), width, height, facecolor=style.INK, lw=0)


def _titles(axes: Axes, drawing: ShownFlows) -> None:
    for x, text, side in ((0, drawing.from_label, "left"), (1, drawing.to_label, "right")):
        axes.text(x, 1.02, text, transform=axes.transAxes, ha=side, va="bottom", fontweight="bold")


def _key(axes: Axes) -> None:
    """What the colors mean, in words of the same color."""
    texts = (
        (0.01, "left", words.FIGURES.later, style.ACCENT),
        (0.5, "center", words.FIGURES.same, style.SOFT),
        (0.99, "right", words.FIGURES.earlier, style.ORANGE),
    )
    for x, side, text, color in texts:
        axes.annotate(
            text, (x, 4), xycoords=("figure fraction", "figure points"), ha=side, color=color, fontsize=style.SMALL
        )
