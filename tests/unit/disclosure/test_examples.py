"""Examples in words: what the gate shows of tables a program of 95 really has, at the usual threshold of 11."""

from __future__ import annotations

import pytest
from made_up import body_of, count_table, finding_of, mean_over

from casearc.disclosure import Band, Exact, Policy, Withheld, gate
from casearc.disclosure.bands import grid
from casearc.findings import Body, CountRef, Number, Partition, Quantity, Role, Row, Section, Sentence, Table

HIDE = Withheld()


def table_of(*values: int, whole: str = "enrolled"):
    keys = [f"{whole}:{i}" for i in range(len(values))]
    counts = dict(zip(keys, values, strict=True)) | {whole: sum(values)}
    return body_of(keys, counts, [(whole, keys)])


def shown_of(*findings, threshold: int = 11):
    return gate(findings, policy=Policy(floor=3), threshold=threshold).shown


class TestOneTable:
    @pytest.mark.parametrize(
        ("values", "shown", "why"),
        [
            ((60, 35), (60, 35), "both large"),
            ((84, 11), (84, 11), "the threshold itself is large enough"),
            ((85, 10), (None, None), "ten is small, and the total gives it away if the other is shown"),
            ((50, 40, 5), (50, None, None), "one small, one shield, the last of the table"),
            ((5, 40, 50), (None, 40, None), "the shield is the last whatever its size"),
            ((50, 34, 11, 0), (50, None, None, None), "a zero is small too, and eleven alone cannot shield it"),
            ((95, 0, 0), (None, None, None), "nobody learns that all are the same"),
            ((60, 9, 26), (60, None, None), "small in the middle"),
        ],
    )
    def test_what_is_shown_beside_a_public_total(self, values, shown, why):
        result = shown_of(finding_of(table_of(*values)))
        assert [result[f"enrolled:{i}"] for i in range(len(values))] == [
            HIDE if value is None else Exact(value) for value in shown
        ], why
        assert result["enrolled"] == Exact(95)

    def test_a_shield_too_small_to_shield_gets_company(self):
        """4 and 11 hidden would leave 15 to share, of which the shield has 11 at the least: 0 to 4 for the other."""
        shown = shown_of(finding_of(table_of(50, 30, 4, 11)))
        assert [shown[f"enrolled:{i}"] for i in range(4)] == [Exact(50), HIDE, HIDE, HIDE]

    def test_a_total_below_the_threshold_is_not_shown(self):
        release = gate([finding_of(table_of(5, 4))], policy=Policy(), threshold=None)
        assert set(release.shown.values()) == {HIDE}
        assert "fewer than 11 participants" in release.findings[0].refusal


class TestCoarsenFirst:
    def test_merged_groups_are_shown_instead_of_marks(self):
        counts = {"a": 50, "b": 40, "c": 5, "b+c": 45, "enrolled": 95}
        fine = body_of(list("abc"), counts, [("enrolled", list("abc"))])
        coarse = body_of(["a", "b+c"], counts, [("enrolled", ["a", "b+c"])], told="b and c were merged.")
        release = gate([finding_of(fine, coarse)], policy=Policy())
        assert release.findings[0].told == ("b and c were merged.",)
        assert (release.shown["a"], release.shown["b+c"]) == (Exact(50), Exact(45))
        assert release.shown["c"] == HIDE

    def test_a_body_whose_supports_are_small_does_not_leave(self):
        """A model with an indicator that only 4 have is not shown, the one without it is."""
        counts = {"has": 4, "has_not": 91, "enrolled": 95}
        sums = [("enrolled", ["has", "has_not"])]
        full = body_of(["enrolled"], counts, sums, supports=frozenset({"has"}))
        without = body_of(["enrolled"], counts, sums, told="Fitted without the indicator.")
        release = gate([finding_of(full, without)], policy=Policy())
        assert release.findings[0].told == ("Fitted without the indicator.",)

    def test_with_no_body_left_the_finding_says_why(self):
        counts = {"has": 4, "has_not": 91, "enrolled": 95}
        body = body_of(["enrolled"], counts, [("enrolled", ["has", "has_not"])], supports=frozenset({"has"}))
        finding = gate([finding_of(body)], policy=Policy()).findings[0]
        assert finding.body == Body()
        assert "fewer than 11" in finding.refusal


class TestBands:
    def test_the_grid_counts_from_the_top_and_ends_at_the_threshold(self):
        assert list(grid(95, 11)) == [(85, 95), (74, 84), (63, 73), (52, 62), (41, 51), (30, 40), (11, 29)]

    @pytest.mark.parametrize("top", range(11, 200))
    def test_the_grid_has_no_gap_and_no_band_below_the_threshold(self, top):
        bands = list(grid(top, 11))
        assert [n for low, high in reversed(bands) for n in range(low, high + 1)] == list(range(11, top + 1))

    @pytest.mark.parametrize(("measured", "band"), [(95, (85, 95)), (88, (85, 95)), (84, (74, 84)), (12, (11, 29))])
    def test_an_n_is_shown_as_a_band_even_if_nobody_is_missing(self, measured, band):
        counts = {"n": measured, "not": 95 - measured, "enrolled": 95}
        shown = shown_of(mean_over("n", counts, [("enrolled", ["n", "not"])]))
        assert shown["n"] == Band(*band)
        assert shown["not"] == HIDE

    def test_all_enrolled_is_exact(self):
        shown = shown_of(mean_over("enrolled", {"enrolled": 95, "a": 50, "b": 45}, [("enrolled", ["a", "b"])]))
        assert shown["enrolled"] == Exact(95)

    def test_a_table_of_those_measured_does_not_give_their_number_away(self):
        """15 + 50 + 28 would say that 93 of 95 were measured; one cell goes."""
        counts = {"worse": 15, "same": 50, "better": 28, "n": 93, "not": 2, "enrolled": 95}
        outer = [("enrolled", ["n", "not"])]
        cells = ["worse", "same", "better"]
        table = finding_of(body_of(cells, counts, [*outer, ("n", cells)]))
        shown = shown_of(mean_over("n", counts, outer), table)
        assert [shown[key] for key in cells] == [Exact(15), Exact(50), HIDE]
        assert shown["n"] == Band(85, 95)

    @pytest.mark.parametrize("both", [64, 70, 73, 74, 78, 80])
    def test_a_band_that_says_too_much_is_joined_with_the_next(self, both):
        """80 were measured first, and that is known. "74 to 84 at both waves" would leave 0 to 6 lost; so it says
        63 to 84, and says so wherever in that range the number lies."""
        counts = {"both": both, "lost": 80 - both, "first": 80, "never": 15, "enrolled": 95}
        outer = [("enrolled", ["first", "never"])]
        known = finding_of(body_of(["first"], counts, outer), finding_id="known", role=Role.PRIMARY)
        shown = shown_of(known, mean_over("both", counts, [("first", ["both", "lost"])]))
        assert shown["first"] == Exact(80)
        assert shown["both"] == Band(63, 84)

    def test_numbers_on_a_small_n_are_taken_out(self):
        counts = {"n": 7, "not": 88, "enrolled": 95}
        release = gate([mean_over("n", counts, [("enrolled", ["n", "not"])])], policy=Policy())
        assert "fewer than 11" in release.findings[0].refusal
        assert release.findings[0].body == Body()


class TestTheWholeReport:
    def test_a_later_finding_does_not_undo_an_earlier_one(self):
        """ "both" is told first; "first" would then say that 3 were lost, and is not told exactly."""
        counts = {"both": 60, "lost": 3, "first": 63, "never": 32, "enrolled": 95}
        sums = [("enrolled", ["first", "never"]), ("first", ["both", "lost"])]
        shown = shown_of(
            finding_of(body_of(["both"], counts, sums), finding_id="1"),
            finding_of(body_of(["first"], counts, sums), finding_id="2"),
        )
        assert shown["both"] == Exact(60)
        assert shown["first"] == HIDE

    def test_what_the_plan_weighs_most_is_served_first(self):
        counts = {"both": 60, "lost": 3, "first": 63, "never": 32, "enrolled": 95}
        sums = [("enrolled", ["first", "never"]), ("first", ["both", "lost"])]
        shown = shown_of(
            finding_of(body_of(["both"], counts, sums), finding_id="1", role=Role.DESCRIPTIVE),
            finding_of(body_of(["first"], counts, sums), finding_id="2", role=Role.PRIMARY),
        )
        assert shown["first"] == Exact(63)
        assert shown["both"] == HIDE

    def test_findings_stay_in_the_order_of_the_report(self):
        made = [
            finding_of(table_of(50, 45, whole=w), finding_id=w, role=r)
            for w, r in (("x", Role.DESCRIPTIVE), ("y", Role.PRIMARY))
        ]
        assert [f.id for f in gate(made, policy=Policy()).findings] == ["x", "y"]

    def test_adding_a_finding_about_other_groups_takes_nothing_away(self):
        first = finding_of(table_of(50, 40, 5), finding_id="1")
        second = finding_of(table_of(7, 88, whole="referred"), finding_id="2")
        alone, together = shown_of(first), shown_of(first, second)
        assert {key: together[key] for key in alone} == dict(alone)

    @pytest.mark.parametrize("values", [(50, 40, 5), (30, 30, 35), (20, 15, 60), (12, 13, 14, 56)])
    def test_raising_the_threshold_never_shows_a_count_below_it(self, values):
        for threshold in range(3, 96):
            shown = shown_of(finding_of(table_of(*values)), threshold=threshold).values()
            assert all(s.value >= threshold for s in shown if isinstance(s, Exact))

    def test_counts_that_contradict_each_other_are_refused(self):
        with pytest.raises(ValueError, match="not the same everywhere"):
            shown_of(finding_of(table_of(50, 45)), finding_of(table_of(51, 44)))
        with pytest.raises(ValueError, match="do not add up"):
            shown_of(finding_of(body_of(["a"], {"a": 5, "all": 95}, [("all", ["a"])])))

    def test_a_sentence_tells_of_a_count_only_where_it_is_shown(self):
        counts = {"a": 50, "b": 40, "c": 5, "enrolled": 95}
        body = Body(
            sentences=tuple(Sentence(f"{{n}} were {key}.", {"n": CountRef(key)}) for key in "abc"),
            tables=(count_table(list("abc")),),
            counts=counts,
            partitions=(Partition("enrolled", ("a", "b", "c")),),
        )
        finding = gate([finding_of(body)], policy=Policy()).findings[0]
        assert [sentence.template for sentence in finding.body.sentences] == ["{n} were a."]
        assert any("2 statements" in told for told in finding.told)


def test_rows_resting_on_small_groups_lose_their_numbers_and_others_keep_them():
    counts = {"a": 50, "b": 40, "c": 5, "enrolled": 95}
    rows = tuple(Row((CountRef(key), Number(3.0, Quantity.MEAN, key))) for key in "abc")
    table = Table(id="t", title="t", columns=(), rows=rows)
    body = Body(tables=(table,), counts=counts, partitions=(Partition("enrolled", ("a", "b", "c")),))
    finding = gate([finding_of(body)], policy=Policy()).findings[0]
    kinds = [[type(cell).__name__ for cell in row.cells] for row in finding.body.tables[0].rows]
    assert kinds[0] == ["CountRef", "Number"]
    assert kinds[2] == ["Hidden", "Hidden"]
    assert finding.section is Section.PARTICIPANTS


class TestBandsAreFoundWithoutLookingAtTheNumber:
    """Every number inside a band gets that very band: otherwise the band would say more than its two ends."""

    @pytest.mark.parametrize(("enrolled", "first", "half"), [(95, 80, 0), (95, 84, 40), (60, 45, 20), (40, 29, 12)])
    def test_all_numbers_of_a_band_share_it(self, enrolled, first, half):
        bands = {}
        for both in range(max(11, half), first + 1):
            counts = {"both": both, "lost": first - both, "first": first, "never": enrolled - first, "a": half}
            counts |= {"b": both - half, "enrolled": enrolled}
            outer = [("enrolled", ["first", "never"])]
            inner = [("first", ["both", "lost"]), ("both", ["a", "b"])]
            known = finding_of(body_of(["first"], counts, outer), finding_id="known", role=Role.PRIMARY)
            bands[both] = shown_of(known, mean_over("both", counts, inner))["both"]
        for both, band in bands.items():
            if isinstance(band, Band):
                assert band.low <= both <= band.high
                assert {bands[n] for n in bands if band.low <= n <= band.high} == {band}
