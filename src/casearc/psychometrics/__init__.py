"""Can a measure be trusted here: consistency, item statistics, one factor, retest, error of measurement."""

from casearc.psychometrics.consistency import (
    Alpha,
    Omega,
    alpha_replicates,
    cronbach_alpha,
    omega_replicates,
    omega_total,
)
from casearc.psychometrics.intraclass import Intraclass, IntraclassForm, IntraclassTable, intraclass_correlations
from casearc.psychometrics.items import ItemStatistics, item_statistics
from casearc.psychometrics.measurement_error import MeasurementError, standard_error_of_measurement
from casearc.psychometrics.one_factor import OneFactorFit, one_factor
from casearc.psychometrics.retest import RetestReliability, retest_reliability

__all__ = [
    "Alpha",
    "Intraclass",
    "IntraclassForm",
    "IntraclassTable",
    "ItemStatistics",
    "MeasurementError",
    "Omega",
    "OneFactorFit",
    "RetestReliability",
    "alpha_replicates",
    "cronbach_alpha",
    "intraclass_correlations",
    "item_statistics",
    "omega_replicates",
    "omega_total",
    "one_factor",
    "retest_reliability",
    "standard_error_of_measurement",
]
