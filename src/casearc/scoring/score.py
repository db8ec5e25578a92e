"""Scoring: an instrument applied to a frame of responses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import narwhals as nw
from narwhals.typing import IntoFrameT

from casearc.errors import UsageError
from casearc.instruments import CutSet, Instrument, Kind, ScoreDefinition, load
from casearc.scoring._coding import Coding, read_coding
from casearc.scoring._columns import TEMPORARY, Layout, find_layout
from casearc.scoring._ratio import Ratio, combine, divide, level
from casearc.scoring._reduce import ItemSet, item_sets, reduce
from casearc.scoring._validate import validate

RULES = ("house", "strict")


def score(
    frame: IntoFrameT,
    instrument: Instrument | str,
    *,
    variant: str | None = None,
    coding: str | None = None,
    missing: str = "house",
    bands: str | None = None,
    folders: Sequence[str | Path] = (),
) -> IntoFrameT:
    """Score the administrations of one instrument.

    Parameters
    ----------
    frame
        pandas, Polars eager or Polars lazy. Wide: one row an administration, columns ``administration_id`` and
        ``mspss_1``, ``mspss_2``, …; all other columns are carried along. Long: one row a response, columns
        ``administration_id``, ``item`` (``"mspss_1"``), ``response`` and, if there, ``missing_reason``; rows of
        one instrument only. NaN, null and an empty text mean skipped.
    instrument
        What `casearc.instruments.load` gives or takes.
    coding
        How the file codes responses, such as ``"1-10"``. The same number of points as the official range is a
        shift, another number a linear rescale to it. None: the official range, and a file of 30 administrations
        or more that never uses an end of it is questioned.
    missing
        ``"house"``: each score's own rule for skipped items. ``"strict"``: every item answered, or no score.
    bands
        Name of an alternative set of bands; None takes each score's default set.
    folders
        An agency's own instrument folders.

    Returns
    -------
    frame of the same kind, one row an administration
        The carried columns, then for each score ``<score>``, ``<score>_answered`` (number of its items answered)
        and, where it has bands, ``<score>_band``; last ``key_version``, which also records a declared coding, the
        strict rule and alternative bands. No score is null. Long input comes out sorted by administration. A lazy
        frame stays lazy; one small collect proves it sound first.

    Raises
    ------
    ScoringError
        Unknown, absent or repeated items, repeated administrations, responses that are text, not whole or out of
        range (row and column named, never the value), or a doubtful coding.
    UsageError
        No such instrument, variant, rule or band set.

    Notes
    -----
    Cut scores are compared in whole numbers by cross-multiplication, and each score is one division of two exact
    whole numbers, so no boundary depends on floating point. Checked against each instrument's worked examples and
    against `casearc.instruments.score_exactly`, an independent implementation in fractions.

    Examples
    --------
    >>> import polars as pl
    >>> answers = {f"mspss_{item}": [5, 6] for item in range(1, 13)}
    >>> frame = pl.DataFrame({"administration_id": ["a", "b"], **answers})
    >>> score(frame, "mspss")["mspss_total_band"].to_list()
    ['moderate', 'high']
    """
    chosen = _choose(instrument, variant=variant, folders=folders)
    _check_options(chosen, missing=missing, bands=bands)
    read = read_coding(coding, chosen)
    original: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(frame)
    layout = find_layout(original.collect_schema().names(), chosen, made=output_columns(chosen, bands=bands))
    reduced = _reduced(original, layout, chosen, read)
    validate(reduced, original, layout, chosen, read)
    version = "; ".join(_version_parts(chosen, read, missing=missing, bands=bands))
    scored = _apply(reduced, chosen, read, strict=missing == "strict", bands=bands)
    scored = scored.with_columns(nw.lit(version).alias("key_version"))
    columns = [*layout.carried, *output_columns(chosen, bands=bands)]
    chosen_columns = scored.select(*columns)
    if isinstance(chosen_columns, nw.DataFrame) and not layout.wide:
        chosen_columns = nw.maybe_reset_index(chosen_columns)
    return cast("IntoFrameT", chosen_columns.to_native())


def _reduced(
    original: nw.DataFrame[Any] | nw.LazyFrame[Any], layout: Layout, instrument: Instrument, coding: Coding
) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """The frame reduced; an eager Polars frame in one fused lazy run, which halves the time."""
    if isinstance(original, nw.DataFrame) and original.implementation.is_polars():
        return reduce(original.lazy(), layout, instrument, coding).lazy().collect()
    return reduce(original, layout, instrument, coding)


def output_columns(instrument: Instrument, *, bands: str | None = None) -> list[str]:
    """The columns scoring adds, in order."""
    columns = []
    for definition in instrument.scores:
        columns += [definition.id, f"{definition.id}_answered"]
        if _has_band_column(definition, bands):
            columns.append(f"{definition.id}_band")
    return [*columns, "key_version"]


def _has_band_column(definition: ScoreDefinition, bands: str | None) -> bool:
    """With the default sets: where there is one. With a named set: wherever there are bands, empty without it."""
    return definition.band_set() is not None if bands is None else bool(definition.bands)


def _choose(instrument: Instrument | str, *, variant: str | None, folders: Sequence[str | Path]) -> Instrument:
    if not isinstance(instrument, Instrument):
        return load(instrument, variant=variant, folders=folders)
    if variant is not None and variant != instrument.variant:
        raise UsageError("An instrument that is loaded already has its variant; name the variant to `load`.")
    return instrument


def _check_options(instrument: Instrument, *, missing: str, bands: str | None) -> None:
    if missing not in RULES:
        raise UsageError(f"The rule for skipped items is one of: {', '.join(RULES)}.")
    named = {cut_set.id for definition in instrument.scores for cut_set in definition.bands}
    if bands is not None and bands not in named:
        known = ", ".join(sorted(named)) or "none"
        raise UsageError(f"`{instrument.reference}` has no band set `{bands}`. Its band sets: {known}.")


def _version_parts(instrument: Instrument, coding: Coding, *, missing: str, bands: str | None) -> list[str]:
    """The key's version and everything a caller chose that changes numbers."""
    parts = [instrument.key_version]
    if coding.note:
        parts.append(coding.note)
    if missing != "house":
        parts.append(f"missing {missing}")
    if bands is not None:
        parts.append(f"bands {bands}")
    return parts


def _apply(
    reduced: nw.DataFrame[Any] | nw.LazyFrame[Any],
    instrument: Instrument,
    coding: Coding,
    *,
    strict: bool,
    bands: str | None,
) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """Add the output columns of every score to the reduced frame."""
    sets = item_sets(instrument)
    reduced = reduced.with_columns(
        nw.when(nw.col(chosen.answered) > 0)
        .then(nw.col(chosen.answered))
        .otherwise(nw.lit(1))
        .cast(nw.Int64)
        .alias(_count(chosen))
        for chosen in sets.values()
    )
    ratios = {
        definition.id: _ratio(definition, instrument, sets, coding)
        for definition in instrument.scores
        if definition.kind is not Kind.STAGE
    }
    reduced = divide(reduced, ratios, prefix=TEMPORARY)
    made: dict[str, nw.Expr] = {}
    for definition in instrument.scores:
        chosen = sets[definition.items]
        there = _there(definition, instrument, sets, strict=strict)
        found = nw.col(definition.id) if definition.id in ratios else _level(definition, instrument, sets, ratios)
        made[definition.id] = nw.when(there).then(found)
        made[f"{definition.id}_answered"] = nw.col(chosen.answered).cast(nw.Int64)
        if _has_band_column(definition, bands):
            band_set = definition.band_set(bands)
            band = _band(definition, ratios[definition.id], band_set)
            made[f"{definition.id}_band"] = nw.when(there).then(band)
    return reduced.with_columns(**made)


def _count(chosen: ItemSet) -> str:
    """The column of the number answered, 1 where it is 0: a divisor."""
    return f"{chosen.answered}_or_1"


def _there(
    definition: ScoreDefinition,
    instrument: Instrument,
    sets: dict[tuple[str, ...], ItemSet],
    *,
    strict: bool,
) -> nw.Expr:
    """Whether enough items were answered for the score; a composite needs each of its terms."""
    if definition.of:
        return _there(instrument.score(definition.of), instrument, sets, strict=strict)
    if definition.kind is Kind.COMPOSITE:
        parts = [instrument.score(term.score) for term in definition.terms]
        return nw.all_horizontal(*(_there(part, instrument, sets, strict=strict) for part in parts), ignore_nulls=False)
    needed = len(definition.items) if strict else definition.minimum_answered
    return nw.col(sets[definition.items].answered) >= needed


def _ratio(
    definition: ScoreDefinition, instrument: Instrument, sets: dict[tuple[str, ...], ItemSet], coding: Coding
) -> Ratio:
    """The score as an exact ratio of columns."""
    if definition.kind is Kind.COMPOSITE:
        return combine(
            [(term.sign, _ratio(instrument.score(term.score), instrument, sets, coding)) for term in definition.terms]
        )
    chosen = sets[definition.items]
    mean = Ratio(nw.col(chosen.sum), nw.col(_count(chosen)), coding.divisor)
    return mean.times(len(definition.items)) if definition.kind is Kind.SUM else mean


def _level(
    definition: ScoreDefinition,
    instrument: Instrument,
    sets: dict[tuple[str, ...], ItemSet],
    ratios: dict[str, Ratio],
) -> nw.Expr:
    """A stage's level: cut from another score, or the response to the single item itself."""
    if definition.stage_cuts is not None:
        return level(ratios[definition.of], definition.stage_cuts)
    found: nw.Expr = nw.lit(definition.levels[-1])
    for index in reversed(range(len(definition.levels) - 1)):
        here = nw.col(sets[definition.items].sum) <= (instrument.low + index)
        found = nw.when(here).then(nw.lit(definition.levels[index])).otherwise(found)
    return found


def _band(definition: ScoreDefinition, ratio: Ratio, band_set: CutSet | None) -> nw.Expr:
    if band_set is None:
        return nw.lit(None).cast(nw.String)
    return level(ratio.times(len(definition.items)) if band_set.on_sum else ratio, band_set)
