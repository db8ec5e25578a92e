"""What was answered and scored: one wide table an instrument and variant, and one of scores an instrument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from casearc.analyses import score_all
from casearc.files.described import REASON_CODES, Described
from casearc.files.exporting.contract import column_field
from casearc.files.questionnaires.form import MOST_CHOICES
from casearc.files.sheet import Field, Holds, MissingCode
from casearc.instruments import CutSet, Instrument, Kind, ScoreDefinition
from casearc.tables import TABLES, Tables

REASONS = tuple(MissingCode(code=str(code), name=reason) for reason, code in REASON_CODES.items())
"""Codes for missing that stand in the items of wide tables."""

_ABOUT = ("administration_id", "enrollment_id", "day", "language", "mode")
_WHERE_USED = ("version", "coding")


def wide_responses(tables: Tables, instrument: Instrument, *, coding: str = "") -> Described:
    """The responses to one instrument or variant, a row an administration and a column an item.

    Parameters
    ----------
    tables
        The contract's tables.
    instrument
        The instrument, in the variant.
    coding
        How the plan says that its responses are coded, where that is not the instrument's own range. Then, or where
        administrations name a coding of their own, the items have no choices.

    Returns
    -------
    Described
        A reason why there is no response is one of `REASON_CODES` in the item's own column.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> from casearc.tables import Tables
    >>> wide_responses(Tables.of(), load("mspss")).name
    'responses_mspss'
    """
    own = administrations_of(tables.administrations, instrument)
    used = [column for column in _WHERE_USED if own[column].null_count() < own.height]
    answers = _pivoted(tables.responses, own, instrument)
    frame = own.select(*_ABOUT, *used).join(answers, on="administration_id", how="left", maintain_order="left")
    plain = not coding and "coding" not in used
    schema = TABLES["administrations"]
    about = {name: column_field(schema.column(name)) for name in (*_ABOUT, *used)}
    items = {name: _item_field(instrument, frame[name], plain=plain) for name in answers.columns[1:]}
    return Described(
        name=f"responses_{table_name(instrument)}",
        title=f"One administration of {instrument.title}.",
        frame=frame,
        fields=about | items,
    )


def table_name(instrument: Instrument) -> str:
    """What the tables of an instrument or variant are called after: ``mspss``, ``cop_se_short_13``."""
    return instrument.reference.replace(":", "_").replace("-", "_")


def administrations_of(administrations: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """The administrations of one instrument or variant."""
    variant = pl.col("variant").fill_null("") == instrument.variant
    return administrations.filter((pl.col("instrument") == instrument.id) & variant)


def strange_items(tables: Tables) -> int:
    """How many responses are to no item of their administration's instrument: the long table alone has them."""
    of = tables.administrations.select("administration_id", "instrument")
    placed = tables.responses.join(of, on="administration_id", how="left")
    own = pl.col("item").str.starts_with(pl.col("instrument") + "_").fill_null(value=False)
    return int(placed.select(own.not_().sum()).item())


def _pivoted(responses: pl.DataFrame, own: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """``administration_id``, then every item of the instrument in order; then those it does not know."""
    code = pl.col("missing_reason").replace_strict(REASON_CODES, default=None, return_dtype=pl.Float64)
    long = (
        responses.join(own, on="administration_id", how="semi")
        .filter(pl.col("item").str.starts_with(f"{instrument.id}_"))
        .select("administration_id", "item", pl.coalesce("response", code).alias("cell"))
    )
    wide = long.pivot("item", index="administration_id", values="cell", aggregate_function="first")
    items = [instrument.column(item.id) for item in instrument.items]
    empty = [pl.lit(None, dtype=pl.Float64).alias(item) for item in items if item not in wide.columns]
    beyond = [name for name in wide.columns[1:] if name not in items]
    whole = wide.with_columns(empty).select("administration_id", *items, *beyond)
    return whole.with_columns(_as_whole(whole[name]) for name in whole.columns[1:])


def _as_whole(cells: pl.Series) -> pl.Series:
    """Whole numbers as such, where all are."""
    return cells.cast(pl.Int64) if (cells == cells.round(0)).all() else cells


def _item_field(instrument: Instrument, cells: pl.Series, *, plain: bool) -> Field:
    gists = {instrument.column(item.id): item.gist for item in instrument.items}
    codes = [str(code) for code in range(instrument.low, instrument.high + 1)]
    listed = plain and cells.name in gists and instrument.points <= MOST_CHOICES and _all_in(cells, codes)
    number = Holds.INTEGER if cells.dtype.is_integer() else Holds.NUMBER
    return Field(
        name=cells.name,
        label=gists.get(cells.name, "An item that the instrument does not know."),
        holds=Holds.CHOICE if listed else number,
        choices={code: code for code in codes} if listed else {},
        missing=REASONS,
    )


def _all_in(cells: pl.Series, codes: Sequence[str]) -> bool:
    if not cells.dtype.is_integer():
        return False
    known = [*(int(code) for code in codes), *REASON_CODES.values()]
    return bool(cells.drop_nulls().is_in(known).all())


def score_tables(
    tables: Tables,
    instruments: Sequence[Instrument],
    *,
    coding: Mapping[str, str] | None = None,
    missing: str = "house",
) -> tuple[Described, ...]:
    """The scores of every instrument, a row an administration.

    Parameters
    ----------
    tables
        The contract's tables.
    instruments
        The instruments in their variants; those of one id come into one table.
    coding
        Instrument -> coding of the administrations that name none themselves.
    missing
        The rule for skipped items: ``house`` or ``strict``.

    Returns
    -------
    tuple of Described
        ``scores_mspss`` and so on.

    Raises
    ------
    ScoringError
        Responses cannot be scored.

    Examples
    --------
    >>> from casearc.tables import Tables
    >>> score_tables(Tables.of(), [])
    ()
    """
    by_id: dict[str, list[Instrument]] = {}
    for instrument in instruments:
        by_id.setdefault(instrument.id, []).append(instrument)
    scored = score_all(instruments, tables, coding=coding or {}, missing=missing)
    return tuple(_scores(tables, of, frame) for of, frame in zip(by_id.values(), scored, strict=True))


def _scores(tables: Tables, variants: Sequence[Instrument], scored: pl.DataFrame) -> Described:
    about = tables.administrations.select("administration_id", "enrollment_id", "variant", "day")
    frame = about.join(scored, on="administration_id", how="inner", maintain_order="left")
    schema = TABLES["administrations"]
    fields = {name: column_field(schema.column(name)) for name in about.columns}
    for instrument in variants:
        for definition in instrument.scores:
            fields |= {field.name: field for field in _score_fields(definition) if field.name not in fields}
    fields["key_version"] = Field(name="key_version", label="The key that scored it.", holds=Holds.TEXT)
    return Described(
        name=f"scores_{variants[0].id}",
        title=f"The scores of one administration of {variants[0].title}.",
        frame=frame,
        fields={name: fields[name] for name in frame.columns},
    )


def _score_fields(definition: ScoreDefinition) -> tuple[Field, ...]:
    bands = definition.band_set()
    levels = dict(zip(definition.levels, definition.level_labels or definition.levels, strict=True))
    return (
        Field(
            name=definition.id,
            label=definition.label,
            holds=Holds.CHOICE if definition.kind is Kind.STAGE else Holds.NUMBER,
            choices=levels,
        ),
        Field(
            name=f"{definition.id}_answered",
            label=f"{definition.label}: items answered.",
            holds=Holds.INTEGER,
        ),
        *(() if bands is None else (_band_field(definition, bands),)),
    )


def _band_field(definition: ScoreDefinition, bands: CutSet) -> Field:
    labels: Mapping[str, str] = dict(zip(bands.levels, bands.level_labels or bands.levels, strict=True))
    return Field(name=f"{definition.id}_band", label=f"{definition.label}: band.", holds=Holds.CHOICE, choices=labels)
