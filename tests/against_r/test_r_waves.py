"""Promise: waves compared give the numbers of R's anova.mlm, mauchly.test, aov, friedman.test and pairwise.t.test."""

from __future__ import annotations

import numpy as np
import pytest
from stored import gap, load

from casearc.statistics.paired import friedman, paired_contrasts, repeated_measures_anova

SETS = load("waves")
CLOSED = 1e-8


@pytest.mark.parametrize("part", range(4))
def test_repeated_measures(part: int) -> None:
    assert len(SETS) >= 200
    for data in SETS[part::4]:
        result = repeated_measures_anova(data.matrix())
        ours = [result.f, result.p, result.epsilon_greenhouse_geisser, result.epsilon_huynh_feldt]
        assert gap(ours, [data.reference[name] for name in ("f", "p", "gg", "hf")]) < CLOSED, data
        ours = [result.p_greenhouse_geisser, result.p_huynh_feldt, result.partial_eta_squared]
        assert gap(ours, [data.reference[name] for name in ("p_gg", "p_hf", "partial")]) < CLOSED, data
        assert gap(result.generalized_eta_squared, data.reference["generalized"]) < CLOSED, data
        theirs = [data.reference["multivariate"], data.reference["multivariate_p"]]
        assert gap([result.multivariate_f, result.multivariate_p], theirs) < CLOSED, data


def test_mauchly() -> None:
    """R multiplies by the number of waves in one term where the formula has the number of contrasts."""
    apart = []
    for data in SETS:
        result = repeated_measures_anova(data.matrix())
        if "w" not in data.reference:
            assert result.mauchly_w is None
            continue
        theirs = [data.reference["w"], data.reference["mauchly_p"]]
        assert gap([result.mauchly_w, result.mauchly_p], theirs) < CLOSED, data
        apart.append((result.waves, abs(data.reference["mauchly_printed"] - data.reference["mauchly_p"])))
    assert max(gap for waves, gap in apart if waves == 3) < CLOSED
    assert 1e-6 < max(gap for _, gap in apart) < 0.02


def test_friedman() -> None:
    compared = [data for data in SETS if "friedman" in data.reference]
    assert len(compared) >= 140
    for data in compared:
        chi = friedman(data.matrix(), method="chi_square")
        assert gap([chi.statistic, chi.p], [data.reference["friedman"], data.reference["friedman_p"]]) < CLOSED, data
        f = friedman(data.matrix(), method="f")
        if f.f_statistic is not None:
            assert gap([f.f_statistic, f.p], [data.reference["iman"], data.reference["iman_p"]]) < CLOSED, data


def test_exact_friedman_counts_every_order() -> None:
    compared = [data for data in SETS if "friedman_exact" in data.reference]
    assert len(compared) >= 20
    for data in compared:
        result = friedman(data.matrix())
        assert result.method == "exact"
        assert gap(result.p, data.reference["friedman_exact"]) < CLOSED, data


def test_contrasts() -> None:
    for data in SETS:
        if "holm1" not in data.reference:
            continue
        Y = data.matrix()
        result = paired_contrasts(Y, waves=[f"wave {j}" for j in range(Y.shape[1])])
        assert gap(result.p_holm, data.numbered("holm")) < CLOSED, data
        assert np.allclose(result.difference, [Y[:, j].mean() - Y[:, i].mean() for i, j in combined(Y.shape[1])])


def combined(k: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(k) for j in range(i + 1, k)]
