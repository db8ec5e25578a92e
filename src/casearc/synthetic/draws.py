"""Small vectorized draws that the other modules share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Strings = NDArray[np.str_]


def quota(rng: np.random.Generator, n: int, shares: Mapping[str, float]) -> Strings:
    """`n` codes in random order whose counts meet `shares` to within one: a small demo keeps its small groups."""
    edges = np.cumsum(np.asarray(list(shares.values()), dtype=np.float64))
    positions = (np.arange(n) + rng.random()) / max(n, 1) * edges[-1]
    index = np.searchsorted(edges, positions, side="right").clip(0, len(shares) - 1)
    codes: Strings = np.asarray(list(shares))[index]
    return codes[rng.permutation(n)]


def exactly(rng: np.random.Generator, n: int, share: float) -> Flags:
    """`n` flags of which `share`, to the nearest whole number, are true."""
    flags = np.zeros(n, dtype=np.bool_)
    flags[rng.permutation(n)[: round(share * n)]] = True
    return flags


def choose(rng: np.random.Generator, n: int, shares: Mapping[str, float]) -> Strings:
    """`n` independent codes."""
    edges = np.cumsum(np.asarray(list(shares.values()), dtype=np.float64))
    index = np.searchsorted(edges, rng.random(n) * edges[-1], side="right")
    codes: Strings = np.asarray(list(shares))[index.clip(0, len(shares) - 1)]
    return codes


def code_sets(rng: np.random.Generator, n: int, shares: Mapping[str, float]) -> list[str]:
    """`n` sets of codes joined by ``;``, each code in it with its own probability, at least one code in each."""
    codes = np.asarray(list(shares))
    draws = rng.random((n, len(codes))) / np.asarray(list(shares.values()), dtype=np.float64)
    chosen = draws < 1
    chosen[np.arange(n), draws.argmin(axis=1)] = True
    joined = np.full(n, "", dtype=object)
    for column, code in enumerate(codes):  # a handful of codes, never rows
        joined = joined + np.where(chosen[:, column], f"{code};", "").astype(object)
    return [text.rstrip(";") for text in joined]


def ids(prefix: str, n: int, *, width: int, first: int = 1) -> list[str]:
    """``P001`` … ``P095``; wider where `n` needs it."""
    digits = max(width, len(str(first + n - 1)))
    return [f"{prefix}{number:0{digits}d}" for number in range(first, first + n)]


def blank(values: Sequence[str] | Strings, flags: Flags) -> list[str | None]:
    """The values as a list, with None where flagged."""
    return [None if hide else str(value) for value, hide in zip(values, flags, strict=True)]
