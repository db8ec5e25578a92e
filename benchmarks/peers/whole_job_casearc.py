"""An analyst's whole job with Casearc as a library, from CSV files to intervals. Argument: the folder."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

from casearc.instruments import load
from casearc.psychometrics import cronbach_alpha
from casearc.scoring import score
from casearc.statistics.categorical import multinomial, multinomial_draws
from casearc.statistics.linear import bootstrap_linear, linear
from casearc.statistics.paired import change_replicates, paired_t
from casearc.statistics.resampling import case_weights, percentile_interval

DRAWS = 2000
PARTS = ("precontemplation", "contemplation", "action", "maintenance")
SCALES = ("mspss_total", "cop_se_total", *(f"urica_{part}" for part in PARTS))
CHANGES = ("mspss_total", "cop_se_total", "urica_action", "urica_maintenance")
STAGE = "urica_stage_habits"
LEVELS = ("precontemplation", "contemplation", "preparation_action")


def main(folder: Path) -> None:
    answers = {name: pl.read_csv(folder / f"{name}.csv") for name in ("mspss", "cop_se", "urica")}
    for scale in SCALES:
        consistency(scale, answers[scale.rsplit("_", 1)[0]])
    both = waves({name: score(frame, name) for name, frame in answers.items()})
    for name in CHANGES:
        change(name, both)
    people = both.join(pl.read_csv(folder / "people.csv"), on="person").sort("person")
    dose(people)
    stages(people)


def say(name: str, value: float) -> None:
    print(name, f"{value:.17g}")


def bounded(name: str, low: float, high: float) -> None:
    say(f"{name}_low", low)
    say(f"{name}_high", high)


def consistency(scale: str, frame: pl.DataFrame) -> None:
    instrument = scale.rsplit("_", 1)[0]
    key = next(each for each in load(instrument).scores if each.id == scale)
    columns = [f"{instrument}_{item}" for item in key.items]
    items = frame.filter(pl.col("wave") == 1).select(columns).drop_nulls().to_numpy()
    found = cronbach_alpha(items, interval="percentile", draws=DRAWS, rng_or_seed=1)
    say(f"alpha_{scale}", found.alpha)
    bounded(f"alpha_{scale}", found.low, found.high)


def waves(scored: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """One row a participant: every score before and after."""
    whole, *others = (frame.drop("administration_id", "key_version") for frame in scored.values())
    for each in others:
        whole = whole.join(each, on=("person", "wave"))
    kept = whole.select("person", "wave", *CHANGES, STAGE)
    before, after = (kept.filter(pl.col("wave") == wave).drop("wave") for wave in (1, 2))
    return before.join(after, on="person", suffix="_after")


def change(name: str, both: pl.DataFrame) -> None:
    pairs = both.select(name, f"{name}_after").drop_nulls().to_numpy()
    test = paired_t(pairs[:, 0], pairs[:, 1])
    weights = case_weights(len(pairs), draws=DRAWS, rng_or_seed=1)
    interval = percentile_interval(change_replicates(pairs[:, 0], pairs[:, 1], weights))
    say(f"p_{name}", test.p)
    for i, (what, estimate) in enumerate((("change", test.difference), ("dz", test.difference / test.sd_difference))):
        say(f"{what}_{name}", estimate)
        bounded(f"{what}_{name}", interval.low[i], interval.high[i])


def design(people: pl.DataFrame, *columns: str) -> np.ndarray:
    return np.column_stack([np.ones(people.height), people.select(columns).to_numpy()])


def dose(people: pl.DataFrame) -> None:
    known = people.drop_nulls(("mspss_total", "mspss_total_after"))
    terms = ("constant", "months", "mspss_total", "age", "boy")
    X, y = design(known, *terms[1:]), known["mspss_total_after"].to_numpy()
    fit = linear(X, y, terms=terms)
    interval = bootstrap_linear(X, y, terms=terms, draws=DRAWS, rng_or_seed=1, method="percentile")
    for i in range(len(terms)):
        say(f"ols{i}", fit.coefficients[i])
        say(f"olsse{i}", fit.standard_errors[i])
        bounded(f"ols{i}", interval.low[i], interval.high[i])


def stages(people: pl.DataFrame) -> None:
    known = people.drop_nulls(("mspss_total", f"{STAGE}_after"))
    terms, levels = ("constant", "months", "mspss_total", "age"), LEVELS
    X = design(known, *terms[1:])
    y = np.array([LEVELS.index(stage) for stage in known[f"{STAGE}_after"]])
    fit = multinomial(X, y, terms=terms, levels=levels)
    weights = case_weights(y.size, draws=DRAWS, rng_or_seed=1)
    refits = multinomial_draws(X, y, weights, terms=terms, levels=levels)
    interval = percentile_interval(refits.coefficients.reshape(refits.fitted.size, -1))
    for i, coefficient in enumerate(fit.coefficients.ravel()):
        say(f"stage{i}", coefficient)
        bounded(f"stage{i}", interval.low[i], interval.high[i])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
