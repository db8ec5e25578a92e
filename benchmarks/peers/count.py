"""Beyond the data: poisson or nb, and how many refits."""

import sys
import time
import warnings

import numpy as np
import statsmodels.api as sm

warnings.simplefilter("ignore")
path, family, draws = sys.argv[1], sys.argv[2], int(sys.argv[3])
table = np.genfromtxt(path, delimiter=",", names=True)
X = sm.add_constant(np.column_stack([table[f"x{j}"] for j in range(1, 9)]))
y, exposure = table["y"], table["time"]


def fit(rows):
    kind = sm.Poisson if family == "poisson" else sm.NegativeBinomial
    return kind(y[rows], X[rows], exposure=exposure[rows]).fit(disp=0, maxiter=200).params


print("b", fit(np.arange(y.size))[1])
rng = np.random.default_rng(1)
start = time.perf_counter()
for _ in range(draws):
    fit(rng.integers(0, y.size, y.size))
print("seconds", time.perf_counter() - start)
