"""An analyst's whole job with pandas, pingouin and statsmodels, 2,000 bootstraps of each estimate.

Argument: a folder with mspss.csv, cop_se.csv, urica.csv and people.csv.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin as pg
import statsmodels.formula.api as smf

warnings.simplefilter("ignore")
DRAWS = 2000
FOLDER = Path(sys.argv[1])
RNG = np.random.default_rng(1)
FRAMES = {name: pd.read_csv(FOLDER / f"{name}.csv") for name in ("mspss", "cop_se", "urica", "people")}
SCALES = {
    "mspss_total": ("mspss", range(1, 13), 10),
    "cop_se_total": ("cop_se", range(1, 27), 21),
    "urica_precontemplation": ("urica", (1, 5, 11, 13, 23, 26, 29), 6),
    "urica_contemplation": ("urica", (2, 8, 12, 15, 19, 21, 24), 6),
    "urica_action": ("urica", (3, 7, 10, 14, 17, 25, 30), 6),
    "urica_maintenance": ("urica", (6, 16, 18, 22, 27, 28, 32), 6),
}


def say(name, value):
    print(name, f"{value:.17g}")


def bounded(name, values):
    low, high = np.nanquantile(values, (0.025, 0.975))
    say(f"{name}_low", low)
    say(f"{name}_high", high)


def resamples(frame):
    for _ in range(DRAWS):
        yield frame.sample(len(frame), replace=True, random_state=RNG)


def items(scale):
    instrument, numbers, _ = SCALES[scale]
    return FRAMES[instrument][[f"{instrument}_{i}" for i in numbers]]


for scale in SCALES:
    answers = items(scale)[FRAMES["mspss"]["wave"] == 1].dropna()
    say(f"alpha_{scale}", pg.cronbach_alpha(answers)[0])
    bounded(f"alpha_{scale}", [pg.cronbach_alpha(sample)[0] for sample in resamples(answers)])

scores = FRAMES["mspss"][["person", "wave"]].copy()
for scale, (_, _, fewest) in SCALES.items():
    answers = items(scale)
    scores[scale] = answers.mean(axis=1).where(answers.notna().sum(axis=1) >= fewest)
scores["cop_se_total"] *= 26
readiness = scores.urica_contemplation + scores.urica_action + scores.urica_maintenance - scores.urica_precontemplation
scores["stage"] = pd.cut(readiness, [-np.inf, 8, 11, np.inf], labels=[0, 1, 2]).astype(float)
both = scores[scores.wave == 1].merge(scores[scores.wave == 2], on="person", suffixes=("", "_after"))

for name in ("mspss_total", "cop_se_total", "urica_action", "urica_maintenance"):
    pairs = both[[name, f"{name}_after"]].dropna()
    difference = pairs[f"{name}_after"] - pairs[name]
    say(f"p_{name}", pg.ttest(pairs[f"{name}_after"], pairs[name], paired=True)["p_val"].iloc[0])
    again = np.array([(sample.mean(), sample.mean() / sample.std()) for sample in resamples(difference)])
    for i, what in enumerate(("change", "dz")):
        say(f"{what}_{name}", (difference.mean(), difference.mean() / difference.std())[i])
        bounded(f"{what}_{name}", again[:, i])

data = both.merge(FRAMES["people"], on="person")
formula = "mspss_total_after ~ months + mspss_total + age + boy"
later = data.dropna(subset=["mspss_total_after", "mspss_total"])
fit = smf.ols(formula, later).fit(cov_type="HC3")
again = np.array([smf.ols(formula, sample).fit().params for sample in resamples(later)])
for i in range(5):
    say(f"ols{i}", fit.params.iloc[i])
    say(f"olsse{i}", fit.bse.iloc[i])
    bounded(f"ols{i}", again[:, i])

formula = "stage_after ~ months + mspss_total + age"
staged = data.dropna(subset=["stage_after", "mspss_total"])
fit = smf.mnlogit(formula, staged).fit(disp=0)
again = np.array([smf.mnlogit(formula, sample).fit(disp=0).params.T.to_numpy().ravel() for sample in resamples(staged)])
for i, value in enumerate(fit.params.T.to_numpy().ravel()):
    say(f"stage{i}", value)
    bounded(f"stage{i}", again[:, i])
