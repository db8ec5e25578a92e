"""Logistic and multinomial models on degenerate data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from cases import Case

from casearc.statistics.categorical import (
    average_contrast,
    average_marginal_effects,
    average_probability,
    bootstrap_multinomial,
    calibration,
    classification_table,
    events_per_variable,
    likelihood_ratio_tests,
    logistic,
    multinomial,
    multinomial_draws,
    odds_ratios,
    predict_probabilities,
    predicted_probability,
    profile_intervals,
    separation,
)
from casearc.statistics.resampling import case_weights

STAGES = ("0", "1", "2", "3")


def few(case: Case) -> dict[str, object]:
    """One slope and four stages."""
    return {"design": case.design("dose"), "outcome": case.stage, "terms": ["constant", "dose"], "levels": STAGES}


def several(case: Case) -> dict[str, object]:
    """Three slopes and four stages: twelve coefficients."""
    terms = ["constant", "dose", "other", "flag"]
    return {"design": case.design(*terms[1:]), "outcome": case.stage, "terms": terms, "levels": STAGES}


def binary(case: Case) -> dict[str, object]:
    """Two slopes and a yes or no."""
    return {"design": case.design("dose", "flag"), "outcome": case.yes, "terms": ["constant", "dose", "flag"]}


def moved(case: Case, dose: float) -> np.ndarray:
    design = case.design("dose")
    design[:, 1] = dose
    return design


METHODS: dict[str, Callable[[Case], object]] = {
    "logistic": lambda case: logistic(**binary(case)),
    "logistic, profile": lambda case: logistic(**binary(case), interval="profile"),
    "logistic, Firth": lambda case: logistic(**binary(case), penalty="firth"),
    "logistic, clusters": lambda case: logistic(**binary(case), clusters=case.cluster),
    "multinomial": lambda case: multinomial(**few(case)),
    "multinomial, profile": lambda case: multinomial(**few(case), interval="profile"),
    "multinomial, Firth": lambda case: multinomial(**several(case), penalty="firth"),
    "multinomial, Firth, Wald": lambda case: multinomial(**few(case), penalty="firth", interval="wald"),
    "multinomial, clusters": lambda case: multinomial(**few(case), clusters=case.cluster),
    "odds ratios": lambda case: odds_ratios(multinomial(**few(case), penalty="firth")),
    "separation": lambda case: separation(**few(case)),
    "tests of predictors": lambda case: likelihood_ratio_tests(**few(case)),
    "tests of predictors, Firth": lambda case: likelihood_ratio_tests(**several(case), penalty="firth"),
    "profile of one term": lambda case: profile_intervals(**few(case), term="dose"),
    "profile of one term, maximum likelihood": lambda case: profile_intervals(**few(case), term="dose", penalty="none"),
    "predictions": lambda case: predict_probabilities(multinomial(**few(case)), case.design("dose")),
    "predictions with intervals": lambda case: predicted_probability(multinomial(**few(case)), case.design("dose")),
    "average probability": lambda case: average_probability(
        multinomial(**few(case), penalty="firth"), [moved(case, 1.0), moved(case, 9.0)]
    ),
    "marginal effects": lambda case: average_marginal_effects(
        multinomial(**several(case), penalty="firth"), case.design("dose", "other", "flag")
    ),
    "marginal effects, yes or no": lambda case: average_marginal_effects(
        logistic(**binary(case)).multinomial, case.design("dose", "flag")
    ),
    "contrast": lambda case: average_contrast(multinomial(**few(case)), moved(case, 1.0), moved(case, 9.0)),
    "contrast, Firth": lambda case: average_contrast(
        multinomial(**few(case), penalty="firth"), moved(case, 1.0), moved(case, 9.0)
    ),
    "events per variable": lambda case: events_per_variable(case.stage, levels=STAGES, slopes=3),
    "classification": lambda case: classification_table(**few(case)),
    "classification, Firth": lambda case: classification_table(**several(case), penalty="firth"),
    "classification, bootstrap": lambda case: classification_table(
        **few(case), correction="bootstrap", draws=40, rng_or_seed=1
    ),
    "calibration": lambda case: calibration(**few(case)),
    "calibration, Firth, corrected": lambda case: calibration(**few(case), penalty="firth", draws=40, rng_or_seed=1),
    "bootstrap": lambda case: bootstrap_multinomial(**few(case), rng_or_seed=1, draws=200),
    "bootstrap, Firth, averages": lambda case: bootstrap_multinomial(
        **few(case), rng_or_seed=1, draws=200, penalty="firth", designs={"1": moved(case, 1.0), "9": moved(case, 9.0)}
    ),
    "draws": lambda case: multinomial_draws(
        **few(case), draws=case_weights(case.dose.size, draws=50, rng_or_seed=1), penalty="firth"
    ),
}
