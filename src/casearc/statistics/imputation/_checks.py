"""What may be imputed: names, kinds, levels, enough observed, and predictors that differ from one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, has_no_spread, listed
from casearc.statistics.imputation._layout import CATEGORICAL, KINDS, Kind, Layout, Target, layout_of

MOST_LEVELS = 50
SAME_COLUMN = 0.999
"""Columns that correlate so closely, over rows where both are observed, count as one: mice's threshold."""

LEAST_PAIRS = 5
"""Rows in which both are observed, below which a correlation says nothing."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Data ready for the chains: `values` (n, p) with categories as 0, 1, 2 …, nan where missing."""

    values: Matrix
    missing: NDArray[np.bool_]
    names: tuple[str, ...]
    layout: Layout
    notes: tuple[str, ...]


def checked_problem(
    columns: ArrayLike,
    kinds: Sequence[str],
    *,
    names: Sequence[str] | None,
    predictors: ArrayLike | None,
    levels: Mapping[str, Sequence[float]] | None,
) -> Problem:
    """Refuse what cannot be imputed; name what is left out."""
    values = _table(columns)
    named = _names(names, values.shape[1])
    checked = _kinds(kinds, named)
    missing = np.isnan(values)
    _refuse_unusable(values, missing, checked, named)
    seen_levels = [
        _levels(values[:, j], kind, name, (levels or {}).get(name)) if kind in CATEGORICAL else None
        for j, (kind, name) in enumerate(zip(checked, named, strict=True))
    ]
    coded = values.copy()
    for j, level in enumerate(seen_levels):
        if level is not None:
            coded[:, j] = np.where(missing[:, j], np.nan, np.searchsorted(level, values[:, j]))
    incomplete = [int(j) for j in np.flatnonzero(missing.any(axis=0))]
    layout = layout_of(checked, seen_levels, incomplete=incomplete, predictors=_chosen(predictors, values.shape[1]))
    layout, notes = _without_repeats(coded, layout, named)
    _refuse_too_many_predictors(missing, layout, named)
    return Problem(coded, missing, named, layout, notes)


def _table(columns: ArrayLike) -> Matrix:
    values = np.asarray(columns, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] == 0:
        raise StatisticsRefusedError("The columns to impute must be a table of rows and columns.")
    if values.shape[0] < 3:
        raise StatisticsRefusedError(
            f"There {'is' if values.shape[0] == 1 else 'are'} {values.shape[0]} "
            f"participant{'' if values.shape[0] == 1 else 's'}, too few to learn from how columns go together.",
            alternative="Describe the participants in words.",
        )
    if np.isinf(values).any():
        raise StatisticsRefusedError(
            "The columns to impute hold infinite values.", alternative="Mark what is missing as missing."
        )
    if np.abs(np.where(np.isnan(values), 0.0, values)).max() > 1e100:
        raise StatisticsRefusedError(
            "The columns to impute hold numbers too large to compute with.", alternative="Change their unit."
        )
    return values


def _names(names: Sequence[str] | None, count: int) -> tuple[str, ...]:
    if names is None:
        return tuple(f"column {j + 1}" for j in range(count))
    if len(names) != count:
        raise StatisticsRefusedError(f"There are {count} columns and {len(names)} names.")
    if len(set(names)) != count:
        raise StatisticsRefusedError("Two columns have the same name.", alternative="Name each column once.")
    return tuple(str(name) for name in names)


def _kinds(kinds: Sequence[str], names: tuple[str, ...]) -> tuple[Kind, ...]:
    if len(kinds) != len(names):
        raise StatisticsRefusedError(f"There are {len(names)} columns and {len(kinds)} kinds.")
    unknown = sorted({kind for kind in kinds if kind not in KINDS})
    if unknown:
        raise StatisticsRefusedError(
            f"No column can be imputed as {listed(unknown)}.",
            alternative=f"Kinds are {listed(KINDS)}; an ordered category is imputed as one of the last or by pmm.",
        )
    return tuple(kinds)  # type: ignore[arg-type]  # membership checked above


def _refuse_unusable(
    values: Matrix, missing: NDArray[np.bool_], kinds: tuple[Kind, ...], names: tuple[str, ...]
) -> None:
    empty = [name for j, name in enumerate(names) if missing[:, j].all()]
    if empty:
        raise StatisticsRefusedError(
            f"Nobody has a value of {listed(empty)}, so there is nothing to learn from.",
            alternative="Leave that column out; imputation cannot invent a measure.",
        )
    for j, name in enumerate(names):
        seen = values[~missing[:, j], j]
        if missing[:, j].any() and has_no_spread(seen):
            raise StatisticsRefusedError(
                f'All {seen.size} observed values of "{name}" are the same, so what is missing cannot be predicted.',
                alternative="Leave the column out, or fill it with that value and say so.",
            )


def _levels(column: Vector, kind: Kind, name: str, declared: Sequence[float] | None) -> Vector:
    seen = np.unique(column[~np.isnan(column)])
    if declared is not None:
        expected = set(map(float, declared))
        unseen = len(expected - set(seen.tolist()))
        if unseen:
            raise StatisticsRefusedError(
                f'{unseen} of the {len(expected)} declared levels of "{name}" '
                f"{'was' if unseen == 1 else 'were'} never observed, so nothing says who would be there.",
                alternative="Merge such a level with its neighbor, or leave it undeclared: nobody then gets it.",
            )
        if seen.size > len(expected):
            raise StatisticsRefusedError(f'"{name}" has observed levels that were not declared.')
    if kind == "logistic" and seen.size > 2:
        raise StatisticsRefusedError(
            f'"{name}" has {seen.size} different values; a logistic column has two.',
            alternative='Impute it as "multinomial" or "pmm".',
        )
    if seen.size > MOST_LEVELS:
        raise StatisticsRefusedError(
            f'"{name}" has {seen.size} different values, too many for categories.', alternative='Impute it by "pmm".'
        )
    return np.asarray(seen, dtype=np.float64)


def _chosen(predictors: ArrayLike | None, count: int) -> NDArray[np.bool_]:
    if predictors is None:
        return ~np.eye(count, dtype=bool)
    chosen = np.asarray(predictors).astype(bool)
    if chosen.shape != (count, count):
        raise StatisticsRefusedError(
            f"The predictors must be a table of {count} rows and {count} columns: row i says who predicts column i."
        )
    return chosen


def _without_repeats(coded: Matrix, layout: Layout, names: tuple[str, ...]) -> tuple[Layout, tuple[str, ...]]:
    """Take columns that do not vary, or repeat another, out of all predictors."""
    design, seen = design_columns(coded, layout)
    dropped: dict[int, int | None] = {
        int(c): None for c in range(1, layout.width) if has_no_spread(design[seen[:, c], c])
    }
    order = sorted(set(range(1, layout.width)) - set(dropped), key=lambda c: (-int(seen[:, c].sum()), c))
    same = _repeats(design, seen)
    for place, c in enumerate(order):
        first = next((other for other in order[:place] if same[c, other] and other not in dropped), None)
        if first is not None and layout.owner(first) != layout.owner(c):
            dropped[c] = first
    notes = [_dropped_note(names, layout, c, first) for c, first in sorted(dropped.items())]
    gone = np.array(sorted(dropped), dtype=np.intp)
    targets = tuple(Target(t.column, t.kind, t.own, t.predictors[~np.isin(t.predictors, gone)]) for t in layout.targets)
    return Layout(layout.kinds, layout.levels, layout.own, targets, layout.width), tuple(dict.fromkeys(notes))


def design_columns(coded: Matrix, layout: Layout) -> tuple[Matrix, NDArray[np.bool_]]:
    """The design matrix of the data as observed (zero where missing) and where it is observed, both (n, K)."""
    design, seen = np.ones((coded.shape[0], layout.width)), np.ones((coded.shape[0], layout.width), dtype=bool)
    for j, own in enumerate(layout.own):
        there = ~np.isnan(coded[:, j])
        seen[:, own] = there[:, None]
        filled = np.where(there, coded[:, j], 0.0)
        if layout.kinds[j] == "multinomial":
            design[:, own] = filled[:, None] == np.arange(1, own.size + 1)
        else:
            design[:, own[0]] = filled
    return design, seen


def _repeats(design: Matrix, seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which columns correlate at 0.999 or more with which, over rows where both are observed."""
    there = seen.astype(np.float64)
    count = there.sum(axis=0)
    center = (design * there).sum(axis=0) / count
    deviations = (design - center) * there
    size = np.sqrt((deviations**2).sum(axis=0))
    x = deviations / np.where(size > 0, size, 1.0)
    both = there.T @ there
    pairs = np.maximum(both, 1.0)
    one_sum = x.T @ there
    cross = x.T @ x - one_sum * one_sum.T / pairs
    variance = np.maximum((x**2).T @ there - one_sum**2 / pairs, 0.0)
    scale = np.sqrt(variance * variance.T)
    return np.asarray((both >= LEAST_PAIRS) & (scale > 1e-14) & (np.abs(cross) >= SAME_COLUMN * scale))


def _dropped_note(names: tuple[str, ...], layout: Layout, dropped: int, first: int | None) -> str:
    name = names[layout.owner(dropped)]
    if first is None:
        return f'"{name}" is the same for all who have it and predicts nothing.'
    return (
        f'"{name}" repeats "{names[layout.owner(first)]}" (correlation at least {SAME_COLUMN}) '
        "and predicts no other column."
    )


def _refuse_too_many_predictors(missing: NDArray[np.bool_], layout: Layout, names: tuple[str, ...]) -> None:
    for target in layout.targets:
        seen = int((~missing[:, target.column]).sum())
        if seen <= target.predictors.size:
            raise StatisticsRefusedError(
                f'"{names[target.column]}" has {seen} observed value{"" if seen == 1 else "s"} and '
                f"{target.predictors.size - 1} predictor{'' if target.predictors.size == 2 else 's'}; "
                "a model needs more people than terms.",
                alternative="Name fewer predictors for it (choose_predictors proposes some), or impute scale scores "
                "in place of items.",
            )
