"""An agency adds instruments and variants by copying folders, without Python.

Promise guarded: what the format says it can express, it can, and nobody's key silently replaces a shipped one.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from instrument_folders import copy_of, missing, new_instrument, score_table, spoil

from casearc.errors import InstrumentError, UsageError
from casearc.instruments import available, check, find_score, load, score_exactly
from casearc.scoring import score


def test_one_item_with_levels(tmp_path: Path) -> None:
    folder = new_instrument(
        tmp_path / "severity",
        low=0,
        high=3,
        items=["1,how severe things are,yes,no"],
        scoring=score_table(
            "severity_level", "stage", "items = [1]", 'levels = ["none", "mild", "moderate", "severe"]'
        ),
        examples="example,severity_1,severity_level,severity_level_answered\n"
        "none,0,none,1\nmild,1,mild,1\nmoderate,2,moderate,1\nsevere,3,severe,1\nunrated,,,0\n",
    )
    instrument = load("severity", folders=[tmp_path])
    assert check(folder) == ()
    assert instrument.score("severity_level").levels == ("none", "mild", "moderate", "severe")
    frame = pl.DataFrame({"administration_id": list("abcde"), "severity_1": [3, 0, None, 2, 1]})
    expected = ["severe", "none", None, "moderate", "mild"]
    assert score(frame, instrument)["severity_level"].to_list() == expected


def test_reverse_items_prorated_sums_and_composites(tmp_path: Path) -> None:
    """Items 2 and 4 count the other way round; the balance is one sum plus one mean minus another."""
    scoring = (
        score_table("mixed_calm", "sum", "items = [1, 2]", missing(1))
        + score_table("mixed_hope", "mean", "items = [3, 4]", missing(1))
        + score_table("mixed_fear", "mean", "items = [5]", missing(1))
        + score_table("mixed_balance", "composite", 'add = ["mixed_calm", "mixed_hope"]', 'subtract = ["mixed_fear"]')
    )
    new_instrument(
        tmp_path / "mixed",
        low=1,
        high=4,
        items=["1,calm,yes,no", "2,unrest,yes,yes", "3,hope,yes,no", "4,gloom,yes,yes", "5,fear,yes,no"],
        scoring=scoring,
        examples="example,mixed_1,mixed_2,mixed_3,mixed_4,mixed_5,mixed_calm,mixed_hope,mixed_fear,mixed_balance\n"
        "best,4,1,4,1,1,8,4,1,11\nskipped,3,,2,1,2,6,3,2,7\nno fear known,4,1,4,1,,8,4,,\n",
    )
    instrument = load("mixed", folders=[tmp_path])
    balance = instrument.score("mixed_balance")
    assert (balance.low, balance.high) == (2 + 1 - 4, 8 + 4 - 1)
    frame = pl.DataFrame(
        {"administration_id": ["a"], "mixed_1": [3], "mixed_2": [None], "mixed_3": [2], "mixed_4": [1], "mixed_5": [2]},
        schema_overrides={"mixed_2": pl.Int64},
    )
    assert score(frame, instrument)["mixed_balance"].to_list() == [7.0]


def test_decimal_cuts_that_are_met_exactly(tmp_path: Path) -> None:
    """A mean of 20 items can be exactly 2.15 or 2.80, which no double can hold."""
    items = range(1, 21)
    cuts = (
        '[[cut_set]]\nid = "thirds"\nlabel = "Thirds"\nscores = ["twenty_mean"]\ndefault = true\n'
        'levels = ["low", "middle", "high"]\nsource = "us"\nconfidence = "D"\n'
        'cuts = [{ at = 2.15, boundary_belongs_to = "low" }, { at = 2.80, boundary_belongs_to = "high" }]\n'
    )
    columns = ",".join(f"twenty_{item}" for item in items)
    new_instrument(
        tmp_path / "twenty",
        low=0,
        high=5,
        items=[f"{item},made up,yes,no" for item in items],
        scoring=score_table("twenty_mean", "mean", 'items = "all"', missing(20)),
        cuts=cuts,
        examples=f"example,{columns},twenty_mean,twenty_mean_band\n"
        f"on the lower cut,{','.join(['2'] * 17 + ['3'] * 3)},2.15,low\n"
        f"on the upper cut,{','.join(['2'] * 4 + ['3'] * 16)},2.8,high\n",
    )
    instrument = load("twenty", folders=[tmp_path])
    sums = range(101)
    frame = pl.DataFrame(
        {
            "administration_id": sums,
            **{f"twenty_{item}": [total // 20 + (item <= total % 20) for total in sums] for item in items},
        }
    )
    bands = score(frame, instrument)["twenty_mean_band"].to_list()
    expected = ["low" if total <= 43 else "high" if total >= 56 else "middle" for total in sums]
    assert bands == expected


MODIFIED = """
id = "modified-27"
title = "as this agency gives it"
version = "2.1"
source = "agency"
confidence = "D"
dropped = [31]

[reworded]
5 = "feels sent here by mistake"

[[reference]]
id = "agency"
citation = "The agency's own form, 2026"
"""


def modified_urica(root: Path) -> Path:
    """A folder that adds one variant to the shipped URICA and copies nothing else."""
    folder = root / "urica" / "variants"
    folder.mkdir(parents=True)
    (folder / "modified-27.toml").write_text(MODIFIED)
    full = [f"urica_{item}" for item in range(1, 33) if item != 31]
    examples = ",".join(["example", *full, *(s.id for s in load("urica").scores)])
    row = ",".join(["all 3", *["3"] * 31, *["3"] * 4, "6", "precontemplation", "precontemplation"])
    (folder / "modified-27.worked_examples.csv").write_text(f"{examples}\n{row}\n")
    return root


def test_a_variant_added_to_a_shipped_instrument(tmp_path: Path) -> None:
    root = modified_urica(tmp_path)
    assert check(root / "urica") == ()
    assert "urica:modified-27" in available([root])
    instrument = load("urica:modified-27", folders=[root])
    assert instrument.key_version == "urica 1.0.0 modified-27 2.1"
    assert [change.kind for change in instrument.changes] == ["items dropped", "items reworded"]
    assert instrument.item("5").gist == "feels sent here by mistake"
    assert len(instrument.items) == 31
    assert instrument.score("urica_readiness").permitted_use is not None
    assert "urica:modified-27" not in available()


def test_an_added_variant_needs_a_version_of_its_own(tmp_path: Path) -> None:
    root = modified_urica(tmp_path)
    spoil(root / "urica", "variants/modified-27.toml", 'version = "2.1"', "")
    assert any("`version` is missing" in fault.problem for fault in check(root / "urica"))


def test_another_range_takes_the_cut_scores_away(tmp_path: Path) -> None:
    folder = copy_of("mspss", tmp_path)
    spoil(folder, "instrument.toml", 'id = "mspss"', 'id = "mspss"')
    (folder / "variants").mkdir()
    variant = (
        'id = "five-points"\ntitle = "answered 1 to 5"\nsource = "casearc"\nconfidence = "D"\n'
        '[range]\nlow = 1\nhigh = 5\nsource = "casearc"\nconfidence = "D"\n'
    )
    (folder / "variants" / "five-points.toml").write_text(variant)
    faults = [str(fault) for fault in check(folder)]
    assert any("`means-3-5` of the full form no longer hold" in fault for fault in faults)
    (folder / "variants" / "five-points.toml").write_text(
        variant.replace("[range]", 'drop_cut_sets = ["means-3-5", "sums-49-69"]\n[range]')
    )
    header = ",".join(["example", *(f"mspss_{item}" for item in range(1, 13)), *(s.id for s in load("mspss").scores)])
    row = ",".join(["all 5", *["5"] * 12, *["5"] * 4])
    (folder / "variants" / "five-points.worked_examples.csv").write_text(f"{header}\n{row}\n")
    assert check(folder) == ()
    instrument = load(folder, variant="five-points")
    assert (instrument.high, instrument.score("mspss_total").bands) == (5, ())
    assert instrument.score("mspss_total").published is None


def test_a_copy_must_take_an_id_of_its_own(tmp_path: Path) -> None:
    copy_of("mspss", tmp_path)
    with pytest.raises(InstrumentError, match="more than one folder says it is `mspss`"):
        load("mspss", folders=[tmp_path])


def test_a_copy_under_its_own_id_stands_beside_the_shipped_one(tmp_path: Path) -> None:
    folder = copy_of("mspss", tmp_path).rename(tmp_path / "our_support")
    for file in ("instrument.toml", "scoring.toml", "cut_scores.toml", "worked_examples.csv"):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace("mspss", "our_support"), encoding="utf-8")
    assert check(folder) == ()
    assert {"mspss", "our_support"} <= set(available([tmp_path]))
    assert load("our_support", folders=[folder]).column("3") == "our_support_3"


def test_finding_a_score_and_not_finding_it() -> None:
    instruments = [load("mspss"), load("urica")]
    instrument, definition = find_score(instruments, "urica_action")
    assert (instrument.id, definition.label) == ("urica", "Action")
    with pytest.raises(UsageError, match="Did you mean `mspss_total`"):
        find_score(instruments, "mspss_totl")


@pytest.mark.parametrize("source", ["mspsss", "mspss:short", "cop_se:short_13"])
def test_what_is_not_there_is_a_usage_error(source: str) -> None:
    with pytest.raises(UsageError):
        load(source)


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder `elsewhere`"):
        available([tmp_path / "elsewhere"])


def test_exact_scores_are_fractions() -> None:
    made = score_exactly(load("mspss"), {str(item): 3 + (item == 1) for item in range(1, 13)})
    assert made["mspss_total"] == Fraction(37, 12)
