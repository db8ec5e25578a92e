"""Promise: change scores give the numbers of R's t.test, wilcox.test, binom.test and coin, ties and zeros included."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.paired import (
    cohen_d_av,
    cohen_dz,
    hodges_lehmann,
    paired_permutation,
    paired_t,
    rank_biserial,
    sign_test,
    wilcoxon_signed_rank,
)

SETS = load("paired")
CLOSED = 1e-8


def having(name: str) -> list[DataSet]:
    """The data sets for which R has the number, which are some in any case."""
    found = [data for data in SETS if name in data.reference]
    assert len(found) >= 10, name
    return found


def change(data: DataSet) -> np.ndarray:
    return data.columns["after"] - data.columns["before"]


@pytest.mark.parametrize("data", SETS[::4], ids=str)
def test_paired_t(data: DataSet) -> None:
    result = paired_t(data.columns["before"], data.columns["after"])
    for name in ("t", "p", "low", "high", "difference", "sd_difference"):
        assert gap(getattr(result, name), data.reference[name]) < CLOSED, name


def test_there_are_two_hundred_sets() -> None:
    assert len(SETS) >= 200
    for data in SETS:
        test_paired_t(data)


def test_cohen_dz_with_its_exact_interval() -> None:
    for data in SETS:
        result = cohen_dz(change(data))
        assert gap(result.estimate, data.reference["dz"]) < CLOSED, data
        theirs = [data.reference["dz_low"], data.reference["dz_high"]]
        assert gap([result.low, result.high], theirs) < CLOSED, data


def test_cohen_d_av() -> None:
    for data in SETS:
        result = cohen_d_av(data.columns["before"], data.columns["after"])
        theirs = [data.reference[name] for name in ("dav", "dav_low", "dav_high")]
        assert gap([result.estimate, result.low, result.high], theirs) < CLOSED, data


@pytest.mark.parametrize(("zeros", "theirs"), [("wilcox", "wilcoxon"), ("pratt", "pratt")])
def test_signed_rank(zeros: str, theirs: str) -> None:
    for data in SETS:
        exact = wilcoxon_signed_rank(change(data), method="exact", zeros=zeros)
        assert gap(exact.p, data.reference[f"exact_{theirs}"]) < CLOSED, data
        plain = wilcoxon_signed_rank(change(data), method="asymptotic", zeros=zeros, continuity=False)
        assert gap(plain.p, data.reference[f"normal_{theirs}"]) < CLOSED, data


def test_signed_rank_with_continuity() -> None:
    for data in SETS:
        corrected = wilcoxon_signed_rank(change(data), method="asymptotic")
        assert corrected.v == data.reference["v"], data
        assert gap(corrected.p, data.reference["normal_corrected"]) < CLOSED, data


def test_hodges_lehmann_without_ties() -> None:
    """The conditional interval also asks about shifts equal to somebody's change, where that change drops out."""
    same = []
    for data in having("hodges_lehmann"):
        assert gap(wilcoxon_signed_rank(change(data)).p, data.reference["exact_no_ties"]) < CLOSED, data
        closed, given = (hodges_lehmann(change(data), interval=interval) for interval in ("closed", "conditional"))
        theirs = [data.reference[name] for name in ("hodges_lehmann", "hl_low", "hl_high")]
        assert gap([closed.estimate, closed.low, closed.high], theirs) < CLOSED, data
        assert given.low <= closed.low + CLOSED, data
        assert given.high >= closed.high - CLOSED, data
        same.append(gap([given.low, given.high], theirs[1:]) < CLOSED)
    assert np.mean(same) > 0.8


def test_hodges_lehmann_given_ties_inverts_coin() -> None:
    for data in having("given_low"):
        result = hodges_lehmann(change(data), interval="conditional")
        theirs = [data.reference["given_low"], data.reference["given_high"]]
        assert gap([result.low, result.high], theirs) < CLOSED, data


def test_rank_biserial() -> None:
    for data in having("rb"):
        result = rank_biserial(change(data))
        theirs = [data.reference[name] for name in ("rb", "rb_low", "rb_high")]
        assert gap([result.estimate, result.low, result.high], theirs) < CLOSED, data


def test_sign_test() -> None:
    for data in SETS:
        result = sign_test(change(data))
        theirs = [data.reference[name] for name in ("sign_p", "share_low", "share_high")]
        assert gap([result.p, result.share_low, result.share_high], theirs) < CLOSED, data
        assert (result.low is None) == ("median" not in data.reference)
        if result.low is not None:
            theirs = [data.reference[name] for name in ("median", "median_low", "median_high", "median_coverage")]
            assert gap([result.median, result.low, result.high, result.coverage], theirs) < CLOSED, data


def test_sign_flips() -> None:
    for data in having("flips"):
        assert gap(paired_permutation(change(data)).p, data.reference["flips"]) < CLOSED, data
