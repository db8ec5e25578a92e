"""Multiple imputation, pooling by Rubin's rules, joint tests over imputations, and the tipping point."""

from casearc.statistics.imputation.diagnostics import (
    ColumnSummary,
    ImputationsNeeded,
    LevelShares,
    imputations_needed,
)
from casearc.statistics.imputation.fits import fit_each, linear_over_imputations, pool_fits
from casearc.statistics.imputation.impute import Imputations, choose_predictors, impute
from casearc.statistics.imputation.joint_tests import (
    JointTest,
    d1_test,
    d3_test,
    d4_test,
    likelihood_ratio_over_imputations,
)
from casearc.statistics.imputation.pooling import Pooled, PooledRSquared, barnard_rubin, pool, pool_r_squared
from casearc.statistics.imputation.tipping import DeltaRow, TippingPoint, tipping_point

__all__ = [
    "ColumnSummary",
    "DeltaRow",
    "Imputations",
    "ImputationsNeeded",
    "JointTest",
    "LevelShares",
    "Pooled",
    "PooledRSquared",
    "TippingPoint",
    "barnard_rubin",
    "choose_predictors",
    "d1_test",
    "d3_test",
    "d4_test",
    "fit_each",
    "imputations_needed",
    "impute",
    "likelihood_ratio_over_imputations",
    "linear_over_imputations",
    "pool",
    "pool_fits",
    "pool_r_squared",
    "tipping_point",
]
