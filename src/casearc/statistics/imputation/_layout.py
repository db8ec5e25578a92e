"""Which columns a data set has, how each enters a model, and who predicts whom.

The chained equations see a design matrix: a constant, one column for each number or yes-no answer and, for a category
of J levels, J - 1 indicators. A `Layout` says where in it each column stands; it holds no data, so that one layout
serves many data sets of the same form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from casearc.statistics._arrays import Vector

Kind = Literal["pmm", "normal", "logistic", "multinomial"]
KINDS: tuple[Kind, ...] = ("pmm", "normal", "logistic", "multinomial")
CATEGORICAL: tuple[Kind, ...] = ("logistic", "multinomial")

Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Target:
    """One incomplete column.

    Attributes
    ----------
    column
        Its place among the columns.
    own
        Its columns of the design matrix.
    predictors
        Columns of the design matrix that predict it, the constant (0) first.
    """

    column: int
    kind: Kind
    own: Index
    predictors: Index


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column stands in the design matrix of `width` columns.

    Attributes
    ----------
    levels
        A category's values in ascending order; None for a number.
    own
        Columns of the design matrix, one array a column of the data.
    targets
        The incomplete columns in the order in which they are visited.
    """

    kinds: tuple[Kind, ...]
    levels: tuple[Vector | None, ...]
    own: tuple[Index, ...]
    targets: tuple[Target, ...]
    width: int

    def owner(self, design_column: int) -> int:
        """The column of the data to which a column of the design matrix (not the constant) belongs."""
        return next(j for j, own in enumerate(self.own) if design_column in own)


def layout_of(
    kinds: Sequence[Kind],
    levels: Sequence[Vector | None],
    *,
    incomplete: Sequence[int],
    predictors: NDArray[np.bool_],
) -> Layout:
    """The layout of columns of these kinds; `predictors[i, j]` says whether column j predicts column i."""
    widths = [
        1 if level is None or kind == "logistic" else level.size - 1 for kind, level in zip(kinds, levels, strict=True)
    ]
    starts = 1 + np.concatenate([[0], np.cumsum(widths)]).astype(np.intp)
    own = tuple(np.arange(a, b) for a, b in pairwise(starts))
    targets = []
    for column in incomplete:
        chosen = [own[j] for j in np.flatnonzero(predictors[column]) if j != column]
        targets.append(
            Target(
                column=column,
                kind=kinds[column],
                own=own[column],
                predictors=np.concatenate([np.zeros(1, dtype=np.intp), *chosen]),
            )
        )
    return Layout(tuple(kinds), tuple(levels), own, tuple(targets), int(starts[-1]))
