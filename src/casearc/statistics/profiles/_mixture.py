"""Mixtures of independent normals, fitted by StepMix from many random starts."""

from __future__ import annotations

import importlib
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from casearc.errors import MissingExtraError
from casearc.statistics._arrays import Matrix, Vector

TOLERANCE = 1e-11
"""Gain of the mean log-likelihood of a person below which the steps end."""

MOST_STEPS = 5_000

SAME_MAXIMUM = 1e-4
"""Log-likelihoods this close are those of one maximum."""

COLLAPSED = 0.01
"""A profile whose variance is below this share of the indicator's whole variance sits on a few equal scores: the
likelihood has no bound there (Hathaway 1985, Annals of Statistics 13:795-800), and such a maximum says nothing."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """The best of the starts, in the units of standardized indicators.

    Attributes
    ----------
    weights, means, variances, posterior
        Shapes (K,), (K, p), (K, p), (n, K).
    log_likelihood
        Of the standardized indicators.
    converged
        Whether the steps ended by themselves.
    reached, sound
        Starts that reached this maximum, of those that did not collapse.
    """

    weights: Vector
    means: Matrix
    variances: Matrix
    posterior: Matrix
    log_likelihood: float
    converged: bool
    reached: int
    sound: int


def stepmix() -> Any:
    """StepMix's module.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        return importlib.import_module("stepmix.stepmix")
    except ImportError as error:
        raise MissingExtraError(purpose="Latent profile analysis", extra="profiles") from error


def fit_mixture(Z: Matrix, profiles: int, *, starts: int, rng: np.random.Generator) -> Mixture | None:
    """The highest maximum that `starts` random starts find; None where all of them collapse."""
    engine = stepmix()
    seeds = rng.integers(0, 2**31 - 1, starts if profiles > 1 else 2)
    found = [each for seed in seeds if (each := _one_start(engine, Z, profiles, int(seed))) is not None]
    if not found:
        return None
    values = np.array([value for value, _ in found])
    value, model = found[int(values.argmax())]
    weights, (means, variances) = _parameters(model)
    return Mixture(
        weights=weights,
        means=means,
        variances=variances,
        posterior=np.asarray(model.predict_proba(Z), dtype=np.float64),
        log_likelihood=value,
        converged=bool(model.converged_),
        reached=int(np.count_nonzero(values > value - SAME_MAXIMUM)),
        sound=len(found),
    )


def _one_start(engine: Any, Z: Matrix, profiles: int, seed: int) -> tuple[float, Any] | None:
    model = engine.StepMix(
        n_components=profiles,
        measurement="gaussian_diag",
        measurement_params={"reg_covar": 0.0},
        n_init=1,
        init_params="random",
        abs_tol=TOLERANCE,
        max_iter=MOST_STEPS,
        random_state=seed,
        progress_bar=0,
    )
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # not settled or singular: both are read off the model below
        try:
            model.fit(Z)
        except (ValueError, FloatingPointError):  # scikit-learn's word for a profile without spread
            return None
        value = float(model.score(Z)) * Z.shape[0]
    _, (_, variances) = _parameters(model)
    sound = np.isfinite(value) and np.isfinite(variances).all() and float(variances.min()) >= COLLAPSED
    return (value, model) if sound else None


def _parameters(model: Any) -> tuple[Vector, tuple[Matrix, Matrix]]:
    parameters = model.get_parameters()
    measured = parameters["measurement"]
    return (
        np.asarray(parameters["weights"], dtype=np.float64),
        (
            np.asarray(measured["means"], dtype=np.float64),
            np.asarray(measured["covariances"], dtype=np.float64),
        ),
    )
