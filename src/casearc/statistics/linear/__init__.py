"""Linear regression and everything read off one."""

from casearc.statistics.linear.checks import (
    AssumptionChecks,
    Check,
    VarianceInflation,
    assumption_checks,
    variance_inflation,
)
from casearc.statistics.linear.effects import TermEffects, term_effects
from casearc.statistics.linear.fit import LinearFit, linear
from casearc.statistics.linear.influence import Influence, LeaveOneOut, influence, leave_one_out
from casearc.statistics.linear.prediction import PredictedMean, predicted_mean
from casearc.statistics.linear.replicates import bootstrap_linear, linear_replicate_errors, linear_replicates
from casearc.statistics.linear.splines import (
    SplineCurve,
    SplineFit,
    linear_spline,
    spline_basis,
    spline_curve,
    spline_knots,
)

__all__ = [
    "AssumptionChecks",
    "Check",
    "Influence",
    "LeaveOneOut",
    "LinearFit",
    "PredictedMean",
    "SplineCurve",
    "SplineFit",
    "TermEffects",
    "VarianceInflation",
    "assumption_checks",
    "bootstrap_linear",
    "influence",
    "leave_one_out",
    "linear",
    "linear_replicate_errors",
    "linear_replicates",
    "linear_spline",
    "predicted_mean",
    "spline_basis",
    "spline_curve",
    "spline_knots",
    "term_effects",
    "variance_inflation",
]
