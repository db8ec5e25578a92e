"""A linear model with HC3 errors and its bootstrap by statsmodels; columns x1-x8, y and w1, w2 ... of each draw.

Argument after the data: how many draws, and "HC3" or "nonrobust" for the refits (the latter is less work than asked).
"""

from __future__ import annotations

import csv
import sys
import time

import numpy as np
import statsmodels.api as sm

with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
X = np.array([[1.0, *(float(row[f"x{j}"]) for j in range(1, 9))] for row in rows])
y = np.array([float(row["y"]) for row in rows])
draws = int(sys.argv[2])
chosen = [np.repeat(np.arange(y.size), [int(float(row[f"w{d}"])) for row in rows]) for d in range(1, draws + 1)]
slopes, errors = np.empty(draws), np.empty(draws)
start = time.perf_counter()
fit = sm.OLS(y, X).fit(cov_type="HC3")
for d, sample in enumerate(chosen):
    refit = sm.OLS(y[sample], X[sample]).fit(cov_type=sys.argv[3])
    slopes[d] = refit.params[1]
    if sys.argv[3] == "HC3":
        errors[d] = refit.bse[1]
print("seconds", time.perf_counter() - start)
print("b", repr(float(fit.params[1])))
print("se", repr(float(fit.bse[1])))
print("slope_sum", repr(float(slopes.sum())))
print("error_sum", repr(float(errors.sum())) if sys.argv[3] == "HC3" else 0.0)
