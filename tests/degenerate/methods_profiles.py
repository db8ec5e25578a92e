"""Latent profiles on degenerate data, five people for each of the case's, since they want a hundred."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import numpy as np
from cases import Case

from casearc.statistics.profiles import latent_profiles


def _profiles(case: Case, profiles: int | None) -> object:
    table = np.column_stack([case.before, case.after, case.outcome, case.other])
    noise = np.random.default_rng(3).normal(size=(5, 1, 1))
    jittered = (table[None] * (1.0 + 0.01 * noise)).reshape(-1, table.shape[1])
    return latent_profiles(
        jittered, names=["before", "after", "outcome", "other"], most=2, profiles=profiles, starts=4, rng_or_seed=1
    )


INSTALLED = importlib.util.find_spec("stepmix") is not None
METHODS: dict[str, Callable[[Case], object]] = (
    {
        "by BIC": lambda case: _profiles(case, None),
        "one asked for": lambda case: _profiles(case, 1),
        "scores as they are": lambda case: latent_profiles(
            np.repeat(np.column_stack([case.before, case.dose]), 5, axis=0),
            names=["before", "dose"],
            rng_or_seed=1,
            starts=3,
        ),
    }
    if INSTALLED
    else {}
)
