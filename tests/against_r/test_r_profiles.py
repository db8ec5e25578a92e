"""Promise: latent profiles reach the maximum that an EM written out in R, and mclust from there, reach."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.profiles import latent_profiles

pytest.importorskip("stepmix")

SETS = load("profiles")
ITERATIVE = 1e-5


@pytest.mark.parametrize("data", SETS, ids=str)
def test_profiles(data: DataSet) -> None:
    columns = data.columns
    indicators = np.column_stack([columns[name] for name in "abcd"[: int(columns["p"][0])]])
    profiles = int(data.reference["profiles"])
    names = list("abcd")[: indicators.shape[1]]
    found = latent_profiles(indicators, names=names, profiles=profiles, most=profiles, starts=6, rng_or_seed=1)
    ours = [found.fit.log_likelihood, found.fit.bic, found.fit.aic, found.fit.sabic]
    assert gap(ours, [data.reference[name] for name in ("log_likelihood", "bic", "aic", "sabic")]) < ITERATIVE
    assert gap(1.0 if found.fit.entropy is None else found.fit.entropy, data.reference["entropy"]) < ITERATIVE
    assert gap(found.shares, data.numbered("share")) < ITERATIVE
    assert gap(found.means, data.numbered("mean")) < ITERATIVE
    assert gap(found.sds, data.numbered("sd")) < ITERATIVE
