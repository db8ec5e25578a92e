"""The fields of HTCDS 2.0, from the list beside this module; and columns recognized by either of two spellings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from casearc.files.sheet import Holds


@dataclass(frozen=True, slots=True)
class HtcdsField:
    """One field of the standard. `identity` marks what tells, or may tell, who somebody is."""

    name: str
    label: str
    holds: Holds
    identity: bool = False
    codes: tuple[str, ...] = ()


def _read() -> dict[str, HtcdsField]:
    text = files(__package__ or "casearc.files.htcds").joinpath("fields.toml").read_text(encoding="utf-8")
    return {
        name: HtcdsField(
            name=name,
            label=given["label"],
            holds=Holds(given.get("holds", Holds.TEXT)),
            identity=given.get("identity", False),
            codes=tuple(given.get("codes", ())),
        )
        for name, given in tomllib.loads(text).items()
    }


FIELDS = _read()
"""Name of a field -> the field, in the standard's order."""


def plain(column: str) -> str:
    """A column's name without groups before it, without underscores and capitals: the standard writes
    ``prs_FirstName``, its XLSForm ``prs_First_Name``, and an export may write ``person/prs_First_Name``.

    Examples
    --------
    >>> plain("person/prs_First_Name") == plain("prs_FirstName")
    True
    """
    last = column.rpartition("/")[2].rpartition("-")[2]
    return last.replace("_", "").lower()


_BY_PLAIN = {plain(name): each for name, each in FIELDS.items()}


def htcds_field(column: str) -> HtcdsField | None:
    """The field of the standard that a column's name spells; None where it spells none.

    Examples
    --------
    >>> htcds_field("vic_Methods_of_Control").name
    'vic_MethodsOfControl'
    """
    return _BY_PLAIN.get(plain(column)) if "_" in column else None


def tells_who(column: str) -> bool:
    """Whether a column's name is a field of the standard that tells, or may tell, who somebody is.

    Examples
    --------
    >>> tells_who("prs_First_Name"), tells_who("prs_Gender")
    (True, False)
    """
    known = htcds_field(column)
    return known is not None and known.identity
