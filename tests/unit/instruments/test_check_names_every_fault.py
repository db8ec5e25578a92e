# ruff: noqa: E501 - one slip a row: the table is read across
"""`check` says in plain words what is wrong with a folder, and where.

Promise guarded: an agency that adds an instrument is told of every slip before a score is wrong.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from instrument_folders import copy_of, spoil

from casearc.errors import InstrumentError
from casearc.instruments import check, load

# what is spoiled -> instrument, file, what stands there, what is put there; then file and row of the fault
# (None: not looked at) and words of it
SPOILED: dict[str, tuple[str, str, str, str, str, int | None, str]] = {
    "not TOML": ("mspss", "scoring.toml", 'label = "', "label = ", "scoring.toml", 5, "not valid TOML"),
    "misspelled key": ("mspss", "scoring.toml", "direction =", "dirction =", "scoring.toml", 8, "Did you mean `direction`"),
    "key missing": ("mspss", "scoring.toml", "direction =", "note =", "scoring.toml", 3, "`direction` is missing"),
    "no such direction": ("mspss", "scoring.toml", '"higher"', '"up"', "scoring.toml", 8, "higher, lower, none"),
    "no such kind": ("mspss", "scoring.toml", '"mean"', '"average"', "scoring.toml", 6, "mean, sum, composite, stage"),
    "number in quotes": ("mspss", "instrument.toml", "low = 1", 'low = "1"', "instrument.toml", 13, "whole number"),
    "range upside down": ("mspss", "instrument.toml", "low = 1", "low = 9", "instrument.toml", 13, "below `high`"),
    "version": ("mspss", "instrument.toml", '"1.0.0"', '"new"', "instrument.toml", 3, "look like 1.0.0"),
    "unknown source": ("mspss", "scoring.toml", 'source = "zimet1988"', 'source = "zimet"', "scoring.toml", 9, "not a [[reference]]"),
    "no such confidence": ("mspss", "scoring.toml", 'confidence = "A"', 'confidence = "B"', "scoring.toml", 10, "A, unverified, D"),
    "item not there": ("mspss", "scoring.toml", "[3, 4, 8, 11]", "[3, 4, 8, 13]", "scoring.toml", 28, "item 13 is not in items.csv"),
    "item twice in a score": ("mspss", "scoring.toml", "[3, 4, 8, 11]", "[3, 4, 8, 8]", "scoring.toml", 28, "item 8 is named twice"),
    "unscored item in a score": ("urica", "scoring.toml", "[1, 5, 11,", "[1, 4, 11,", "scoring.toml", 7, "item 4 is marked as not scored"),
    "item left over": ("urica", "scoring.toml", "[1, 5, 11,", "[1, 11,", "items.csv", 6, "no score uses it"),
    "minimum out of reach": ("mspss", "scoring.toml", "minimum_answered = 3", "minimum_answered = 5", "scoring.toml", 32, "between 1 and 4"),
    "no missing rule": ("mspss", "scoring.toml", "missing = {", "note = \"\" #", "scoring.toml", 3, "`missing` is missing"),
    "score of another instrument": ("mspss", "scoring.toml", '"mspss_total"', '"support_total"', "scoring.toml", 4, "must start with `mspss_`"),
    "score twice": ("mspss", "scoring.toml", '"mspss_family"', '"mspss_total"', "scoring.toml", None, "more than once"),
    "impossible alpha": ("mspss", "scoring.toml", "alpha = 0.88", "alpha = 88", "scoring.toml", 17, "between 0 and 1"),
    "item twice": ("mspss", "items.csv", "2,", "1,", "items.csv", 3, "more than once"),
    "gist too long": ("mspss", "items.csv", "family makes an effort", "my family really does try to help me a lot", "items.csv", 4, "too long"),
    "gist empty": ("mspss", "items.csv", "family makes an effort", "", "items.csv", 4, "gist is empty"),
    "yes or no": ("mspss", "items.csv", "effort,yes", "effort,1", "items.csv", 4, "yes or no"),
    "comma in a gist": ("mspss", "items.csv", "family makes an effort", "family, making an effort", "items.csv", 4, "4 cells are expected"),
    "columns of items": ("mspss", "items.csv", "item,gist", "number,gist", "items.csv", 1, "item,gist,scored,reverse"),
    "cuts fall": ("mspss", "cut_scores.toml", "at = 3,", "at = 6,", "cut_scores.toml", 9, "must rise"),
    "cut out of range": ("mspss", "cut_scores.toml", "at = 5,", "at = 50,", "cut_scores.toml", 9, "outside the possible range"),
    "side of a boundary": ("mspss", "cut_scores.toml", 'boundary_belongs_to = "moderate"', 'boundary_belongs_to = "high"', "cut_scores.toml", 9, "one of its neighbors"),
    "side left out": ("mspss", "cut_scores.toml", ', boundary_belongs_to = "moderate"', "", "cut_scores.toml", 9, "`boundary_belongs_to` is missing"),
    "levels and cuts": ("mspss", "cut_scores.toml", '["low", "moderate", "high"]', '["low", "high"]', "cut_scores.toml", 9, "2 levels need 1 cuts"),
    "two default bands": ("mspss", "cut_scores.toml", "default = false", "default = true", "scoring.toml", 3, "more than one default"),
    "cut set without its score": ("urica", "cut_scores.toml", '"urica_readiness"', '"urica_reddiness"', "cut_scores.toml", 7, "not a score defined here"),
    "stage without its cut set": ("urica", "scoring.toml", '"nearest-mean"', '"nearest"', "scoring.toml", None, "cut_scores.toml does not have"),
    "composite of nothing": ("urica", "scoring.toml", '"urica_contemplation", "urica_action"', '"urica_thinking", "urica_action"', "scoring.toml", None, "not a mean or sum"),
    "limit of use": ("urica", "instrument.toml", '"before_service"', '"sometimes"', "instrument.toml", 20, "before_service, not_simply_better"),
    "limit on no score": ("urica", "instrument.toml", '["urica_maintenance"]', '["urica_upkeep"]', "instrument.toml", 29, "not a score defined here"),
    "example does not come out": ("mspss", "worked_examples.csv", "35/12", "3", "worked_examples.csv", 4, "3 is expected, the key gives 35/12"),
    "boundary moved": ("urica", "cut_scores.toml", 'at = 8, boundary_belongs_to = "precontemplation"', 'at = 8, boundary_belongs_to = "contemplation"', "worked_examples.csv", 4, "precontemplation is expected, the key gives contemplation"),
    "item moved": ("mspss", "scoring.toml", "[3, 4, 8, 11]", "[3, 4, 8, 12]", "worked_examples.csv", None, "does not come out"),
    "example rounded": ("mspss", "worked_examples.csv", "35/12", "2.92", "worked_examples.csv", 4, "the key gives 35/12"),
    "answer out of range": ("mspss", "worked_examples.csv", "every answer at the top,,,7", "every answer at the top,,,8", "worked_examples.csv", 3, "from 1 to 7"),
    "score never worked through": ("mspss", "worked_examples.csv", ",mspss_friends,", ",mspss_friends_x,", "worked_examples.csv", 1, "neither an item nor a score"),
    "template filled in": ("mspss", "wording.TEMPLATE.toml", '3 = ""', '3 = "official text"', "wording.TEMPLATE.toml", 19, "ships empty"),
    "template incomplete": ("mspss", "wording.TEMPLATE.toml", '3 = ""', "", "wording.TEMPLATE.toml", 16, "item 3 is left out"),
    "variant drops too much": ("cop_se", "variants/short-13-full-numbers.toml", "dropped = [1, 2,", "dropped = [1, 2, 3,", "variants/short-13-full-numbers.toml", 7, "rests on dropped item 3"),
    "variant forgets a score": ("cop_se", "variants/short-13.toml", 'drop_scores = ["cop_se_total", "cop_se_mean"]', 'drop_scores = ["cop_se_total"]', "variants/short-13.toml", 7, "`cop_se_mean` rests on all items"),
    "variant numbers what it drops": ("cop_se", "variants/short-13.toml", "dropped = [1, 2,", "dropped = [1, 2, 3,", "variants/short-13.toml", 10, "gives item 3 a number"),
    "variant numbers twice": ("cop_se", "variants/short-13.toml", "2 = 5", "2 = 3", "variants/short-13.toml", None, "two numbers"),
    "variant under another name": ("cop_se", "variants/short-13.toml", 'id = "short-13"', 'id = "short"', "variants/short-13.toml", 2, "the file's name"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_folder_is_told(name: str, tmp_path: Path) -> None:
    instrument, file, old, new, place, row, words = SPOILED[name]
    folder = copy_of(instrument, tmp_path)
    spoil(folder, file, old, new)
    faults = check(folder)
    told = [fault for fault in faults if words in str(fault) and fault.file == place]
    assert told, [str(fault) for fault in faults]
    if row is not None:
        assert row in [fault.row for fault in told], [str(fault) for fault in told]


FILES = [
    "instrument.toml",
    "items.csv",
    "scoring.toml",
    "cut_scores.toml",
    "worked_examples.csv",
    "wording.TEMPLATE.toml",
]


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_told(file: str, tmp_path: Path) -> None:
    folder = copy_of("mspss", tmp_path)
    (folder / file).unlink()
    assert check(folder)[0].file == file


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    folder = copy_of("mspss", tmp_path)
    spoil(folder, "instrument.toml", 'version = "1.0.0"', 'version = "x"')
    spoil(folder, "items.csv", "family makes an effort", "")
    spoil(folder, "scoring.toml", '"higher"', '"up"')
    spoil(folder, "cut_scores.toml", "at = 5,", "at = 50,")
    told = {fault.file for fault in check(folder)}
    assert told == {"instrument.toml", "items.csv", "scoring.toml", "cut_scores.toml"}


def test_a_spoiled_folder_is_not_loaded(tmp_path: Path) -> None:
    folder = copy_of("mspss", tmp_path)
    spoil(folder, "worked_examples.csv", "35/12", "3")
    with pytest.raises(InstrumentError, match="does not come out") as refusal:
        load(folder)
    assert refusal.value.faults[0].row == 4


def test_no_folder_and_an_empty_one_are_told(tmp_path: Path) -> None:
    assert "no such folder" in str(check(tmp_path / "nowhere")[0])
    assert check(tmp_path)[0].file == "instrument.toml"
