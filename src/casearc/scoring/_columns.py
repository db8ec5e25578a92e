"""Which columns of a frame are what: wide or long, items, columns carried along."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casearc.errors import Fault, ScoringError
from casearc.instruments import Instrument
from casearc.language import say

ID = "administration_id"
ITEM = "item"
RESPONSE = "response"
REASON = "missing_reason"
TEMPORARY = "__casearc_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`items`: item id -> column (wide), or -> the name in the column `item` (long); only those present in a wide
    frame. `carried`: columns handed on as they are, the administration's id among them."""

    wide: bool
    items: dict[str, str]
    carried: tuple[str, ...]
    has_reason: bool = False


def find_layout(columns: Sequence[str], instrument: Instrument, *, made: Sequence[str]) -> Layout:
    """Tell wide from long by the columns. `made` are the columns scoring will add.

    Raises
    ------
    ScoringError
        No administration_id, neither wide nor long, unknown or absent items, or columns that would be overwritten.
    """
    if ID not in columns:
        raise ScoringError(
            say(
                "There is no column `{column}`. Each administration of an instrument needs an id of its own.", column=ID
            )
        )
    if ITEM in columns and RESPONSE in columns:
        names = {item.id: instrument.column(item.id) for item in instrument.items}
        return Layout(wide=False, items=names, carried=(ID,), has_reason=REASON in columns)
    return _wide_layout(columns, instrument, made=made)


def _wide_layout(columns: Sequence[str], instrument: Instrument, *, made: Sequence[str]) -> Layout:
    pattern = re.compile(rf"^{re.escape(instrument.id)}_[0-9]+[a-z]?$")
    found = [column for column in columns if pattern.match(column)]
    known = {instrument.column(item.id): item for item in instrument.items}
    if not found:
        first, last = instrument.column(instrument.items[0].id), instrument.column(instrument.items[-1].id)
        raise ScoringError(
            say(
                "There are no responses of `{reference}` here. Expected are columns `{first}` to `{last}`, one "
                "row an administration, or the columns `{item}` and `{response}`, one row a response.",
                reference=instrument.reference,
                first=first,
                last=last,
                item=ITEM,
                response=RESPONSE,
            )
        )
    carried = tuple(column for column in columns if column not in found)
    faults = _faults_of_items(columns, found, instrument)
    faults += [
        Fault(
            problem=say("scoring makes this column, and it is there already."), remedy=say("Rename it."), column=column
        )
        for column in carried
        if column in made or column.startswith(TEMPORARY)
    ]
    if faults:
        raise ScoringError(say("The columns do not fit `{reference}`.", reference=instrument.reference), faults=faults)
    items = {item.id: column for column, item in known.items() if column in columns}
    return Layout(wide=True, items=items, carried=carried)


def _faults_of_items(columns: Sequence[str], found: Sequence[str], instrument: Instrument) -> list[Fault]:
    """Columns of items that the instrument does not have, and scored items without a column."""
    known = {instrument.column(item.id): item for item in instrument.items}
    faults = [
        Fault(
            problem=say("`{reference}` has no such item.", reference=instrument.reference),
            remedy=say("Score with the variant this form belongs to, or take the column out."),
            column=column,
        )
        for column in found
        if column not in known
    ]
    faults += [
        Fault(
            problem=say("the column of a scored item is missing."),
            remedy=say("If the form leaves the item out, score with a variant; if nobody was asked, add it empty."),
            column=column,
        )
        for column, item in known.items()
        if item.scored and column not in columns
    ]
    return faults
