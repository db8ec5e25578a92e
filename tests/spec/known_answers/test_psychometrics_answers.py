"""Promise: agreement between raters and clinical cutoffs reproduce published answers to the digits given."""

from __future__ import annotations

import pytest

from casearc.change import Norm, clinical_cutoffs, reliable_changes
from casearc.psychometrics import IntraclassForm, intraclass_correlations

# Shrout & Fleiss 1979, table 2: six people rated by four judges
RATINGS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
PUBLISHED = {
    IntraclassForm.ONE_WAY_SINGLE: 0.17,
    IntraclassForm.AGREEMENT_SINGLE: 0.29,
    IntraclassForm.CONSISTENCY_SINGLE: 0.71,
    IntraclassForm.ONE_WAY_AVERAGE: 0.44,
    IntraclassForm.AGREEMENT_AVERAGE: 0.62,
    IntraclassForm.CONSISTENCY_AVERAGE: 0.91,
}


@pytest.mark.parametrize("form", IntraclassForm)
def test_shrout_and_fleiss(form: IntraclassForm) -> None:
    table = intraclass_correlations(RATINGS)
    assert table.form(form).icc == pytest.approx(PUBLISHED[form], abs=0.005)


def test_mean_squares_of_shrout_and_fleiss() -> None:
    table = intraclass_correlations(RATINGS)
    found = [
        table.mean_square_people,
        table.mean_square_within,
        table.mean_square_measurements,
        table.mean_square_residual,
    ]
    assert found == pytest.approx([11.24, 6.26, 32.49, 1.02], abs=0.006)


def test_jacobson_and_truax_cutoffs() -> None:
    """Their hypothetical example: means 40 and 60, SD 7.5, reliability .80; 32.5 before, 47.5 after."""
    cutoffs = clinical_cutoffs(Norm(mean=40.0, sd=7.5), Norm(mean=60.0, sd=7.5))
    assert (cutoffs.a, cutoffs.b, cutoffs.c, cutoffs.chosen) == (55.0, 45.0, 50.0, "c")
    changes = reliable_changes([32.5], [47.5], reliability=0.80, sd=7.5)
    assert changes.index[0] == pytest.approx(3.16, abs=0.005)
    assert changes.better == 1
