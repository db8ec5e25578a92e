"""Clinically significant change: who moved from the range of those in trouble into that of those who are not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.change.individual import Better, ChangeClass, ReliableChanges
from casearc.errors import StatisticsRefusedError
from casearc.statistics.results import Result

SPREADS = 2.0
"""Jacobson & Truax's cutoffs a and b lie two standard deviations from a mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Mean and standard deviation of a score among people of one kind, and where they were published."""

    mean: float
    sd: float
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalCutoffs(Result):
    """Cutoffs of clinically significant change.

    Attributes
    ----------
    a
        Two SDs of those in trouble away from their mean, on the good side.
    b, c
        Two SDs of those not in trouble from theirs, toward trouble; the point between the means at which both kinds are
        equally far in their SDs. None without norms of those not in trouble.
    chosen, cutoff, reason
        Which of them is used, its value, and why.
    """

    a: float
    b: float | None
    c: float | None
    chosen: Literal["a", "b", "c"]
    cutoff: float
    reason: str


class ClinicalStatus(StrEnum):
    """Where a person's change left them."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalChange(Result):
    """Participants by clinically significant change.

    Attributes
    ----------
    recovered
        Changed reliably for the better and crossed the cutoff.
    improved, unchanged, deteriorated
        Changed reliably for the better without crossing it; not reliably; reliably for the worse.
    began_beyond
        Were already beyond the cutoff before, and so could not recover.
    statuses
        One a person, in their order.
    """

    recovered: int
    improved: int
    unchanged: int
    deteriorated: int
    began_beyond: int
    n: int
    cutoff: float
    statuses: tuple[ClinicalStatus, ...]


def clinical_cutoffs(
    in_trouble: Norm, not_in_trouble: Norm | None = None, *, direction: Better = "higher"
) -> ClinicalCutoffs:
    """Jacobson and Truax's cutoffs between the range of those in trouble and of those not.

    Parameters
    ----------
    in_trouble
        Norm of people like those who enter the program: the program's own scores before, or published ones.
    not_in_trouble
        Published norm of people who function well; without it only cutoff a exists.
    direction
        Which way is better.

    Raises
    ------
    StatisticsRefusedError
        No spread, or those not in trouble are not on the better side.

    Notes
    -----
    Jacobson & Truax (1991), Journal of Consulting and Clinical Psychology 59:12-19: c where norms exist and overlap, b
    where they do not overlap, a without norms. They overlap where a lies beyond b.

    Examples
    --------
    >>> cutoffs = clinical_cutoffs(Norm(mean=40.0, sd=7.5), Norm(mean=60.0, sd=7.5))
    >>> cutoffs.a, cutoffs.b, cutoffs.c, cutoffs.chosen
    (55.0, 45.0, 50.0, 'c')
    """
    if direction not in ("higher", "lower"):
        raise StatisticsRefusedError('Better or worse needs a direction: "higher" or "lower".')
    sign = 1.0 if direction == "higher" else -1.0
    for norm in (in_trouble, *([] if not_in_trouble is None else [not_in_trouble])):
        if not (math.isfinite(norm.mean) and math.isfinite(norm.sd) and norm.sd > 0.0):
            raise StatisticsRefusedError(
                "A norm needs a mean and a positive standard deviation.", alternative="Leave out clinical significance."
            )
    a = in_trouble.mean + sign * SPREADS * in_trouble.sd
    if not_in_trouble is None:
        reason = "there are no norms of people who are not in trouble"
        return ClinicalCutoffs(a=a, b=None, c=None, chosen="a", cutoff=a, reason=reason)
    if sign * (not_in_trouble.mean - in_trouble.mean) <= 0.0:
        raise StatisticsRefusedError(
            "The people who are not in trouble do not score better than those who are.",
            alternative="Check the direction of the score and the norms.",
        )
    b = not_in_trouble.mean - sign * SPREADS * not_in_trouble.sd
    spread = not_in_trouble.sd + in_trouble.sd
    c = (not_in_trouble.sd * in_trouble.mean + in_trouble.sd * not_in_trouble.mean) / spread
    if sign * (a - b) > 0.0:
        return ClinicalCutoffs(a=a, b=b, c=c, chosen="c", cutoff=c, reason="the two kinds of people overlap")
    return ClinicalCutoffs(a=a, b=b, c=c, chosen="b", cutoff=b, reason="the two kinds of people do not overlap")


def clinical_change(
    before: ArrayLike,
    after: ArrayLike,
    *,
    changes: ReliableChanges,
    cutoff: float,
    direction: Better = "higher",
) -> ClinicalChange:
    """Sort people by whether they changed reliably and whether they crossed the cutoff.

    Parameters
    ----------
    before, after
        Shape (n,): the scores `changes` was made of.
    changes
        From `reliable_changes`, in the same direction.
    cutoff
        ``clinical_cutoffs(...).cutoff``. Who is on it has not crossed it.
    direction
        Which way is better.

    Raises
    ------
    StatisticsRefusedError
        Scores that do not fit `changes`, or a cutoff that is no number.

    Notes
    -----
    Jacobson & Truax (1991). Cutoffs say where a score lies, not that somebody is well.

    Examples
    --------
    >>> from casearc.change.individual import reliable_changes
    >>> before, after = [32.5, 40.0, 45.0], [52.5, 41.0, 38.0]
    >>> changes = reliable_changes(before, after, reliability=0.80, sd=7.5)
    >>> clinical_change(before, after, changes=changes, cutoff=50.0).recovered
    1
    """
    x, y = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if x.shape != (changes.n,) or y.shape != (changes.n,):
        raise StatisticsRefusedError("The scores are not those that reliable change was computed from.")
    if not math.isfinite(cutoff):
        raise StatisticsRefusedError("The cutoff is a number on the scale of the score.")
    sign = 1.0 if direction == "higher" else -1.0
    began, ended = sign * (x - cutoff) > 0.0, sign * (y - cutoff) > 0.0
    statuses = tuple(
        _status(int(change), crossed=bool(crossed))
        for change, crossed in zip(changes.classes, ended & ~began, strict=True)
    )
    return ClinicalChange(
        **{status.value: statuses.count(status) for status in ClinicalStatus},
        began_beyond=int(np.count_nonzero(began)),
        n=changes.n,
        cutoff=cutoff,
        statuses=statuses,
    )


def _status(change: int, *, crossed: bool) -> ClinicalStatus:
    if change == ChangeClass.WORSE:
        return ClinicalStatus.DETERIORATED
    if change == ChangeClass.SAME:
        return ClinicalStatus.UNCHANGED
    return ClinicalStatus.RECOVERED if crossed else ClinicalStatus.IMPROVED
