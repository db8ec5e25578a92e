"""Directions in which a likelihood never falls: linear programs that find out whether an estimate exists.

A likelihood of linear predictors has no finite maximum where some direction b, not zero, keeps ``rows @ b >= 0`` and,
where there are such, ``equal @ b == 0``.
"""

from __future__ import annotations

import numpy as np

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector


def most_strict(rows: Matrix, equal: Matrix | None = None) -> np.ndarray:
    """Which of `rows` (m, p) can be strictly positive while none is negative, as booleans (m,).

    Maximizes sum t with t <= rows b, 0 <= t <= 1 and b free. Scaling b up costs nothing, so every t ends at 0 or 1.
    """
    from scipy import optimize, sparse  # noqa: PLC0415  (a quarter of a second that only doubtful fits pay)

    m, p = rows.shape
    held = None if equal is None or not equal.size else np.hstack([equal, np.zeros((equal.shape[0], m))])
    solved = optimize.linprog(
        np.concatenate([np.zeros(p), -np.ones(m)]),
        A_ub=sparse.hstack([sparse.csr_array(-rows), sparse.eye_array(m)], format="csr"),
        b_ub=np.zeros(m),
        A_eq=held,
        b_eq=None if held is None else np.zeros(held.shape[0]),
        bounds=[(None, None)] * p + [(0.0, 1.0)] * m,
        method="highs",
    )
    if solved.x is None:
        raise StatisticsRefusedError(
            "The linear program that looks for separation found no answer.",
            alternative="Use the penalized fit, which needs none.",
        )
    return np.asarray(solved.x[p:] > 0.5)


def fewest_terms(strict: Matrix, equal: Matrix, cost: Vector) -> Vector:
    """A direction with ``strict @ b >= 1`` and ``equal @ b == 0`` carried by few coefficients: none can be left out.

    The cheapest direction first; then its smaller coefficients are left out one after another where the rest still do.
    """
    direction = _cheapest(strict, equal, cost, np.ones(cost.size, dtype=bool))
    if direction is None:
        return np.ones(cost.size)
    allowed = np.abs(direction) > 1e-9 * np.abs(direction).max()
    for j in np.argsort(np.abs(direction) * (cost >= 1.0)):
        if not allowed[j] or cost[j] < 1.0:
            continue
        fewer = allowed.copy()
        fewer[j] = False
        without = _cheapest(strict, equal, cost, fewer | (cost < 1.0))
        if without is not None:
            direction, allowed = without, fewer
    return direction


def _cheapest(strict: Matrix, equal: Matrix, cost: Vector, allowed: np.ndarray) -> Vector | None:
    """The direction of least cost among the `allowed` coefficients; None where there is none."""
    from scipy import optimize  # noqa: PLC0415  (as above)

    solved = optimize.linprog(
        np.concatenate([cost, cost]),
        A_ub=np.hstack([-strict, strict]),
        b_ub=-np.ones(strict.shape[0]),
        A_eq=np.hstack([equal, -equal]) if equal.size else None,
        b_eq=np.zeros(equal.shape[0]) if equal.size else None,
        bounds=[(0.0, None if use else 0.0) for use in np.tile(allowed, 2)],
        method="highs",
    )
    if solved.x is None:
        return None
    return np.asarray(solved.x[: cost.size] - solved.x[cost.size :], dtype=np.float64)
