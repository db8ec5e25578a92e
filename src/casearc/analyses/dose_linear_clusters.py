"""A linear dose model with an intercept for each cluster: what is told of it in place of the least-squares fit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from casearc.analyses.model_frame import ModelFrame
from casearc.findings import Cell, Number, Quantity, Sentence
from casearc.statistics.linear import LinearFit, predicted_mean
from casearc.statistics.mixed import MixedFit, mixed, mixed_contrast

Floats = npt.NDArray[np.float64]

PlannedFit = LinearFit | MixedFit
"""The fit that the plan asks for; of both kinds the tables read coefficients, their errors, t, p and limits."""

CLUSTERS = {"staff_id": "case manager", "site": "site"}


def cluster_fit(frame: ModelFrame, clusters: npt.NDArray[np.intp], *, level: float) -> MixedFit:
    """The model of `frame` with an intercept for each cluster. Raises StatisticsRefusedError where clusters are few."""
    return mixed(
        frame.design,
        frame.outcome,
        groups=clusters,
        terms=[term.name for term in frame.terms],
        random_terms=("cluster",),
        level=level,
    )


def prediction(fit: PlannedFit, rows: Floats) -> tuple[Floats, Floats, Floats]:
    """Predicted means at `rows` (m, k) and their limits; of a model with intercepts, in an average cluster."""
    if isinstance(fit, MixedFit):
        found = mixed_contrast(fit, rows)
        return found.estimate, found.low, found.high
    predicted = predicted_mean(fit, rows)
    return predicted.mean, predicted.low, predicted.high


def cluster_name(frame: ModelFrame) -> str:
    """What the clusters of a model are."""
    return CLUSTERS[frame.model.cluster or "site"]


def cluster_sentence(frame: ModelFrame, fit: MixedFit) -> Sentence:
    """How alike people of one cluster are beyond what the terms say of them."""
    name = cluster_name(frame)
    if fit.singular:
        return Sentence(
            f"With an intercept for each {name}: at equal terms people of one {name} were no more alike than others."
        )
    return Sentence(
        f"With an intercept for each {name}: at equal terms two people of one {name} correlate {{icc}}.",
        {"icc": Number(fit.icc or 0.0, Quantity.RELIABILITY, frame.key)},
    )


def cluster_note(frame: ModelFrame) -> str:
    """How standard errors were made, for the note under the coefficients."""
    return f"an intercept for each {cluster_name(frame)}, with Kenward and Roger's degrees of freedom"


def cluster_entries(frame: ModelFrame, fit: MixedFit) -> tuple[tuple[str, Cell], ...]:
    """Rows of the table of fit after n."""
    key, name = frame.key, cluster_name(frame)
    return (
        (f"SD between {name}s", Number(float(fit.random_sds[0]), Quantity.SD, key)),
        (f"SD within a {name}", Number(fit.residual_sd, Quantity.SD, key)),
        (f"Correlation within a {name}", Number(fit.icc or 0.0, Quantity.RELIABILITY, key)),
        # beside the SDs it would give n away
        ("-2 log likelihood (restricted)", Number(fit.criterion, Quantity.DF, key)),
    )
