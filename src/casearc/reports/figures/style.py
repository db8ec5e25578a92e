"""One style for all figures: size, type, colors.

Colors are from the part of the spectrum that the usual color-blindness keeps apart (teal, orange, violet, ocher)
and differ in lightness too; nothing is told by color alone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from casearc.reports.extras import needs_extra

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

WIDTH: Final = 6.5  # inches: the text width of a letter page, so that type keeps its size in print
TYPE: Final = 8.5  # points
SMALL: Final = 7.8
CHARACTER: Final = 0.068  # inches: a character's mean width at TYPE

INK: Final = "#1c2427"
SOFT: Final = "#4e5a60"
RULE: Final = "#c9d1d4"
FAINT: Final = "#eef2f2"
ACCENT: Final = "#0b5563"
PALE: Final = "#a9b4b8"
ORANGE: Final = "#c2601a"
SERIES: Final = (ACCENT, ORANGE, "#6a4c93", "#8a6d00", "#4e5a60", "#1f7a4d")
DASHES: Final = ("-", (0, (5, 2)), (0, (1.2, 1.6)), (0, (6, 2, 1.2, 2)), (0, (3, 1.5)), (0, (8, 3)))
MARKERS: Final = ("o", "s", "^", "D", "v", "P")
HATCH: Final = "/////"

RC: Final[dict[Any, Any]] = {  # matplotlib types its keys one by one
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so it is the same on every machine
    "font.size": TYPE,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "hatch.color": SOFT,
    "hatch.linewidth": 0.6,
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
    "svg.fonttype": "path",  # letters as shapes: the same in browser and PDF, whatever fonts are there
    "svg.hashsalt": "casearc",
    "savefig.facecolor": "white",
}


@contextmanager
def applied() -> Iterator[None]:
    """Matplotlib with this style and no other, while something is drawn or saved.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    with needs_extra("Drawing a report's figures"):
        import matplotlib  # noqa: PLC0415  heavy and optional
    with matplotlib.rc_context(RC):
        yield


def frame(height: float, *, left: float, right: float, top: float, bottom: float) -> tuple[Figure, Axes]:
    """A figure of full width with margins in inches."""
    from matplotlib.figure import Figure  # noqa: PLC0415  heavy and optional

    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes(
        (left / WIDTH, bottom / height, (WIDTH - left - right) / WIDTH, (height - bottom - top) / height)
    )
    return figure, axes


def wrapped(text: str, characters: int) -> str:
    """A label broken into lines, words kept whole."""
    return "\n".join(textwrap.wrap(text, characters, break_long_words=False)) or text


def label_width(labels: tuple[str, ...]) -> float:
    """Inches that labels need, of which some may have several lines."""
    return max((len(line) for label in labels for line in label.split("\n")), default=0) * CHARACTER


def above(axes: Axes, text: str) -> None:
    """The vertical axis' name above it, level like all other words."""
    axes.annotate(
        text,
        (0, 1),
        xycoords=("figure fraction", "axes fraction"),
        xytext=(2, 8),
        textcoords="offset points",
        va="bottom",
        annotation_clip=False,
    )


def round_ticks(most: int) -> MaxNLocator:
    """At most so many ticks, at round numbers only."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415  heavy and optional

    return MaxNLocator(most, steps=[1, 2, 5, 10])


def bare(axes: Axes) -> None:
    """Take the axes' lines and ticks away."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
