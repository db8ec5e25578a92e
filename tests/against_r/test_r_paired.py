"""Promise: change scores give the numbers of R's t.test, wilcox.test and coin, ties and zeros included."""

from __future__ import annotations

import pytest
from stored import DataSet, gap, load

from casearc.statistics.paired import cohen_dz, hodges_lehmann, paired_t, wilcoxon_signed_rank

SETS = load("paired")
CLOSED = 1e-8


@pytest.mark.parametrize("data", SETS, ids=str)
def test_paired_t(data: DataSet) -> None:
    result = paired_t(data.columns["before"], data.columns["after"])
    for name in ("t", "p", "low", "high", "difference", "sd_difference"):
        assert gap(getattr(result, name), data.reference[name]) < CLOSED, name


@pytest.mark.parametrize("data", SETS, ids=str)
def test_cohen_dz_with_its_exact_interval(data: DataSet) -> None:
    result = cohen_dz(data.columns["after"] - data.columns["before"])
    assert gap(result.estimate, data.reference["dz"]) < CLOSED
    assert gap([result.low, result.high], [data.reference["dz_low"], data.reference["dz_high"]]) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_signed_rank(data: DataSet) -> None:
    differences = data.columns["after"] - data.columns["before"]
    for zeros, theirs in (("wilcox", "wilcoxon"), ("pratt", "pratt")):
        exact = wilcoxon_signed_rank(differences, method="exact", zeros=zeros)
        assert gap(exact.p, data.reference[f"exact_{theirs}"]) < CLOSED
        plain = wilcoxon_signed_rank(differences, method="asymptotic", zeros=zeros, continuity=False)
        assert gap(plain.p, data.reference[f"normal_{theirs}"]) < CLOSED
    corrected = wilcoxon_signed_rank(differences, method="asymptotic")
    assert corrected.v == data.reference["v"]
    assert gap(corrected.p, data.reference["normal_corrected"]) < CLOSED


UNTIED = [data for data in SETS if "hodges_lehmann" in data.reference]


@pytest.mark.parametrize("data", UNTIED, ids=str)
def test_hodges_lehmann(data: DataSet) -> None:
    differences = data.columns["after"] - data.columns["before"]
    assert gap(wilcoxon_signed_rank(differences).p, data.reference["exact_no_ties"]) < CLOSED
    result = hodges_lehmann(differences)
    theirs = [data.reference[name] for name in ("hodges_lehmann", "hl_low", "hl_high")]
    assert gap([result.estimate, result.low, result.high], theirs) < CLOSED
