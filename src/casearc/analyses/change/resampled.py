"""The mean change by bootstrap: participants drawn anew, each whole, within site where the plan knows sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casearc.analyses.attempt import attempt
from casearc.statistics.resampling import BootstrapIntervals, bca_interval, case_weights, percentile_interval
from casearc.study import StudyPlan

Floats = npt.NDArray[np.float64]
Sites = npt.NDArray[np.object_]
"""The site of each participant; those without one share the empty name."""

FEWEST_DRAWN = 5
"""Of fewer people hardly any samples differ: ten of three people, 126 of five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResampledChange:
    """Intervals of the mean change, both from the same draws, expanded for so few participants."""

    percentile: BootstrapIntervals
    bca: BootstrapIntervals


def within_site(plan: StudyPlan) -> bool:
    """Whether participants are drawn within their site: where it is the cluster of a model."""
    return any(model.cluster == "site" for model in plan.models)


def resampled_change(plan: StudyPlan, change: Floats, sites: Sites) -> ResampledChange | None:
    """Bootstrap intervals of the mean change; None where the plan asks for none or none can be had."""
    if not plan.inference.bootstrap or change.size < FEWEST_DRAWN:
        return None
    return attempt(lambda: _intervals(plan, change, sites if within_site(plan) else None))


def _intervals(plan: StudyPlan, change: Floats, sites: Sites | None) -> ResampledChange:
    n, level = change.size, 1 - plan.inference.alpha
    weights = case_weights(n, draws=plan.inference.bootstrap, rng_or_seed=plan.seed, strata=sites)
    means, mean = weights @ change / n, [float(change.mean())]
    left_out = mean[0] - _from_own_mean(change, sites) / (n - 1)
    return ResampledChange(
        percentile=percentile_interval(means, level, estimate=mean, participants=n),
        bca=bca_interval(mean, means, jackknife_values=left_out, level=level, participants=n),
    )


def _from_own_mean(change: Floats, sites: Sites | None) -> Floats:
    """Each change less the mean change of its site, or of all."""
    if sites is None:
        return np.asarray(change - change.mean(), dtype=np.float64)
    site = np.unique(sites.astype(np.str_), return_inverse=True)[1]
    means = np.bincount(site, change) / np.bincount(site)
    return np.asarray(change - means[site], dtype=np.float64)
