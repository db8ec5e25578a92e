"""The instruments that the administrations name, and the scores of all their responses.

What cannot be scored is told by the file and row it came from, as every other fault of the data is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from casearc.errors import Fault, ScoringError
from casearc.instruments import Instrument, available, load
from casearc.language import say
from casearc.scoring import score
from casearc.study import StudyPlan
from casearc.tables import FILE, ROW, FaultLog, Tables, suggestion

_CODING = "_coding"


def study_instruments(plan: StudyPlan, tables: Tables) -> tuple[Instrument, ...]:
    """The instruments, in their variants, that the administrations name. Errors as of `named_instruments`."""
    return named_instruments(tables, folders=plan.instrument_folders)


def named_instruments(tables: Tables, *, folders: Sequence[str | Path] = ()) -> tuple[Instrument, ...]:
    """The instruments, in their variants, that the administrations name; `folders` hold an agency's own.

    Raises
    ------
    ScoringError
        Instruments or variants that are not known, each row named.
    InstrumentError
        An instrument is known and its files are wrong.
    """
    given = tables.with_places("administrations").with_columns(pl.col("variant").fill_null(""))
    known = available(folders)
    named = given.select("instrument", "variant").unique().sort("instrument", "variant").rows()
    log = FaultLog()
    for instrument, variant in named:
        if _reference(instrument, variant) not in known:
            rows = given.filter(pl.col("instrument") == instrument, pl.col("variant") == variant)
            _log_unknown(rows.select(FILE, ROW), instrument, variant, known, log)
    log.raise_if_any(ScoringError, say("The data were"))
    return tuple(load(instrument, variant=variant or None, folders=folders) for instrument, variant in named)


def _reference(instrument: str, variant: str) -> str:
    return f"{instrument}:{variant}" if variant else instrument


def _log_unknown(places: pl.DataFrame, instrument: str, variant: str, known: Sequence[str], log: FaultLog) -> None:
    """What stands in the cell is not repeated; what may stand there is."""
    if instrument not in known:
        ids = [name for name in known if ":" not in name]
        near = suggestion(instrument, ids)
        log.add_places(
            places,
            column="instrument",
            problem=say("Casearc knows no such instrument."),
            remedy=(near or say("Known: {known}.", known=", ".join(ids)))
            + " "
            + say("A folder with one of your own is named in the plan: [study] instruments."),
        )
        return
    variants = [name.partition(":")[2] for name in known if name.startswith(f"{instrument}:")]
    near = suggestion(variant, variants)
    log.add_places(
        places,
        column="variant",
        problem=say("The instrument {instrument} has no such variant.", instrument=instrument),
        remedy=(near or say("Its variants: {variants}.", variants=", ".join(variants) or say("none")))
        + " "
        + say("The full form has an empty cell here."),
    )


def score_all(
    known: Sequence[Instrument], tables: Tables, *, coding: Mapping[str, str], missing: str
) -> list[pl.DataFrame]:
    """Scores by instrument, one row an administration, those of an instrument's variants below each other.

    `coding` is for administrations that declare none of their own; `missing` is the rule for skipped items.

    Raises
    ------
    ScoringError
        Responses of any of the instruments cannot be scored.
    """
    made: dict[str, list[pl.DataFrame]] = {}
    refused: list[ScoringError] = []
    for instrument in known:
        try:
            made.setdefault(instrument.id, []).append(_scores_of(instrument, tables, coding, missing))
        except ScoringError as error:
            refused.append(error)
    _refuse(refused)
    return [pl.concat(variants, how="diagonal_relaxed") for variants in made.values()]


def _scores_of(instrument: Instrument, tables: Tables, codings: Mapping[str, str], missing: str) -> pl.DataFrame:
    """Scores of every administration of one instrument variant, one row an administration; each coding by itself."""
    variant = pl.col("variant").fill_null("") == instrument.variant
    administrations = tables.administrations.filter((pl.col("instrument") == instrument.id) & variant)
    declared = administrations.select("administration_id", coding_of(instrument, codings).alias(_CODING))
    scored = [
        _scores_in(instrument, tables, missing, ids=ids.select("administration_id"), coding=str(coding) or None)
        for (coding,), ids in declared.group_by(_CODING, maintain_order=True)
    ]
    if not scored:
        return _scores_in(instrument, tables, missing, ids=declared.select("administration_id"), coding=None)
    return pl.concat(scored, how="diagonal_relaxed")


def coding_of(instrument: Instrument, codings: Mapping[str, str]) -> pl.Expr:
    """The coding of each administration: its own, else the plan's; empty for the official range."""
    return pl.coalesce("coding", pl.lit(codings.get(instrument.id), dtype=pl.String)).fill_null("")


def _scores_in(
    instrument: Instrument, tables: Tables, missing: str, *, ids: pl.DataFrame, coding: str | None
) -> pl.DataFrame:
    responses = tables.with_places("responses").join(ids, on="administration_id", how="semi", maintain_order="left")
    try:
        return pl.DataFrame(score(responses.drop(FILE, ROW), instrument, coding=coding, missing=missing))
    except ScoringError as error:
        raise ScoringError(error.message, faults=[_placed(fault, responses) for fault in error.faults]) from None


def _placed(fault: Fault, responses: pl.DataFrame) -> Fault:
    """A fault of the scored frame, placed in the file the row came from; in a wide file the column is the item's."""
    if fault.row is None:
        return fault
    row = responses.row(fault.row - 2, named=True)
    wide = responses.filter(pl.col(FILE) == row[FILE])[ROW].is_duplicated().any()
    column = row["item"] if wide and fault.column in {"item", "response"} else fault.column
    return replace(fault, file=row[FILE], row=row[ROW], column=column)


def _refuse(refused: Sequence[ScoringError]) -> None:
    """Raise what was refused, all of it together."""
    if len(refused) == 1:
        raise refused[0]
    log = FaultLog()
    for error in refused:
        log.extend(error.faults or [Fault(problem=error.message)])
    log.raise_if_any(ScoringError, say("The responses were"))
