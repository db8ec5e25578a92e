"""Refits of a multinomial model to bootstrap draws by statsmodels; columns x1-x8, y and w1, w2 ... of each draw."""

from __future__ import annotations

import csv
import sys
import time
import warnings

import numpy as np
import statsmodels.api as sm

warnings.simplefilter("ignore")
with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
X = np.array([[1.0, *(float(row[f"x{j}"]) for j in range(1, 9))] for row in rows])
y = np.array([int(float(row["y"])) for row in rows])
draws = int(sys.argv[2])
chosen = [np.repeat(np.arange(y.size), [int(float(row[f"w{d}"])) for row in rows]) for d in range(1, draws + 1)]
values: dict[int, float] = {}
start = time.perf_counter()
for d, sample in enumerate(chosen, start=1):
    try:
        fit = sm.MNLogit(y[sample], X[sample]).fit(disp=0)
    except Exception:
        continue
    if fit.mle_retvals["converged"]:
        values[d] = fit.llf
print("seconds", time.perf_counter() - start)
for d, value in values.items():
    print(f"draw{d}", f"{value:.10g}")
