"""Linear mixed models: everybody with whatever measurements there are."""

from casearc.statistics.mixed.components import VarianceComponents, VarianceTest, variance_components, variance_test
from casearc.statistics.mixed.contrast import MixedContrast, mixed_contrast
from casearc.statistics.mixed.effects import RandomEffects, random_effects
from casearc.statistics.mixed.fit import MixedFit, mixed
from casearc.statistics.mixed.likeness import Likeness, icc_interval, likeness
from casearc.statistics.mixed.replicates import MixedReplicates, mixed_many, mixed_replicates

__all__ = [
    "Likeness",
    "MixedContrast",
    "MixedFit",
    "MixedReplicates",
    "RandomEffects",
    "VarianceComponents",
    "VarianceTest",
    "icc_interval",
    "likeness",
    "mixed",
    "mixed_contrast",
    "mixed_many",
    "mixed_replicates",
    "random_effects",
    "variance_components",
    "variance_test",
]
