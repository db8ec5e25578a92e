"""Forty data sets on which some method must decline: one program each, in the columns that methods read.

Every method of every family meets every case. Columns are those of one small program of n people:

before, after      scores at two waves (nan: missing)
waves              (n, 3) scores at three waves
stage_before/after whole numbers 0 to 2
dose, other, flag  terms of a model (two numbers, one indicator)
outcome            a number
stage              whole numbers 0 to 3, the levels of an outcome
yes                0 or 1
events             whole numbers from 0
exposure           months, above 0
cluster            labels of case managers
items              (n, 6) answers
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Case:
    """One data set and what is wrong with it."""

    name: str
    before: Array
    after: Array
    waves: Array
    stage_before: Array
    stage_after: Array
    dose: Array
    other: Array
    flag: Array
    outcome: Array
    stage: Array
    yes: Array
    events: Array
    exposure: Array
    cluster: Array
    items: Array
    extra: dict[str, object] = field(default_factory=dict)

    def design(self, *names: str) -> Array:
        """A constant and the named columns, (n, 1 + names)."""
        return np.column_stack([np.ones(self.dose.size), *(getattr(self, name) for name in names)])

    def __str__(self) -> str:
        return self.name


def sound(n: int = 24, seed: int = 7) -> Case:
    """A program in which every method works."""
    rng = np.random.default_rng(seed)
    before = rng.normal(4.0, 1.0, n)
    after = before + rng.normal(0.3, 0.8, n)
    dose, other = rng.gamma(2.0, 3.0, n), rng.normal(0.0, 1.0, n)
    base = rng.normal(0.0, 1.0, n)
    return Case(
        name="sound",
        before=before,
        after=after,
        waves=np.column_stack([before, after, after + rng.normal(0.1, 0.7, n)]),
        stage_before=np.arange(n) % 3,
        stage_after=(np.arange(n) // 2) % 3,
        dose=dose,
        other=other,
        flag=(np.arange(n) % 3 == 0).astype(float),
        outcome=1.0 + 0.1 * dose + other + rng.normal(0.0, 1.0, n),
        stage=rng.permutation(np.arange(n) % 4),
        yes=rng.permutation(np.arange(n) % 2),
        events=rng.poisson(3.0, n),
        exposure=rng.uniform(1.0, 6.0, n),
        cluster=np.arange(n) % 6,
        items=np.clip(np.round(4 + base[:, None] + rng.normal(0.0, 1.0, (n, 6))), 1, 7),
    )


def _cut(case: Case, rows: Array | slice) -> Case:
    arrays = {name: value[rows] for name, value in vars(case).items() if isinstance(value, np.ndarray)}
    return replace(case, **arrays)


def _missing(array: Array, rows: slice | Array) -> Array:
    out = np.array(array, dtype=float)
    out[rows] = np.nan
    return out


S = sound()
N = S.dose.size
HALF = (np.arange(N) < N // 2).astype(float)

CASES: dict[str, Callable[[], Case]] = {
    "nobody": lambda: _cut(S, slice(0)),
    "one person": lambda: _cut(S, slice(1)),
    "two people": lambda: _cut(S, slice(2)),
    "three people": lambda: _cut(S, slice(3)),
    "five people": lambda: _cut(S, slice(5)),
    "identical waves": lambda: replace(S, after=S.before, waves=np.repeat(S.before[:, None], 3, axis=1)),
    "constant shift": lambda: replace(S, after=S.before + 0.1, waves=S.before[:, None] + np.array([0.0, 0.1, 0.2])),
    "everybody the same at both waves": lambda: replace(S, before=np.full(N, 4.0), after=np.full(N, 5.0)),
    "one wave without spread": lambda: replace(S, after=np.full(N, 5.0)),
    "one person changed": lambda: replace(S, after=S.before + np.eye(N)[0]),
    "all-missing wave": lambda: replace(S, after=np.full(N, np.nan), waves=_missing(S.waves, np.s_[:, 1])),
    "one missing score": lambda: replace(S, after=_missing(S.after, np.s_[:1]), outcome=_missing(S.outcome, np.s_[:1])),
    "infinite score": lambda: replace(S, after=np.where(HALF > 0, np.inf, S.after), outcome=S.outcome + np.inf),
    "constant outcome": lambda: replace(S, outcome=np.full(N, 3.0)),
    "constant outcome up to rounding": lambda: replace(S, outcome=0.1 * np.full(N, 3.0) + 1e-17 * S.dose),
    "outcome among the terms": lambda: replace(S, outcome=2.0 * S.dose + 1.0),
    "huge offset": lambda: replace(S, outcome=S.outcome * 1e-9 + 1e9, before=S.before * 1e-9 + 1e9),
    "collinear": lambda: replace(S, other=3.0 * S.dose - 1.0),
    "nearly collinear": lambda: replace(S, other=S.dose + 1e-9 * S.other),
    "constant dose": lambda: replace(S, dose=np.full(N, 6.0)),
    "nobody flagged": lambda: replace(S, flag=np.zeros(N)),
    "everybody flagged": lambda: replace(S, flag=np.ones(N)),
    "one flagged": lambda: replace(S, flag=np.eye(N)[2]),
    "separation": lambda: replace(
        S, yes=(S.dose > np.median(S.dose)).astype(int), stage=np.argsort(np.argsort(S.dose)) * 4 // N
    ),
    "quasi-separation": lambda: replace(
        S,
        yes=np.where(S.flag > 0, 1, S.yes),
        stage=np.where(S.flag > 0, 3, S.stage),
        stage_after=np.maximum(S.stage_after, S.stage_before),
    ),
    "separated by one service": lambda: replace(S, flag=(S.stage == 2).astype(float)),
    "an empty stage": lambda: replace(
        S, stage=np.where(S.stage == 2, 1, S.stage), stage_after=np.where(S.stage_after == 2, 1, S.stage_after)
    ),
    "one person at a stage": lambda: replace(S, stage=np.where(np.arange(N) == 4, 3, S.stage % 3)),
    "one stage only": lambda: replace(
        S, stage=np.zeros(N, dtype=int), stage_before=np.zeros(N, dtype=int), stage_after=np.zeros(N, dtype=int)
    ),
    "nobody moved": lambda: replace(S, stage_after=S.stage_before),
    "everybody moved the same way": lambda: replace(
        S, stage_before=np.zeros(N, dtype=int), stage_after=np.ones(N, dtype=int)
    ),
    "nobody said yes": lambda: replace(S, yes=np.zeros(N, dtype=int)),
    "no events": lambda: replace(S, events=np.zeros(N, dtype=int)),
    "one event": lambda: replace(S, events=np.eye(N, dtype=int)[3]),
    "events without spread": lambda: replace(S, events=np.full(N, 2)),
    "no exposure": lambda: replace(S, exposure=np.zeros(N)),
    "one cluster": lambda: replace(S, cluster=np.zeros(N, dtype=int)),
    "two clusters": lambda: replace(S, cluster=HALF.astype(int), flag=HALF),
    "every person a cluster": lambda: replace(S, cluster=np.arange(N)),
    "items without spread": lambda: replace(S, items=np.full((N, 6), 4.0)),
    "identical items": lambda: replace(S, items=np.repeat(S.items[:, :1], 6, axis=1)),
    "an item nobody answered": lambda: replace(S, items=_missing(S.items, np.s_[:, 2])),
    "items that cancel": lambda: replace(S, items=np.column_stack([S.items[:, 0], 8 - S.items[:, 0]] * 3)),
    "more terms than people": lambda: _cut(S, slice(4)),
}


def all_cases() -> Iterator[Case]:
    """Every case, named."""
    for name, make in CASES.items():
        yield replace(make(), name=name)
