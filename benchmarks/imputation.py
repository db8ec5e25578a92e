"""Multiple imputation and pooling beside R's mice, on one program of 95 people and 15 columns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from side_by_side import Line, Peer, median_seconds, r_peer

from casearc.statistics.imputation import Imputations, Pooled, impute, linear_over_imputations

N, M, CYCLES = 95, 20, 5
TERMS = ("constant", "score1", "score2", "score3")


def lines() -> Iterator[Line]:
    """Every line of this part."""
    mixed = program()
    kinds = [
        "logistic" if name.startswith("yes") else "multinomial" if name.startswith("stage") else "pmm" for name in mixed
    ]
    yield imputing("9 scores by pmm, 4 yes-no and 2 stages by logits", mixed, kinds, "mix")
    yield imputing("all by pmm", mixed, ["pmm"] * len(mixed), "pmm")
    yield pooling(mixed)


def program() -> dict[str, np.ndarray]:
    """Nine scores, four yes-no answers, stages of three and four levels; a fifth of each is missing."""
    rng = np.random.default_rng(3)
    base = rng.normal(size=N)
    columns = {f"score{i}": np.round(0.6 * base + rng.normal(size=N), 2) for i in range(9)}
    columns |= {f"yes{i}": (rng.random(N) < 1.0 / (1.0 + np.exp(-0.5 * base))).astype(float) for i in range(4)}
    columns["stage3"] = np.digitize(0.5 * base + rng.normal(size=N), [-0.7, 0.7]).astype(float)
    columns["stage4"] = np.digitize(0.5 * base + rng.normal(size=N), [-0.8, 0.0, 0.8]).astype(float)
    for column in columns.values():
        column[rng.choice(N, N // 5, replace=False)] = np.nan
    return columns


def imputing(what: str, columns: dict[str, np.ndarray], kinds: list[str], mode: str) -> Line:
    """One line: the same columns, methods, imputations and cycles."""
    table = np.column_stack(list(columns.values()))

    def ours() -> Imputations:
        return impute(table, kinds=kinds, names=list(columns), imputations=M, iterations=CYCLES, seed=1)

    seconds = median_seconds(ours, runs=9)
    peer = r_peer("imputation.R", columns, mode)
    return Line(
        what=f"{M} imputations of {len(columns)} columns, n = {N}, {CYCLES} cycles: {what}",
        against="R mice",
        ratio=f"{peer.seconds / seconds:.0f}x faster",
        remark=f"bar 50; {within_chance(pooled(ours()), peer)}",
    )


def pooled(filled: Imputations) -> Pooled:
    """The first score on three others."""
    scores = [filled.column(f"score{i}") for i in range(4)]
    X = np.stack([np.ones_like(scores[0]), *scores[1:]], axis=-1)
    return linear_over_imputations(X, scores[0], terms=TERMS, covariance="classical")


def within_chance(ours: Pooled, peer: Peer) -> str:
    """Imputations are random, so that pooled coefficients agree up to their Monte Carlo errors."""
    b, error = (np.array([peer.answers[f"{name}{i}"] for i in range(1, 5)]) for name in ("b", "error"))
    gap = float((np.abs(ours.coefficients - b) / np.hypot(error, ours.monte_carlo_errors)).max())
    return f"pooled coefficients within {gap:.1f} Monte Carlo errors" if gap < 4 else "ANSWERS DIFFER"


def pooling(columns: dict[str, np.ndarray]) -> Line:
    """One linear model over the imputations, pooled."""
    table = np.column_stack([columns[f"score{i}"] for i in range(9)])
    filled = impute(table, kinds=["pmm"] * 9, names=[f"score{i}" for i in range(9)], imputations=M, seed=2)
    seconds = median_seconds(lambda: pooled(filled), runs=31)
    long = {"imp": np.repeat(np.arange(M, dtype=float), N)}
    long |= {f"score{i}": filled.column(f"score{i}").ravel() for i in range(4)}
    peer = r_peer("imputation.R", long, "pool")
    found = pooled(filled)
    theirs = [peer.answers[f"{name}{i}"] for name in ("b", "se") for i in range(1, 5)]
    same = np.allclose([*found.coefficients, *found.standard_errors], theirs, rtol=1e-9)
    return Line(
        what=f"linear model of 4 terms over {M} imputations, pooled",
        against="R mice and lm",
        ratio=f"{peer.seconds / seconds:.0f}x faster",
        remark="same numbers" if same else "ANSWERS DIFFER",
    )
