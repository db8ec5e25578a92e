"""Which administration stands for which wave, and on which day each person's wave was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from casearc.change.ambiguity import Ambiguity, AmbiguityKind
from casearc.change.definitions import Pick, Wave
from casearc.change.overlap import overlapping
from casearc.errors import PlanRefusedError, UsageError

_NEEDED = ("administration_id", "enrollment_id", "instrument", "day")
_ONE_WAVE = ["enrollment_id", "instrument", "wave"]
_NOT_SCORES = frozenset(
    {
        *_NEEDED,
        *("variant", "version", "language", "mode", "wave", "key_version", "participant_id"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveAssignment:
    """At most one administration an enrollment, instrument and wave.

    frame
        enrollment_id, instrument, wave, administration_id, day: one row an administration that was used.
    waves
        The waves assigned, in the plan's order.
    ambiguities
        What was in doubt, counted, with the rule applied.
    """

    frame: pl.DataFrame
    waves: tuple[Wave, ...]
    ambiguities: tuple[Ambiguity, ...]


def assign_waves(administrations: pl.DataFrame, waves: Sequence[Wave]) -> WaveAssignment:
    """Assign administrations to waves.

    An administration belongs to the wave whose window, both ends inclusive, holds its day. Where an enrollment
    has several of one instrument in one window, the nearest to the target day is used (or the first or last, where
    the wave picks so), of two equally near the earlier, of two on one day the one that comes first by
    administration_id. What is set aside is counted.

    Parameters
    ----------
    administrations
        administration_id, enrollment_id, instrument, day (days since the enrollment's start); others are ignored.
    waves
        Windows must not overlap, but for waves that pick the first or the last.

    Raises
    ------
    PlanRefusedError
        Two waves share days, or a name is used twice.
    UsageError
        A column is missing.

    Examples
    --------
    >>> rows = pl.DataFrame({"administration_id": ["a", "b"], "enrollment_id": ["e", "e"],
    ...                      "instrument": ["mspss", "mspss"], "day": [-4, 6]})
    >>> assign_waves(rows, [Wave(name="intake", target_day=0, window=(-30, 45))]).frame["day"].to_list()
    [-4]
    """
    _refuse_unsound(waves)
    _refuse_without(administrations, _NEEDED, "administrations")
    dated = administrations.select(_NEEDED).with_columns(pl.col("day").cast(pl.Int64))
    ranked = (
        pl.concat([_in_window(dated, wave) for wave in waves])
        .sort("enrollment_id", "instrument", "wave", "_distance", "day", "administration_id")
        .with_columns(
            pl.int_range(pl.len()).over(_ONE_WAVE).alias("_rank"),
            pl.col("day").first().over(_ONE_WAVE).alias("_used_day"),
        )
    )
    order = pl.col("wave").replace_strict([wave.name for wave in waves], range(len(waves)), default=None)
    frame = (
        ranked.filter(pl.col("_rank") == 0)
        .sort("enrollment_id", order, "instrument")
        .select(*_ONE_WAVE, "administration_id", "day")
    )
    return WaveAssignment(
        frame=frame,
        waves=tuple(waves),
        ambiguities=(*_set_aside(ranked, waves), *_unplaced(dated, waves), *_different_days(frame, waves)),
    )


def wave_days(assignment: WaveAssignment, enrollments: pl.Series | None = None) -> pl.DataFrame:
    """The day of each wave for each enrollment: the earliest administration used for it, of any instrument.

    The earliest, so that a dose window that ends at the wave never reaches past a measurement of it.

    Parameters
    ----------
    assignment
        As `assign_waves` returns it.
    enrollments
        The enrollment ids to list, also those without any administration; by default those that have one.

    Returns
    -------
    pl.DataFrame
        enrollment_id and one Int64 column a wave, null where the enrollment has no administration of it.
    """
    in_wave = [pl.col("day").filter(pl.col("wave") == wave.name).min().alias(wave.name) for wave in assignment.waves]
    days = assignment.frame.group_by("enrollment_id", maintain_order=True).agg(in_wave)
    if enrollments is None:
        return days
    listed = enrollments.cast(pl.String).alias("enrollment_id").to_frame().unique(maintain_order=True)
    return listed.join(days, on="enrollment_id", how="left", maintain_order="left")


def wave_scores(
    assignment: WaveAssignment, scores: pl.DataFrame, *, columns: Sequence[str] | None = None
) -> pl.DataFrame:
    """Scores side by side: one row an enrollment, one column a score and wave (``mspss_total@intake``).

    Parameters
    ----------
    assignment
        As `assign_waves` returns it.
    scores
        One row an administration: administration_id and score columns, of one instrument or several stacked.
    columns
        The columns to set side by side; by default all but ids, administration facts and ``key_version``.

    Raises
    ------
    UsageError
        A column is missing, or an administration has more than one row.
    """
    chosen = [name for name in columns or scores.columns if name not in _NOT_SCORES]
    _refuse_without(scores, ("administration_id", *chosen), "scores")
    if scores["administration_id"].is_duplicated().any():
        raise UsageError("An administration has more than one row of scores. Pass one row an administration.")
    wanted = scores.select("administration_id", *chosen)
    joined = assignment.frame.join(wanted, on="administration_id", how="inner", maintain_order="left")
    cells = [
        pl.col(name).filter(pl.col("wave") == wave.name).drop_nulls().first().alias(f"{name}@{wave.name}")
        for name in chosen
        for wave in assignment.waves
    ]
    return joined.group_by("enrollment_id", maintain_order=True).agg(cells)


def _refuse_unsound(waves: Sequence[Wave]) -> None:
    names = [wave.name for wave in waves]
    if len(set(names)) < len(names):
        raise PlanRefusedError("Two waves have the same name. Give each wave a name of its own.")
    pairs = overlapping(waves)
    if pairs:
        one, other = pairs[0]
        raise PlanRefusedError(
            f'The windows of waves "{one.name}" and "{other.name}" share days, so an administration could '
            "belong to both. Narrow one of them."
        )


def _refuse_without(frame: pl.DataFrame, columns: Sequence[str], what: str) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise UsageError(f"The {what} lack the columns: {', '.join(missing)}.")


def _inside(wave: Wave) -> pl.Expr:
    return pl.col("day").is_between(wave.first_day, wave.last_day, closed="both")


def _in_window(dated: pl.DataFrame, wave: Wave) -> pl.DataFrame:
    """Administrations in the window of a wave; the smaller `_distance`, the better it stands for the wave."""
    distance = {
        Pick.NEAREST: (pl.col("day") - wave.target_day).abs(),
        Pick.FIRST: pl.col("day"),
        Pick.LAST: -pl.col("day"),
    }[wave.pick]
    return dated.filter(_inside(wave)).with_columns(pl.lit(wave.name).alias("wave"), distance.alias("_distance"))


def _set_aside(ranked: pl.DataFrame, waves: Sequence[Wave]) -> list[Ambiguity]:
    """Administrations not used because another of the same wave was: by wave and instrument."""
    same_day = pl.col("day") == pl.col("_used_day")
    kinds = {
        AmbiguityKind.SEVERAL_IN_WINDOW: (
            same_day.not_(),
            "the administration nearest to the target day is used, of two equally near the earlier",
        ),
        AmbiguityKind.SAME_DAY: (
            same_day,
            "of two administrations on one day the first by administration_id is used",
        ),
    }
    spare = ranked.filter(pl.col("_rank") > 0)
    return [
        Ambiguity(kind=kind, wave=wave.name, instrument=instrument, count=count, rule=rule)
        for wave in waves
        for kind, (of_kind, rule) in kinds.items()
        if wave.pick is Pick.NEAREST or kind is AmbiguityKind.SAME_DAY  # of many the first, or last, is no doubt
        for instrument, count in _by_instrument(spare.filter(pl.col("wave") == wave.name, of_kind))
    ]


def _unplaced(dated: pl.DataFrame, waves: Sequence[Wave]) -> list[Ambiguity]:
    """Administrations in no window, by instrument; those without a day apart."""
    no_day = pl.col("day").is_null()
    outside = pl.all_horizontal(no_day.not_(), *(_inside(wave).not_() for wave in waves))
    kinds = {
        AmbiguityKind.OUTSIDE_EVERY_WINDOW: (outside, "not used"),
        AmbiguityKind.NO_DAY: (no_day, "not used, since no wave can be told"),
    }
    return [
        Ambiguity(kind=kind, wave=None, instrument=instrument, count=count, rule=rule)
        for kind, (of_kind, rule) in kinds.items()
        for instrument, count in _by_instrument(dated.filter(of_kind))
    ]


def _by_instrument(rows: pl.DataFrame) -> list[tuple[str, int]]:
    return list(rows.group_by("instrument").len().sort("instrument").iter_rows())


def _different_days(frame: pl.DataFrame, waves: Sequence[Wave]) -> list[Ambiguity]:
    """Enrollments whose instruments of one wave were filled in on different days."""
    spread = frame.group_by("wave", "enrollment_id").agg(pl.col("day").n_unique().alias("days"))
    counts = dict(spread.filter(pl.col("days") > 1).group_by("wave").len().iter_rows())
    return [
        Ambiguity(
            kind=AmbiguityKind.DIFFERENT_DAYS,
            wave=wave.name,
            instrument=None,
            count=counts[wave.name],
            rule="the earliest day counts as the day of the wave",
            counted="enrollments",
        )
        for wave in waves
        if wave.name in counts
    ]
