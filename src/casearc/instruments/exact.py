"""Scoring one administration in exact fractions: the yardstick for worked examples and for the dataframe code.

Slow and plain on purpose, and written apart from `casearc.scoring`, so that each can catch the other's mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from casearc.instruments.definition import CutSet, Instrument, Kind, ScoreDefinition

Scored = dict[str, Fraction | int | str | None]


def score_exactly(
    instrument: Instrument,
    answers: Mapping[str, int | None],
    *,
    missing: str = "house",
    bands: str | None = None,
) -> Scored:
    """Score one administration.

    Parameters
    ----------
    answers : item id -> response in the official range; None or absent means skipped.
    missing : "house" (each score's own rule) or "strict" (every item answered).
    bands : name of an alternative band set; None takes each score's default one.

    Returns
    -------
    dict
        The columns of `casearc.scoring.score` without ``key_version``; values exact, None where there is no score.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> score_exactly(load("mspss"), {str(item): 3 for item in range(1, 13)})["mspss_total_band"]
    'moderate'
    """
    points = {
        item.id: (instrument.low + instrument.high - answer if item.reverse else answer)
        for item in instrument.items
        if (answer := answers.get(item.id)) is not None
    }
    values: dict[str, Fraction | None] = {}
    out: Scored = {}
    for score in _in_order(instrument):
        answered = [Fraction(points[item]) for item in score.items if item in points]
        result = _value(score, instrument, answered, values, strict=missing == "strict")
        out[score.id] = result
        out[f"{score.id}_answered"] = len(answered)
        if score.kind is not Kind.STAGE:
            values[score.id] = result if isinstance(result, Fraction) else None
        if chosen := score.band_set(bands):
            out[f"{score.id}_band"] = _band(score, chosen, values[score.id])
        elif bands is not None and score.bands:
            out[f"{score.id}_band"] = None
    return out


def _in_order(instrument: Instrument) -> list[ScoreDefinition]:
    """Scores after those they rest on."""
    rank = {Kind.MEAN: 0, Kind.SUM: 0, Kind.COMPOSITE: 1, Kind.STAGE: 2}
    return sorted(instrument.scores, key=lambda score: rank[score.kind])


def _value(
    score: ScoreDefinition,
    instrument: Instrument,
    answered: list[Fraction],
    values: Mapping[str, Fraction | None],
    *,
    strict: bool,
) -> Fraction | str | None:
    if score.kind is Kind.COMPOSITE:
        parts = [values[term.score] for term in score.terms]
        if any(part is None for part in parts):
            return None
        return sum((t.sign * p for t, p in zip(score.terms, parts, strict=True) if p is not None), Fraction(0))
    if score.kind is Kind.STAGE:
        if score.stage_cuts is None:
            return score.levels[int(answered[0]) - instrument.low] if answered else None
        base = values[score.of]
        return None if base is None else level_of(score.stage_cuts, base)
    needed = len(score.items) if strict else score.minimum_answered
    if not answered or len(answered) < needed:
        return None
    mean = sum(answered, Fraction(0)) / len(answered)
    return mean * len(score.items) if score.kind is Kind.SUM else mean


def _band(score: ScoreDefinition, bands: CutSet, value: Fraction | None) -> str | None:
    if value is None:
        return None
    return level_of(bands, value * len(score.items) if bands.on_sum else value)


def level_of(cut_set: CutSet, value: Fraction) -> str:
    """The level of a value: the first whose upper boundary is not passed."""
    for index, cut in enumerate(cut_set.cuts):
        if value < cut.at or (value == cut.at and cut_set.lower_holds(index)):
            return cut_set.levels[index]
    return cut_set.levels[-1]
