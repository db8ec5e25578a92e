"""One dot a participant: in the house only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casearc.findings import Dots
from casearc.reports.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT = 3.3


def draw(drawing: Dots) -> Figure:
    """Draw the dots; those on one spot show as a darker one."""
    figure, axes = style.frame(HEIGHT, left=0.55, right=0.2, top=0.34, bottom=0.5)
    if drawing.band is not None:
        axes.axhspan(*drawing.band, color=style.FAINT, lw=0)
        axes.axhline(0, color=style.RULE, lw=0.8)
    axes.plot(drawing.x, drawing.y, "o", color=style.ACCENT, alpha=0.45, markersize=5, markeredgewidth=0)
    axes.xaxis.set_major_locator(style.round_ticks(8))
    axes.yaxis.set_major_locator(style.round_ticks(6))
    axes.tick_params(length=3)
    axes.set_xlabel(drawing.x_label, labelpad=5)
    style.above(axes, drawing.y_label)
    return figure
