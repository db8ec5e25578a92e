"""Change within participants, groups compared, and cross tables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from cases import Case

from casearc.statistics import contingency as tables
from casearc.statistics import groups, paired
from casearc.statistics.multiplicity import benjamini_hochberg, hochberg, holm

WAVES = ("first", "second", "third")


def change(case: Case) -> np.ndarray:
    """After minus before; missing scores stay missing."""
    with np.errstate(invalid="ignore"):
        return case.after - case.before


def moves(case: Case) -> np.ndarray:
    """Stages before by stages after."""
    return _crossed(case.stage_before, case.stage_after, 3, 3)


def halves(case: Case) -> np.ndarray:
    """Lowest stage or not, before by after."""
    return _crossed(case.stage_before > 0, case.stage_after > 0, 2, 2)


def crossed(case: Case) -> np.ndarray:
    """A service by the stage of the outcome."""
    return _crossed(case.flag, case.stage, 2, 4)


def by_stage(case: Case) -> list[np.ndarray]:
    """The outcome at each stage."""
    return [case.outcome[case.stage == level] for level in range(4)]


def by_flag(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """The outcome with and without a service."""
    return case.outcome[case.flag > 0], case.outcome[case.flag == 0]


def family_of_p(case: Case) -> dict[str, float]:
    """P values of three tests, where they can be had."""
    return {
        "t": paired.paired_t(case.before, case.after).p,
        "rank": paired.wilcoxon_signed_rank(change(case)).p,
        "sign": paired.sign_test(change(case)).p,
    }


def _crossed(rows: np.ndarray, columns: np.ndarray, r: int, c: int) -> np.ndarray:
    table = np.zeros((r, c), dtype=int)
    np.add.at(table, (rows.astype(int), columns.astype(int)), 1)
    return table


METHODS: dict[str, Callable[[Case], object]] = {
    "paired t": lambda c: paired.paired_t(c.before, c.after),
    "d_z": lambda c: paired.cohen_dz(change(c)),
    "d_av": lambda c: paired.cohen_d_av(c.before, c.after),
    "signed rank": lambda c: paired.wilcoxon_signed_rank(change(c)),
    "signed rank, Pratt, asymptotic": lambda c: paired.wilcoxon_signed_rank(
        change(c), zeros="pratt", method="asymptotic"
    ),
    "Hodges-Lehmann": lambda c: paired.hodges_lehmann(change(c)),
    "Hodges-Lehmann given ties": lambda c: paired.hodges_lehmann(change(c), interval="conditional"),
    "Hodges-Lehmann given ties, Pratt": lambda c: paired.hodges_lehmann(
        change(c), interval="conditional", zeros="pratt"
    ),
    "rank-biserial": lambda c: paired.rank_biserial(change(c)),
    "sign test": lambda c: paired.sign_test(change(c)),
    "sign flips": lambda c: paired.paired_permutation(change(c)),
    "sign flips, simulated": lambda c: paired.paired_permutation(change(c), method="simulated", draws=999),
    "Friedman": lambda c: paired.friedman(c.waves),
    "Friedman, F": lambda c: paired.friedman(c.waves, method="f"),
    "Friedman, permutation": lambda c: paired.friedman(c.waves, method="permutation", draws=999),
    "repeated measures": lambda c: paired.repeated_measures_anova(c.waves),
    "contrasts": lambda c: paired.paired_contrasts(c.waves, waves=WAVES),
    "contrasts, ranks": lambda c: paired.paired_contrasts(c.waves, waves=WAVES, test="signed rank"),
    "one way": lambda c: groups.one_way(by_stage(c)),
    "Welch one way": lambda c: groups.welch_one_way(by_stage(c)),
    "two groups": lambda c: groups.two_sample_t(*by_flag(c)),
    "two groups, equal variances": lambda c: groups.two_sample_t(*by_flag(c), equal_variances=True),
    "two groups, permutation": lambda c: groups.two_sample_permutation(*by_flag(c), draws=999),
    "standardized difference": lambda c: groups.standardized_difference_means(*by_flag(c)),
    "standardized difference of shares": lambda c: groups.standardized_difference_proportions(
        (int(c.flag.sum()), c.flag.size), (int(c.yes.sum()), c.yes.size)
    ),
    "chi-square": lambda c: tables.chi_square(crossed(c)),
    "exact table": lambda c: tables.fisher_exact(crossed(c)),
    "Cramér's V": lambda c: tables.cramers_v(crossed(c)),
    "kappa": lambda c: tables.kappa(moves(c)),
    "weighted kappa": lambda c: tables.kappa(moves(c), "quadratic"),
    "Bowker": lambda c: tables.bowker(moves(c)),
    "Bowker, exact": lambda c: tables.bowker_exact(moves(c)),
    "Stuart-Maxwell": lambda c: tables.stuart_maxwell(moves(c)),
    "ordered stages, exact": lambda c: tables.ordered_homogeneity(moves(c)),
    "ordered stages, chi-square": lambda c: tables.ordered_homogeneity(moves(c), method="chi_square"),
    "up or down": lambda c: tables.moved_up_or_down(moves(c), method="mid-p"),
    "McNemar": lambda c: tables.mcnemar(halves(c)),
    "McNemar, corrected": lambda c: tables.mcnemar(halves(c), method="corrected"),
    "Holm": lambda c: holm(family_of_p(c)),
    "Hochberg": lambda c: hochberg(family_of_p(c)),
    "Benjamini-Hochberg": lambda c: benjamini_hochberg(family_of_p(c)),
}
