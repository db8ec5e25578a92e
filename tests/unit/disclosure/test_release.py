"""A release holds nothing hidden, comes from the gate alone, and in the house holds everything."""

from __future__ import annotations

import copy
import dataclasses
import json

import pytest
from made_up import body_of, count_table, finding_of

from casearc.disclosure import Edition, Exact, Policy, Release, gate, release_counts_dict
from casearc.errors import DisclosureRefusedError
from casearc.findings import (
    Body,
    Column,
    CountBars,
    CountRef,
    Curve,
    Curves,
    Dots,
    Figure,
    Finding,
    Flows,
    Forest,
    ForestRow,
    Hidden,
    Interval,
    Number,
    Partition,
    Quantity,
    Row,
    Section,
    Sentence,
    ShareRef,
    Table,
    Tally,
)

# Values that stand nowhere else, so that finding one of them anywhere in a release is a leak.
COUNTS = {"large": 20411, "small": 617, "shield": 5309, "n": 26337, "not": 743, "enrolled": 27080}
SUMS = (Partition("enrolled", ("n", "not")), Partition("n", ("large", "small", "shield")))
HIDDEN_VALUES = ["617", "5309", "26337", "743", "5926", "0.12345", "0.23456", "0.34567", "0.45678", "0.56789"]


def planted() -> list[Finding]:
    cells = ("large", "small", "shield")
    table = Table(
        id="planted",
        title="Planted",
        columns=tuple(Column(str(i), str(i)) for i in range(4)),
        rows=(
            *(
                Row((CountRef(k), ShareRef(k, "n"), Number(0.12345 if k == "small" else 3.0, Quantity.MEAN, k)))
                for k in cells
            ),
            Row((Number(0.23456, Quantity.EXTREME, "n"), Number(0.34567, Quantity.ORDER, "large"))),
            Row((Interval(0.45678, 1.0, 0.95, Quantity.MEAN, "small"), Number(26336.0, Quantity.DF, "n"))),
            Row((Number(4.25, Quantity.MEAN, "n"), Tally(12))),
        ),
        notes=(Sentence("{k} did.", {"k": CountRef("small")}),),
    )
    curve = {"x": (0.0,), "low": (0.0,), "high": (1.0,), "x_label": "x", "y_label": "y", "level": 0.95}
    figures = (
        CountBars(labels=cells, keys=cells, axis_label="People"),
        Flows(from_label="", to_label="", from_stages=("a",), to_stages=("b",), flows=(("small",),)),
        Dots(x=(0.56789,), y=(0.56789,), x_label="x", y_label="y"),
        Curves(curves=(Curve(y=(0.56789,), rests_on="small", **curve), Curve(y=(2.0,), rests_on="n", **curve))),
        Forest(
            rows=(ForestRow(label="s", estimate=0.56789, low=0, high=1, rests_on="small"),),
            x_label="x",
            reference=0,
        ),
    )
    body = Body(
        headline=Sentence("{k} of {n}.", {"k": CountRef("small"), "n": CountRef("n")}),
        sentences=(Sentence("It was {m}.", {"m": Number(0.12345, Quantity.MEAN, "small")}),),
        tables=(table,),
        figures=tuple(
            Figure(id=f"f{i}", title="F", drawing=drawing, alt=Sentence("{k}", {"k": CountRef("small")}))
            for i, drawing in enumerate(figures)
        ),
        counts=COUNTS,
        partitions=SUMS,
        bases=frozenset({"n"}),
    )
    finer = body_of(["small"], {**COUNTS, "finer": 617 - 100}, [], told="")
    return [finding_of(finer, body)]


@pytest.fixture
def release() -> Release:
    return gate(planted(), policy=Policy(), threshold=1000)


class TestNothingHiddenIsInIt:
    @pytest.mark.parametrize("spell", [repr, str, lambda r: json.dumps(r.to_dict()), lambda r: repr(r.findings)])
    def test_planted_values_occur_nowhere(self, release, spell):
        text = spell(release)
        assert "20411" in text or "large" in text  # what is shown is there
        assert [value for value in HIDDEN_VALUES if value in text] == []

    def test_the_body_carries_exact_counts_only(self, release):
        assert set(release.findings[0].body.counts) == {"large", "enrolled"}

    def test_figures_of_dots_and_of_hidden_counts_are_gone(self, release):
        kinds = [type(figure.drawing).__name__ for figure in release.findings[0].body.figures]
        assert kinds == ["CountBars", "Curves"]

    def test_degrees_of_freedom_stay_in_the_house_where_n_does(self, release):
        cells = [c for row in release.findings[0].body.tables[0].rows for c in row.cells]
        assert not [c for c in cells if isinstance(c, Number) and c.quantity is Quantity.DF]
        assert Number(4.25, Quantity.MEAN, "n") in cells
        assert Tally(12) in cells

    def test_one_mark_for_every_hidden_count(self, release):
        rows = release.findings[0].body.tables[0].rows
        assert rows[1].cells[0] == rows[2].cells[0] == Hidden("small count")

    def test_it_says_in_plain_words_what_is_missing(self, release):
        told = " ".join(release.findings[0].told)
        for words in ("a count of people below 1000", "one dot for each participant", "Minimum"):
            assert words in told

    def test_plain_data_has_how_each_count_is_shown(self, release):
        plain = release_counts_dict(release)
        assert plain["threshold"] == 1000
        assert plain["edition"] == "outside"
        assert plain["counts"]["large"] == {"shown": "exact", "value": 20411}
        assert plain["counts"]["n"] == {"shown": "band", "low": 26081, "high": 27080}
        assert plain["counts"]["not"] == {"shown": "withheld"}
        assert {"whole": "enrolled", "parts": ["n", "not"]} in plain["partitions"]


class TestOnlyTheGateMakesOne:
    def test_by_hand(self):
        with pytest.raises(DisclosureRefusedError, match="only come from"):
            Release(edition=Edition.OUTSIDE, threshold=11, findings=(), shown={}, partitions=(), seal=object())

    def test_by_replacing_a_part_of_another(self, release):
        with pytest.raises((ValueError, TypeError, DisclosureRefusedError)):
            dataclasses.replace(release, shown={"small": Exact(617)})

    def test_it_cannot_be_changed(self, release):
        with pytest.raises(dataclasses.FrozenInstanceError):
            release.threshold = 1
        with pytest.raises(TypeError):
            release.shown["small"] = Exact(617)

    def test_a_copy_is_a_copy(self, release):
        assert copy.copy(release) == release


class TestInTheHouse:
    def test_everything_is_shown_at_the_finest(self):
        findings = planted()
        release = gate(findings, policy=Policy(), threshold=1000, edition=Edition.IN_HOUSE)
        assert release.edition is Edition.IN_HOUSE
        assert release.findings[0].body == findings[0].bodies[0]
        assert release.shown == {k: Exact(v) for k, v in findings[0].bodies[0].counts.items()}
        assert release.findings[0].told == ()

    def test_the_plan_may_name_the_edition_in_words(self):
        assert gate([], policy=Policy(), edition="in-house").edition is Edition.IN_HOUSE


class TestRefusals:
    def test_a_finding_without_a_result_keeps_its_reason(self):
        finding = Finding(id="x", section=Section.DOSE, title="X", refusal="The model cannot be fitted.")
        assert gate([finding], policy=Policy()).findings[0].refusal == "The model cannot be fitted."

    def test_a_threshold_below_the_floor_is_refused(self):
        with pytest.raises(DisclosureRefusedError, match="floor of 11"):
            gate([], policy=Policy(), threshold=5)

    def test_also_in_the_house(self):
        with pytest.raises(DisclosureRefusedError):
            gate([], policy=Policy(), threshold=5, edition=Edition.IN_HOUSE)

    @pytest.mark.parametrize("floor", [-1, 0, 2])
    def test_a_floor_that_protects_nobody_is_refused(self, floor):
        with pytest.raises(DisclosureRefusedError):
            Policy(floor=floor)

    def test_a_higher_threshold_than_the_floor_is_used(self):
        assert gate([], policy=Policy(), threshold=20).threshold == 20

    def test_a_table_without_counts_or_numbers_passes(self):
        words = count_table([])
        finding = gate([finding_of(Body(tables=(words,)))], policy=Policy()).findings[0]
        assert finding.body.tables == (words,)
