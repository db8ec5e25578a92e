"""The promise against the attacker who knows the rule: every small world is tried.

For a threshold of 3, each possible table is put through the gate. Worlds that end in the same published report are
the ones a reader cannot tell apart, even by running the gate himself. In each such set, every count that is hidden
or small takes at least three different values.
"""

from __future__ import annotations

import pytest
from made_up import body_of, compositions, finding_of, mean_over, too_well_known


def one_way(world):
    keys = [f"c{i}" for i in range(len(world))]
    counts = dict(zip(keys, world, strict=True)) | {"enrolled": sum(world)}
    return [finding_of(body_of(keys, counts, [("enrolled", keys)]))], counts


def two_way(world, *, margins):
    a, b, c, d = world
    counts = {"a": a, "b": b, "c": c, "d": d, "ab": a + b, "cd": c + d, "ac": a + c, "bd": b + d}
    counts["enrolled"] = sum(world)
    sums = [(key, list(key)) for key in ("ab", "cd", "ac", "bd")]
    sums += [("enrolled", ["ab", "cd"]), ("enrolled", ["ac", "bd"])]
    shown = ["a", "b", "c", "d", *(("ab", "cd", "ac", "bd") if margins else ())]
    return [finding_of(body_of(shown, counts, sums))], counts


def some_not_measured(world):
    """The last cell was not measured and stands in no table; a mean rests on the n of the others."""
    *measured, missing = world
    cells = [f"c{i}" for i in range(len(measured))]
    counts = dict(zip(cells, measured, strict=True)) | {"not": missing, "n": sum(measured), "enrolled": sum(world)}
    outer = [("enrolled", ["n", "not"])]
    return [mean_over("n", counts, outer), finding_of(body_of(cells, counts, [*outer, ("n", cells)]))], counts


def merged_if_need_be(world):
    a, b, c, d = world
    counts = {"a": a, "b": b, "c": c, "d": d, "ab": a + b, "cd": c + d, "enrolled": sum(world)}
    fine = body_of("abcd", counts, [("enrolled", list("abcd"))])
    coarse = body_of(["ab", "cd"], counts, [("enrolled", ["ab", "cd"]), ("ab", ["a", "b"]), ("cd", ["c", "d"])])
    return [finding_of(fine, coarse)], counts


def lost_on_the_way(world):
    """Enrolled, measured first, measured at both waves: a mean on each."""
    both, lost, never = world
    counts = {"both": both, "lost": lost, "never": never, "first": both + lost, "enrolled": sum(world)}
    return [
        mean_over("first", counts, [("enrolled", ["first", "never"])]),
        mean_over("both", counts, [("first", ["both", "lost"])]),
    ], counts


def two_groupings(world):
    """The same people by two things told one after the other, which together would give cells away."""
    a, b, c = world
    counts = {"a": a, "b": b, "c": c, "ab": a + b, "bc": b + c, "enrolled": a + b + c}
    sums = [("enrolled", ["ab", "c"]), ("enrolled", ["a", "bc"]), ("ab", ["a", "b"]), ("bc", ["b", "c"])]
    return [
        finding_of(body_of(["ab", "c"], counts, sums)),
        finding_of(body_of(["a", "bc"], counts, sums)),
    ], counts


def test_the_search_finds_a_breach_where_there_is_one():
    """A gate that is not told how counts add up shields nothing: the search must see it, or its silence proves
    nothing."""

    def careless(world):
        counts = dict(zip("abc", world, strict=True)) | {"enrolled": sum(world)}
        return [finding_of(body_of(["a", "b", "c", "enrolled"], counts, []))], counts

    assert too_well_known(compositions(9, 3), careless)


@pytest.mark.parametrize("total", range(3, 13))
@pytest.mark.parametrize("cells", [2, 3, 4])
def test_no_cell_of_a_one_way_table_is_pinned_down(cells, total):
    assert too_well_known(compositions(total, cells), one_way) == []


@pytest.mark.parametrize(("total", "margins"), [(6, False), (6, True), (9, False), (9, True), (12, True)])
def test_no_cell_of_a_two_by_two_table_is_pinned_down(total, margins):
    assert too_well_known(compositions(total, 4), lambda world: two_way(world, margins=margins)) == []


@pytest.mark.parametrize("total", [6, 8, 11, 12, 14])
@pytest.mark.parametrize("cells", [3, 4])
def test_who_was_not_measured_stays_hidden_beside_a_table_of_who_was(cells, total):
    assert too_well_known(compositions(total, cells), some_not_measured) == []


@pytest.mark.parametrize("total", [6, 9, 12])
def test_that_groups_were_merged_does_not_say_which_was_small(total):
    assert too_well_known(compositions(total, 4), merged_if_need_be) == []


@pytest.mark.parametrize("total", [6, 9, 12, 14, 20])
def test_who_was_lost_stays_hidden_between_two_ns(total):
    assert too_well_known(compositions(total, 3), lost_on_the_way) == []


@pytest.mark.parametrize("total", [6, 9, 12, 15])
def test_two_safe_groupings_do_not_give_away_their_overlap(total):
    assert too_well_known(compositions(total, 3), two_groupings) == []
