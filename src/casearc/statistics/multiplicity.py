"""P values adjusted for how many tests a family holds: Holm, Hochberg, Benjamini-Hochberg."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Vector, frozen, listed
from casearc.statistics.results import Result, Row, per_term

Adjustment = Literal["holm", "hochberg", "benjamini_hochberg"]
METHODS: tuple[str, ...] = ("holm", "hochberg", "benjamini_hochberg")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdjustedP(Result):
    """P values adjusted for multiplicity. Arrays are in the order of `names`.

    Attributes
    ----------
    p, adjusted
        As found, and adjusted: a test is significant at alpha if its adjusted p is at most alpha.
    family
        How many tests the family holds; more than `names` where some that were planned could not be run.
    controls
        What the adjustment keeps at alpha: the chance of any false finding, or the expected share of false ones.
    """

    names: tuple[str, ...]
    p: Vector
    adjusted: Vector
    method: Adjustment
    family: int
    controls: str
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a test."""
        return per_term(self.names, {"p_value": self.p, "p_adjusted": self.adjusted})

    def of(self, name: str) -> float:
        """The adjusted p of one test, by its name."""
        return float(self.adjusted[self.names.index(name)])

    def significant(self, alpha: float = 0.05) -> tuple[str, ...]:
        """Names of the tests whose adjusted p is at most `alpha`."""
        return tuple(name for name, p in zip(self.names, self.adjusted, strict=True) if p <= alpha)


def holm(p: Mapping[str, float] | ArrayLike, *, family: int | None = None) -> AdjustedP:
    """Holm's step-down adjustment: keeps the chance of any false finding at alpha, whatever the dependence.

    For confirmatory families.

    Parameters
    ----------
    p
        P values by the names of their tests, or in a row, shape (m,); these are named "1", "2", ...
    family
        How many tests were planned, where it is more than have a p: a test that could not be run still counts.

    Raises
    ------
    StatisticsRefusedError
        No test, a p outside 0 to 1 or missing, a family smaller than its tests.

    Notes
    -----
    Holm (1979), Scandinavian Journal of Statistics 6:65-70. Checked against R's ``p.adjust``.

    Examples
    --------
    >>> holm({"support": 0.01, "coping": 0.04, "readiness": 0.03}).adjusted.tolist()
    [0.03, 0.06, 0.06]
    """
    return _adjusted(p, family, "holm")


def hochberg(p: Mapping[str, float] | ArrayLike, *, family: int | None = None) -> AdjustedP:
    """Hochberg's step-up adjustment: more powerful than Holm's, for independent or positively dependent tests.

    Parameters and errors as in `holm`.

    Raises
    ------
    StatisticsRefusedError
        As `holm`.

    Notes
    -----
    Hochberg (1988), Biometrika 75:800-802. Checked against R's ``p.adjust``.

    Examples
    --------
    >>> hochberg({"support": 0.01, "coping": 0.04, "readiness": 0.03}).adjusted.tolist()
    [0.03, 0.04, 0.04]
    """
    return _adjusted(p, family, "hochberg")


def benjamini_hochberg(p: Mapping[str, float] | ArrayLike, *, family: int | None = None) -> AdjustedP:
    """Benjamini and Hochberg's adjustment: keeps the expected share of false findings among those called significant.

    For exploratory families. Parameters and errors as in `holm`.

    Raises
    ------
    StatisticsRefusedError
        As `holm`.

    Notes
    -----
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300; holds for independent or
    positively dependent tests. Checked against R's ``p.adjust``.

    Examples
    --------
    >>> benjamini_hochberg({"support": 0.01, "coping": 0.04, "readiness": 0.03}).adjusted.tolist()
    [0.03, 0.04, 0.04]
    """
    return _adjusted(p, family, "benjamini_hochberg")


def adjusted_p(p: Vector, method: Adjustment, *, family: int | None = None) -> Vector:
    """The arithmetic alone, on an array of shape (m,)."""
    m, size = p.size, family or p.size
    order = np.argsort(p, kind="stable")
    factor = size / np.arange(1, m + 1) if method == "benjamini_hochberg" else size - np.arange(m, dtype=np.float64)
    scaled = factor * p[order]
    falling = np.minimum.accumulate(scaled[::-1])[::-1]
    stepped = np.maximum.accumulate(scaled) if method == "holm" else falling
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


_CONTROLS: Mapping[str, str] = {
    "holm": "chance of any false finding",
    "hochberg": "chance of any false finding, tests independent or positively dependent",
    "benjamini_hochberg": "expected share of false findings",
}


def _adjusted(p: Mapping[str, float] | ArrayLike, family: int | None, method: Adjustment) -> AdjustedP:
    values = np.array(list(p.values()) if isinstance(p, Mapping) else p, dtype=np.float64).ravel()
    names = tuple(p) if isinstance(p, Mapping) else tuple(str(i + 1) for i in range(values.size))
    if not names:
        raise StatisticsRefusedError("The family holds no test.", alternative="Adjust once its tests have been run.")
    wrong = [name for name, value in zip(names, values.tolist(), strict=True) if not 0.0 <= value <= 1.0]
    if wrong:
        raise StatisticsRefusedError(
            f"A p value lies between 0 and 1; that of {listed(wrong)} does not or is missing.",
            alternative="Leave out tests that could not be run and give the planned number as family.",
        )
    if family is not None and family < len(names):
        raise StatisticsRefusedError(f"A family of {family} cannot hold {len(names)} tests.")
    size, left = family or len(names), (family or len(names)) - len(names)
    note = f"{left} of {size} planned tests could not be run and count as if their p were 1."
    return AdjustedP(
        names=names,
        p=frozen(values),
        adjusted=frozen(adjusted_p(values, method, family=family)),
        method=method,
        family=size,
        controls=_CONTROLS[method],
        notes=(note,) if left else (),
    )
