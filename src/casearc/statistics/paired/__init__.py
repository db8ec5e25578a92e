"""The same participants at two waves, or more: tests, estimates and effect sizes of change."""

from casearc.statistics.paired.contrasts import PairedContrasts, paired_contrasts
from casearc.statistics.paired.detectable import smallest_dz
from casearc.statistics.paired.effect_sizes import cohen_d_av, cohen_dz
from casearc.statistics.paired.friedman import Friedman, friedman
from casearc.statistics.paired.hodges_lehmann import hodges_lehmann
from casearc.statistics.paired.paired_t import PairedT, paired_t
from casearc.statistics.paired.permutation import SignFlipTest, paired_permutation
from casearc.statistics.paired.rank_biserial import rank_biserial
from casearc.statistics.paired.repeated_measures import RepeatedMeasures, repeated_measures_anova
from casearc.statistics.paired.replicates import CHANGE_TERMS, RANK_TERMS, change_replicates, rank_replicates
from casearc.statistics.paired.sign_test import SignTest, sign_test
from casearc.statistics.paired.signed_rank import SignedRank, wilcoxon_signed_rank

__all__ = [
    "CHANGE_TERMS",
    "RANK_TERMS",
    "Friedman",
    "PairedContrasts",
    "PairedT",
    "RepeatedMeasures",
    "SignFlipTest",
    "SignTest",
    "SignedRank",
    "change_replicates",
    "cohen_d_av",
    "cohen_dz",
    "friedman",
    "hodges_lehmann",
    "paired_contrasts",
    "paired_permutation",
    "paired_t",
    "rank_biserial",
    "rank_replicates",
    "repeated_measures_anova",
    "sign_test",
    "smallest_dz",
    "wilcoxon_signed_rank",
]
