"""Cross tables: independence, change of stage (square tables), agreement."""

from casearc.statistics.contingency.agreement import Kappa, kappa
from casearc.statistics.contingency.cramers_v import CramersV, cramers_v
from casearc.statistics.contingency.independence import ChiSquare, FisherExact, chi_square, fisher_exact
from casearc.statistics.contingency.mcnemar import McNemar, mcnemar
from casearc.statistics.contingency.ordered import OrderedTransition, moved_up_or_down, ordered_homogeneity
from casearc.statistics.contingency.square import SymmetryTest, bowker, bowker_exact, stuart_maxwell

__all__ = [
    "ChiSquare",
    "CramersV",
    "FisherExact",
    "Kappa",
    "McNemar",
    "OrderedTransition",
    "SymmetryTest",
    "bowker",
    "bowker_exact",
    "chi_square",
    "cramers_v",
    "fisher_exact",
    "kappa",
    "mcnemar",
    "moved_up_or_down",
    "ordered_homogeneity",
    "stuart_maxwell",
]
