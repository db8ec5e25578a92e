"""The same participants at two waves, or more: tests, estimates and effect sizes of change."""

from casearc.statistics.paired.detectable import smallest_dz
from casearc.statistics.paired.effect_sizes import cohen_d_av, cohen_dz
from casearc.statistics.paired.hodges_lehmann import hodges_lehmann
from casearc.statistics.paired.paired_t import PairedT, paired_t
from casearc.statistics.paired.rank_biserial import rank_biserial
from casearc.statistics.paired.sign_test import SignTest, sign_test
from casearc.statistics.paired.signed_rank import SignedRank, wilcoxon_signed_rank

__all__ = [
    "PairedT",
    "SignTest",
    "SignedRank",
    "cohen_d_av",
    "cohen_dz",
    "hodges_lehmann",
    "paired_t",
    "rank_biserial",
    "sign_test",
    "smallest_dz",
    "wilcoxon_signed_rank",
]
