"""What came of the answers: administrations with a score, and those without one, with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import polars.selectors as cs

from casearc.language import say_many, to_say
from casearc.tables import Tables

_ID = "administration_id"
_NOTHING = pl.DataFrame(schema={_ID: pl.String, "key_version": pl.String, "scored": pl.Boolean})
_MISSING = "too many items missing"
_NO_ANSWER = "no item answered"
_WHY = {
    _MISSING: (
        to_say("{count:,} administration of {instrument} got no score: too many of its items have no answer."),
        to_say("{count:,} administrations of {instrument} got no score: too many of their items have no answer."),
    ),
    _NO_ANSWER: (
        to_say("{count:,} administration of {instrument} got no score: none of its items has an answer."),
        to_say("{count:,} administrations of {instrument} got no score: none of their items has an answer."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Administrations by the version of the key that gave them at least one score; those that got none by instrument
    and reason."""

    counts: Mapping[str, int]
    without: Mapping[str, Mapping[str, int]]

    def notes(self) -> tuple[str, ...]:
        """What is to be known of those without a score."""
        return tuple(
            say_many(*_WHY[why], count, instrument=instrument)
            for instrument, reasons in self.without.items()
            for why, count in reasons.items()
        )


def count_scored(scores: Sequence[pl.DataFrame], tables: Tables) -> Scored:
    """Count administrations with and without a score.

    Parameters
    ----------
    scores
        One frame an instrument, as `casearc.analyses.score_all` gives them.
    tables
        What was scored.

    Returns
    -------
    Scored

    Examples
    --------
    >>> count_scored([], Tables.of()).counts
    {}
    """
    told = [
        frame.select(_ID, "key_version", pl.any_horizontal(cs.float().is_not_null()).alias("scored"))
        for frame in scores
        if not frame.is_empty()
    ]
    scored = pl.concat(told) if told else _NOTHING
    by_version = scored.group_by("key_version", maintain_order=True).agg(pl.col("scored").sum())
    without = tables.administrations.select(_ID, "instrument").join(
        scored.filter("scored"), on=_ID, how="anti", maintain_order="left"
    )
    answered = tables.responses.filter(pl.col("response").is_not_null()).select(_ID).unique()
    why = pl.when(pl.col(_ID).is_in(answered[_ID].implode())).then(pl.lit(_MISSING)).otherwise(pl.lit(_NO_ANSWER))
    reasons: dict[str, dict[str, int]] = {}
    for instrument, reason, count in without.group_by("instrument", why.alias("why"), maintain_order=True).len().rows():
        reasons.setdefault(instrument, {})[reason] = count
    return Scored(counts=dict(by_version.rows()), without=reasons)
