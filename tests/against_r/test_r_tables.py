"""Promise: tests on tables of counts give the numbers of base R, coin and psych."""

from __future__ import annotations

import pytest
from stored import DataSet, gap, load

from casearc.statistics.contingency import (
    bowker,
    bowker_exact,
    chi_square,
    fisher_exact,
    kappa,
    mcnemar_exact,
    stuart_maxwell,
)

SETS = load("tables")
SQUARE = [data for data in SETS if "bowker" in data.reference]
EXACT = [data for data in SQUARE if "exact" in data.reference]
CROSS = [data for data in SETS if "fisher" in data.reference]
CLOSED = 1e-8


@pytest.mark.parametrize("data", SQUARE, ids=str)
def test_transitions(data: DataSet) -> None:
    table = data.matrix()
    symmetry, margins = bowker(table), stuart_maxwell(table)
    assert (
        gap([symmetry.statistic, symmetry.p], [data.reference["bowker"], data.reference["bowker_p"]]) < CLOSED
    )
    theirs = [data.reference["stuart_maxwell"], data.reference["stuart_maxwell_p"]]
    assert gap([margins.statistic, margins.p], theirs) < CLOSED


@pytest.mark.parametrize("data", EXACT, ids=str)
def test_exact_symmetry(data: DataSet) -> None:
    table = data.matrix()
    assert gap(bowker_exact(table).p, data.reference["exact"]) < CLOSED
    if table.shape[0] == 2:
        assert gap(mcnemar_exact(table).p, data.reference["exact"]) < CLOSED


@pytest.mark.parametrize("data", SQUARE, ids=str)
def test_agreement(data: DataSet) -> None:
    plain = kappa(data.matrix())
    assert gap([plain.estimate, plain.se], [data.reference["kappa"], data.reference["kappa_se"]]) < CLOSED
    assert gap(kappa(data.matrix(), "quadratic").estimate, data.reference["quadratic_kappa"]) < CLOSED


@pytest.mark.parametrize("data", CROSS, ids=str)
def test_cross_tables(data: DataSet) -> None:
    result = chi_square(data.matrix())
    theirs = [data.reference[name] for name in ("chi_square", "chi_square_p", "smallest")]
    assert gap([result.statistic, result.p, result.smallest_expected], theirs) < CLOSED
    exact = fisher_exact(data.matrix())
    assert exact.draws is None
    assert gap(exact.p, data.reference["fisher"]) < CLOSED
