"""Files whose columns are spelled as HTCDS 2.0 or its XLSForm spells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from casearc.files.dialects import Dialect
from casearc.files.htcds.codes import PAIRS
from casearc.files.htcds.fields import HtcdsField, htcds_field
from casearc.files.sheet import Field, Sheet
from casearc.language import say
from casearc.tables import FaultLog

_ENOUGH = 3
_SECTIONS = {
    "org": "Organization",
    "prs": "Person",
    "vic": "Trafficking",
    "per": "Perpetrator",
    "cas": "Work with the person",
    "cco": "Remark",
    "hte": "Event",
    "spl": "Support plan",
    "con": "Consent",
}


def is_htcds(sheet: Sheet) -> bool:
    """Whether at least three of a sheet's columns, and a fifth of them, are fields of the standard."""
    known = sum(htcds_field(column) is not None for column in sheet.frame.columns)
    return known >= _ENOUGH and known * 5 >= sheet.frame.width


def adopt(sheet: Sheet, _companions: Mapping[str, Sheet], _log: FaultLog) -> Sheet:
    """The sheet with what the standard says of its columns.

    Fields that tell who somebody is are marked as identifiers, so that a mapping does not propose them.

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.files.sheet import sheet_of
    >>> from casearc.tables import FaultLog
    >>> sheet = sheet_of("people.csv", "csv", pl.DataFrame({"prs_First_Name": ["Ada"], "prs_Gender": ["Feminine"]}))
    >>> adopt(sheet, {}, FaultLog()).field("prs_First_Name").identifier
    True
    """
    found = {column: htcds_field(column) for column in sheet.frame.columns}
    fields = {column: _described(sheet.field(column), each) for column, each in found.items() if each is not None}
    personal = sum(each.identifier for each in fields.values())
    notes = (
        (
            say(
                "{personal} columns are fields of HTCDS that tell who somebody is; they are not used.",
                personal=personal,
            ),
        )
        if personal
        else ()
    )
    return replace(sheet, format=DIALECT.id, fields={**sheet.fields, **fields}, notes=(*sheet.notes, *notes))


def _described(said: Field, known: HtcdsField) -> Field:
    """What the file says, filled up with what the standard says."""
    return replace(
        said,
        label=said.label or known.label,
        holds=said.holds or known.holds,
        choices=said.choices or {code: code for code in known.codes},
        section=said.section or _SECTIONS[known.name.partition("_")[0]],
        identifier=said.identifier or known.identity,
    )


def proposals(column: str) -> tuple[str, Mapping[str, str]] | None:
    """The contract's column that a field of the standard answers, and its codes; None where none does.

    Examples
    --------
    >>> column, codes = proposals("vic_TraffickingStatus")
    >>> column, codes["ActualVictimOfTrafficking"]
    ('trafficking_status', 'confirmed')
    """
    known = htcds_field(column)
    for pair in PAIRS:
        if known is not None and known.name == pair.field:
            return pair.column, pair.to_column
    return None


DIALECT = Dialect(
    id="htcds",
    title="HTCDS 2.0",
    is_data=is_htcds,
    adopt=adopt,
)
