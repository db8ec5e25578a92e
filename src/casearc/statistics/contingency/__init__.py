"""Cross tables: independence, change of stage (square tables), agreement."""

from casearc.statistics.contingency.agreement import Kappa, kappa
from casearc.statistics.contingency.independence import ChiSquare, FisherExact, chi_square, fisher_exact
from casearc.statistics.contingency.square import (
    ExactMcNemar,
    SymmetryTest,
    bowker,
    bowker_exact,
    mcnemar_exact,
    stuart_maxwell,
)

__all__ = [
    "ChiSquare",
    "ExactMcNemar",
    "FisherExact",
    "Kappa",
    "SymmetryTest",
    "bowker",
    "bowker_exact",
    "chi_square",
    "fisher_exact",
    "kappa",
    "mcnemar_exact",
    "stuart_maxwell",
]
