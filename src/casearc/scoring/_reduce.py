"""From wide or long responses to one row an administration: sums and counts over the sets of items scores rest on.

Besides what scoring needs, each row carries what validation needs (bad cells, repeats, lowest and highest response),
so one small collect over the reduced frame proves a lazy frame sound.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from casearc.instruments import Instrument
from casearc.scoring._coding import Coding
from casearc.scoring._columns import ID, ITEM, REASON, RESPONSE, TEMPORARY, Layout
from casearc.scoring._responses import flag, read_column, response, text_of

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]

BAD, REPEATS, LOWEST, HIGHEST, GIVEN = (
    f"{TEMPORARY}{name}" for name in ("bad", "repeats", "lowest", "highest", "given")
)
CHECKS = (BAD, REPEATS, LOWEST, HIGHEST, GIVEN)


@dataclass(frozen=True, slots=True)
class ItemSet:
    """A set of items and the columns that hold the sum and the number of its answers."""

    items: tuple[str, ...]
    sum: str
    answered: str


def item_sets(instrument: Instrument) -> dict[tuple[str, ...], ItemSet]:
    """One set for each different tuple of items that a score rests on."""
    different = dict.fromkeys(score.items for score in instrument.scores)
    return {
        items: ItemSet(items, f"{TEMPORARY}sum_{number}", f"{TEMPORARY}answered_{number}")
        for number, items in enumerate(different)
    }


def reduce(frame: Frame, layout: Layout, instrument: Instrument, coding: Coding) -> Frame:
    """One row an administration, with `ID` or all carried columns, the item sets' columns and `CHECKS`."""
    return (_reduce_wide if layout.wide else _reduce_long)(frame, layout, instrument, coding)


def _reduce_wide(frame: Frame, layout: Layout, instrument: Instrument, coding: Coding) -> Frame:
    """One row an administration comes in; item columns become sums and counts."""
    schema = frame.collect_schema()
    readings = {item: read_column(column, schema[column]) for item, column in layout.items.items()}
    lines = {item.id: coding.line(reverse=item.reverse, instrument=instrument) for item in instrument.items}
    present, values, points, given = (
        {item: f"{TEMPORARY}{step}_{item}" for item in readings} for step in ("present", "value", "point", "given")
    )
    # In steps, because pandas computes a nested expression anew wherever it stands.
    frame = frame.with_columns(
        **{values[item]: reading.number for item, reading in readings.items()},
        **{present[item]: reading.present.cast(nw.Int64) for item, reading in readings.items()},
    )
    frame = frame.with_columns(**{values[item]: response(nw.col(values[item]), coding) for item in readings})
    frame = frame.with_columns(
        **{points[i]: _point(nw.col(values[i]), lines[i]).fill_null(0).cast(nw.Int64) for i in readings},
        **{given[item]: (~nw.col(values[item]).is_null()).cast(nw.Int64) for item in readings},
    )
    sums = {
        name: nw.sum_horizontal(*(columns[item] for item in chosen.items))
        for chosen in item_sets(instrument).values()
        for name, columns in ((chosen.sum, points), (chosen.answered, given))
    }
    return frame.select(
        *layout.carried,
        **sums,
        **{
            BAD: nw.sum_horizontal(*present.values()) - nw.sum_horizontal(*given.values()),
            REPEATS: nw.lit(0),
            LOWEST: nw.min_horizontal(*values.values()),
            HIGHEST: nw.max_horizontal(*values.values()),
            GIVEN: nw.sum_horizontal(*given.values()),
        },
    )


def _point(value: nw.Expr, line: tuple[int, int]) -> nw.Expr:
    """An item's scaled value."""
    slope, intercept = line
    return value if line == (1, 0) else value * slope + intercept


def _reduce_long(frame: Frame, layout: Layout, instrument: Instrument, coding: Coding) -> Frame:
    """One row a response comes in; rows are added up within administrations. Sorted by administration."""
    dtype = frame.collect_schema()[RESPONSE]
    reading = read_column(RESPONSE, dtype)
    item, value = nw.col(f"{TEMPORARY}item"), nw.col(f"{TEMPORARY}value")
    frame = frame.select(
        ID,
        **{
            f"{TEMPORARY}item": nw.col(ITEM).cast(nw.String),
            f"{TEMPORARY}value": response(reading.number, coding),
            BAD: flag(reading.bad(coding)) + flag(unknown_item(layout)) + flag(contradiction(layout, reading.present)),
        },
    )
    reverse = [layout.items[i.id] for i in instrument.items if i.reverse]
    straight = _point(value, coding.line(reverse=False, instrument=instrument))
    turned = _point(value, coding.line(reverse=True, instrument=instrument))
    point = nw.when(item.is_in(reverse)).then(turned).otherwise(straight) if reverse else straight
    frame = frame.with_columns(
        **{
            f"{TEMPORARY}point": point.fill_null(0).cast(nw.Int64),
            f"{TEMPORARY}given": flag(~value.is_null()),
        }
    )
    sets = item_sets(instrument).values()
    member = {chosen.items: item.is_in(_names(chosen.items, layout)) for chosen in sets}
    frame = frame.with_columns(
        **{
            name: nw.when(member[chosen.items]).then(nw.col(column)).otherwise(nw.lit(0))
            for chosen in sets
            for name, column in (
                (chosen.sum, f"{TEMPORARY}point"),
                (chosen.answered, f"{TEMPORARY}given"),
            )
        }
    )
    added: list[str] = [name for chosen in sets for name in (chosen.sum, chosen.answered)]
    grouped = frame.with_columns(**{LOWEST: value, HIGHEST: value, GIVEN: nw.col(f"{TEMPORARY}given")})
    grouped = grouped.group_by(ID).agg(
        *(nw.col(name).sum() for name in (*added, BAD, GIVEN)),
        nw.col(LOWEST).min(),
        nw.col(HIGHEST).max(),
        nw.len().alias(f"{TEMPORARY}rows"),
        nw.col(f"{TEMPORARY}item").n_unique().alias(f"{TEMPORARY}different"),
    )
    repeats = nw.col(f"{TEMPORARY}rows") - nw.col(f"{TEMPORARY}different")
    return grouped.with_columns(**{REPEATS: repeats}).drop(f"{TEMPORARY}rows", f"{TEMPORARY}different").sort(ID)


def _names(items: Iterable[str], layout: Layout) -> list[str]:
    return [layout.items[item] for item in items]


def unknown_item(layout: Layout) -> nw.Expr:
    """The row's item is not one of the instrument's, or there is none."""
    known = nw.col(ITEM).cast(nw.String).is_in(list(layout.items.values()))
    return nw.col(ITEM).is_null() | ~known


def contradiction(layout: Layout, present: nw.Expr) -> nw.Expr:
    """A response and a reason for not having one stand in the same row."""
    if not layout.has_reason:
        return present & ~present
    return present & ~nw.col(REASON).is_null() & (text_of(REASON) != "")
