"""The same participants at two waves, or more: tests, estimates and effect sizes of change."""

from casearc.statistics.paired.effect_sizes import cohen_d_av, cohen_dz
from casearc.statistics.paired.paired_t import PairedT, paired_t
from casearc.statistics.paired.signed_rank import SignedRank, hodges_lehmann, wilcoxon_signed_rank

__all__ = [
    "PairedT",
    "SignedRank",
    "cohen_d_av",
    "cohen_dz",
    "hodges_lehmann",
    "paired_t",
    "wilcoxon_signed_rank",
]
