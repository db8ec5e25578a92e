"""Linear mixed models: everybody with whatever measurements there are."""

from casearc.statistics.mixed.contrast import MixedContrast, mixed_contrast
from casearc.statistics.mixed.fit import MixedFit, RandomEffects, mixed, random_effects
from casearc.statistics.mixed.likeness import Likeness, likeness
from casearc.statistics.mixed.replicates import MixedReplicates, mixed_many, mixed_replicates

__all__ = [
    "Likeness",
    "MixedContrast",
    "MixedFit",
    "MixedReplicates",
    "RandomEffects",
    "likeness",
    "mixed",
    "mixed_contrast",
    "mixed_many",
    "mixed_replicates",
    "random_effects",
]
