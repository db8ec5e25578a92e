"""Which enrollment of a participant is analyzed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from casearc.change.ambiguity import Ambiguity, AmbiguityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzedEnrollments:
    """One enrollment a participant.

    frame
        The rows of the enrollments table that are analyzed, all columns, in the order of the table.
    ambiguities
        Later enrollments set aside, and participants whose order of enrollments could not be told.
    """

    frame: pl.DataFrame
    ambiguities: tuple[Ambiguity, ...]


def first_enrollments(enrollments: pl.DataFrame) -> AnalyzedEnrollments:
    """Keep each participant's first enrollment.

    First is the earliest `start_date`. Enrollments without one come after those with one, and among themselves
    in the order of the table; for how many participants that decided is counted.

    Parameters
    ----------
    enrollments
        enrollment_id, participant_id and, where known, start_date; pass eligible enrollments only.
    """
    dated = enrollments if "start_date" in enrollments.columns else enrollments.with_columns(start_date=None)
    person = "participant_id"
    ranked = dated.with_row_index("_order").sort("start_date", "_order", nulls_last=True)
    ranked = ranked.with_columns(pl.int_range(pl.len()).over(person).alias("_rank"))
    kept = ranked.filter(pl.col("_rank") == 0).sort("_order").select(enrollments.columns)
    several = ranked.filter(pl.len().over(person) > 1)
    undated = several.filter(pl.col("start_date").is_null().any().over(person))[person].n_unique()
    later = ranked.height - kept.height
    found = [
        (AmbiguityKind.LATER_ENROLLMENT, later, "each participant's first enrollment is used"),
        (AmbiguityKind.UNDATED_ENROLLMENT, undated, "dated ones count as earlier, else the order in the file"),
    ]
    return AnalyzedEnrollments(
        frame=kept,
        ambiguities=tuple(
            Ambiguity(kind=kind, wave=None, instrument=None, count=count, rule=rule, counted="enrollments")
            for kind, count, rule in found
            if count
        ),
    )
