"""Promise: on the real records of three trials the whole command gives the counts that anybody can count by hand.

Every expected number is computed here from the files as they came, with the rules of the plan written out again.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest

from casearc.reports import results_schema

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "ctn0094"
EXAMPLE = ROOT / "examples" / "ctn0094"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the trial data set lies beside the repository (../shared/data/ctn0094) and is not here"
)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as files: what results.json and the CSV tables say."""

    folder: Path
    results: dict[str, Any]

    def count(self, key: str) -> int:
        """A count of people that the report shows exactly."""
        shown = self.results["disclosure"]["counts"][key]
        assert shown["shown"] == "exact", f"{key} is not shown exactly"
        return int(shown["value"])

    def table(self, name: str) -> list[dict[str, str]]:
        """A table of the report, row by row."""
        with (self.folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def moved(self) -> tuple[int, int, int]:
        """Worse, same and better from the first rating to the last, as the first main finding says."""
        text = self.results["summary"][0]["text"]
        said = re.fullmatch(
            r"Withdrawal from first rating to last rating: worse (\S+), same (\S+), better (\S+)\.", text
        )
        assert said, text
        worse, same, better = (int(number.replace(",", "")) for number in said.groups())
        return worse, same, better


def evaluate(folder: Path, edition: str) -> Report:
    """Run the command as a user would."""
    command = [sys.executable, "-c", "from casearc_cli.main import main; main()"]
    options = [
        "evaluate",
        str(EXAMPLE / "study.toml"),
        "--data",
        str(DATA),
        "--mapping",
        str(EXAMPLE / "mapping.toml"),
        "-o",
        str(folder),
        "--edition",
        edition,
    ]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Report(folder, json.loads((folder / "results.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def in_house(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return evaluate(tmp_path_factory.mktemp("ctn") / "in-house", "in-house")


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return evaluate(tmp_path_factory.mktemp("ctn") / "outside", "outside")


def raw(name: str) -> pl.DataFrame:
    return pl.read_csv(DATA / f"{name}.csv", infer_schema=False)


@pytest.fixture(scope="module")
def ratings() -> pl.DataFrame:
    """Ratings with a day, levels 2 and 3 taken together as the plan says; a rating may be missing."""
    level = pl.col("withdrawal").cast(pl.Int64)
    dated = raw("withdrawal").filter(pl.col("when").is_not_null())
    return dated.select("who", pl.col("when").cast(pl.Int64), level.clip(upper_bound=2).alias("level"))


@pytest.fixture(scope="module")
def first_and_last(ratings: pl.DataFrame) -> pl.DataFrame:
    """The first and the last rating of each person from day 0 to day 400; one rating is not two."""
    inside = ratings.filter(pl.col("when").is_between(0, 400)).sort("who", "when")
    return inside.group_by("who").agg(
        pl.len().alias("ratings"),
        pl.col("level").first().alias("first"),
        pl.col("level").last().alias("last"),
        pl.col("when").last().alias("last_day"),
    )


@pytest.fixture(scope="module")
def landmark(ratings: pl.DataFrame) -> pl.DataFrame:
    """The rating nearest to day 28 from day 14 to day 42; of two equally near the earlier."""
    near = ratings.filter(pl.col("when").is_between(14, 42)).with_columns((pl.col("when") - 28).abs().alias("off"))
    return near.sort("who", "off", "when").group_by("who", maintain_order=True).first()


def test_everybody_is_enrolled_once(in_house: Report) -> None:
    assert in_house.count("enrolled") == raw("everybody").height == 3560


def flow_steps(rows: list[dict[str, str]]) -> Iterator[tuple[str, int, list[int]]]:
    """Each step of the flow with its n and the numbers of those who are not in it, reason by reason."""
    starts = [index for index, row in enumerate(rows) if not row["step"].startswith("Not in it")]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield rows[start]["step"], int(rows[start]["n"]), [int(row["n"]) for row in rows[start + 1 : end]]


def test_who_has_no_rating_one_or_several(in_house: Report, first_and_last: pl.DataFrame) -> None:
    """2,580 people have a rating and 1,197 have two; one of these lacks the level of the later one."""
    single = first_and_last.filter(pl.col("ratings") == 1).height
    several = first_and_last.filter(pl.col("ratings") > 1)
    first, last = pl.col("first").is_not_null(), pl.col("last").is_not_null()
    assert (first_and_last.height, single, several.height) == (2580, 1383, 1197)
    flow = {step: (n, reasons) for step, n, reasons in flow_steps(in_house.table("flow"))}
    at_first = next(n for step, (n, _) in flow.items() if step.startswith("Withdrawal at first rating"))
    at_last = next(n for step, (n, _) in flow.items() if step.startswith("Withdrawal at last rating"))
    both, lost = flow["Withdrawal at both first rating and last rating"]
    assert at_first == first_and_last.filter(first).height
    assert at_last == first_and_last.filter(last).height
    assert both == several.filter(first & last).height
    assert sorted(lost) == sorted([3560 - first_and_last.height, single, several.filter(first & ~last).height])


def test_movement_from_the_first_rating_to_the_last(in_house: Report, first_and_last: pl.DataFrame) -> None:
    """Each cell of the table, and worse, same and better, which must agree with it."""
    known = pl.col("first").is_not_null() & pl.col("last").is_not_null()
    moved = first_and_last.filter((pl.col("ratings") > 1) & known)
    rows = {row["from"]: row for row in in_house.table("stages_withdrawal_first_rating_last_rating")}
    for before, start in enumerate(("None", "Mild", "Moderate or severe")):
        for after, end in enumerate(("none", "mild", "moderate_or_severe")):
            expected = moved.filter((pl.col("first") == before) & (pl.col("last") == after)).height
            assert int(rows[start][f"to_{end}"]) == expected
    assert int(rows["All"]["total"]) == moved.height
    assert in_house.moved() == (
        moved.filter(pl.col("last") > pl.col("first")).height,
        moved.filter(pl.col("last") == pl.col("first")).height,
        moved.filter(pl.col("last") < pl.col("first")).height,
    )


def test_reasons_of_the_flow_account_for_everybody(in_house: Report) -> None:
    steps = list(flow_steps(in_house.table("flow")))
    assert len(steps) >= 5
    for step, n, reasons in steps[1:]:
        assert n + sum(reasons) == 3560, step


def test_people_in_the_model(in_house: Report, first_and_last: pl.DataFrame, landmark: pl.DataFrame) -> None:
    """A level at the landmark, a level after it, and every covariate."""
    people = raw("demographics").join(raw("everybody"), on="who").join(raw("site_masked"), on="who")
    known = people.filter(
        pl.col("age").is_not_null()
        & pl.col("is_male").is_not_null()
        & ((pl.col("race").is_not_null() & (pl.col("race") != "Refused/missing")) | (pl.col("is_hispanic") == "Yes"))
    )
    measured = landmark.join(first_and_last, on="who").filter(
        pl.col("level").is_not_null() & pl.col("last").is_not_null() & (pl.col("last_day") > pl.col("when"))
    )
    n = measured.join(known, on="who").height
    assert in_house.count("analyzed[attendance]") == n
    counts = in_house.results["disclosure"]["counts"]
    assert sum(shown["value"] for key, shown in counts.items() if key.startswith("analyzed[attendance]:outcome=")) == n


def test_milligrams_of_different_drugs_are_never_added(in_house: Report, landmark: pl.DataFrame) -> None:
    """Every amount names one drug, and its mean is that of the drug's own rows before the landmark."""
    plan = tomllib.loads((EXAMPLE / "study.toml").read_text(encoding="utf-8"))
    amounts = [dose for dose in plan["dose"] if dose["measure"] == "amount"]
    assert amounts
    assert all(len(dose["types"]) == 1 for dose in amounts)
    arms = raw("randomization").with_columns(pl.col("when", "which").cast(pl.Float64)).drop_nulls("when")
    doses = raw("treatment").with_row_index("row").with_columns(pl.col("amount", "when").cast(pl.Float64))
    of_arm = (
        doses.join(arms, on="who", suffix="_arm")
        .filter(pl.col("when_arm") <= pl.col("when"))
        .sort("row", "when_arm", "which")
        .group_by("row", maintain_order=True)
        .last()
    )
    drugs = {"buprenorphine": "BUP", "methadone": "Methadone", "naltrexone": "NR-NTX"}
    shown = {row["dose"]: row for row in in_house.table("dose")}
    for dose in amounts:
        ours = of_arm.filter(pl.col("treatment").str.contains(drugs[dose["types"][0]], literal=True))
        before = ours.join(landmark.select("who", "when"), on="who", suffix="_landmark").filter(
            (pl.col("when") >= 0) & (pl.col("when") < pl.col("when_landmark"))
        )
        row = next(row for label, row in shown.items() if label.casefold() == dose["label"].casefold())
        assert int(row["n"]) == landmark.height
        assert float(row["mean"]) == pytest.approx(before["amount"].sum() / landmark.height, rel=1e-9)


def test_both_editions_are_whole_and_keep_the_published_schema(in_house: Report, outside: Report) -> None:
    for report, edition in ((in_house, "in-house"), (outside, "outside")):
        jsonschema.validate(report.results, results_schema())
        assert report.results["edition"] == edition
        for name in ("report.html", "report.pdf", "report.docx", "data-report.json"):
            assert (report.folder / name).stat().st_size > 0


def test_the_outside_edition_shows_no_small_count(outside: Report) -> None:
    counts = outside.results["disclosure"]["counts"].values()
    exact = [count["value"] for count in counts if count["shown"] == "exact"]
    assert exact
    assert min(exact) >= 11


def test_the_examples_page_tells_these_numbers(in_house: Report, outside: Report) -> None:
    """examples/ctn0094/README.md was written from reports like these two."""
    page = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    for report in (in_house, outside):
        worse, same, better = report.moved()
        assert f"worse {worse}, same {same}, better {better}" in page
    both = in_house.count("paired[ctn_withdrawal_level@first_rating,last_rating]")
    assert f"of {both:,} with both levels" in page
    assert f"| in the model | {in_house.count('analyzed[attendance]')} |" in page
    shown = outside.results["disclosure"]["counts"]["analyzed[attendance]"]
    assert f"| {shown['low']} to {shown['high']} |" in page
