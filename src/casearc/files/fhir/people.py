"""Who and what a response is about: ids only, never a name, and no number the state gave to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from casearc.files.fhir.names import RELATIVE, WHO, last_part
from casearc.files.fhir.values import extensions
from casearc.language import to_say

_PERSONS = ("Patient", "RelatedPerson", "Person", "Group", "")
_STATE_NUMBERS = (
    "http://hl7.org/fhir/sid/us-ssn",
    "http://hl7.org/fhir/sid/us-medicare",
    "http://hl7.org/fhir/sid/us-mbi",
    "urn:oid:2.16.840.1.113883.4.1",
)
_STATE_KINDS = {"SS", "DL", "PPN", "TAX", "MC", "MB", "PRC", "CZ", "NI", "NNxxx"}

WITHIN = to_say("with an empty participant, since they hold the person within themselves or as a name alone")
NO_PERSON = to_say("with an empty participant, since they are about something other than a person")
STATE_NUMBER = to_say("with an empty participant, since they name the person by a number the state or an insurer gave")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An id, or why there is none."""

    id: str | None = None
    why: str = ""


def participant(content: Mapping[str, Any], ids: Mapping[str, str]) -> Known:
    """The id of the person a response is about. `ids` leads from addresses in a Bundle to ids of its resources."""
    who = content.get(WHO)
    if not isinstance(who, dict):
        return Known()
    address = who.get("reference")
    if isinstance(address, str) and address:
        return _by_address(ids.get(address, address))
    identifier = who.get("identifier")
    if isinstance(identifier, dict) and isinstance(identifier.get("value"), str):
        return Known(why=STATE_NUMBER) if _is_states(identifier) else Known(id=identifier["value"].strip() or None)
    return Known(why=WITHIN)


def encounter(content: Mapping[str, Any], ids: Mapping[str, str]) -> str | None:
    """The id of the encounter a response was given in."""
    where = content.get("encounter")
    address = where.get("reference") if isinstance(where, dict) else None
    if not isinstance(address, str) or address.startswith("#"):
        return None
    return _parts(ids.get(address, address))[1] or None


def relative_day(content: Mapping[str, Any]) -> tuple[str, int] | None:
    """Where time is told as days from an enrollment's start: the enrollment and the day."""
    for extension in extensions(content.get("_authored"), RELATIVE):
        parts = {str(each.get("url")): each for each in extensions(extension)}
        offset = parts.get("offset", {}).get("valueDuration")
        days = offset.get("value") if isinstance(offset, dict) and offset.get("code") == "d" else None
        target = parts.get("target", {}).get("valueReference")
        named = target.get("identifier") if isinstance(target, dict) else None
        if isinstance(named, dict) and isinstance(named.get("value"), str) and days is not None and _whole(days):
            before = str(parts.get("relationship", {}).get("valueCode")).startswith("before")
            return named["value"], -int(days) if before else int(days)
    return None


def _whole(days: object) -> bool:
    return isinstance(days, int | Decimal) and days == int(days)


def response_id(content: Mapping[str, Any], address: str) -> str:
    """A response's id: its own, else its identifier's, else the end of its address; empty where it has none."""
    own = content.get("id")
    if isinstance(own, str) and own.strip():
        return own.strip()
    listed = content.get("identifier")
    for each in listed if isinstance(listed, list) else [listed]:
        if isinstance(each, dict) and isinstance(each.get("value"), str):
            return str(each["value"]).strip()
    return last_part(address)


def _by_address(address: str) -> Known:
    if address.startswith("#"):
        return Known(why=WITHIN)
    kind, found = _parts(address)
    if kind not in _PERSONS:
        return Known(why=NO_PERSON)
    return Known(id=found or None)


def _parts(address: str) -> tuple[str, str]:
    """``Patient`` and ``p7`` of ``https://example.org/fhir/Patient/p7/_history/2``."""
    if address.startswith("urn:"):
        return "", address.rsplit(":", 1)[-1]
    steps = address.partition("/_history")[0].rstrip("/").split("/")
    return (steps[-2] if len(steps) > 1 else ""), steps[-1].strip()


def _is_states(identifier: Mapping[str, Any]) -> bool:
    kind = identifier.get("type")
    codings = kind.get("coding") if isinstance(kind, dict) else None
    listed = codings if isinstance(codings, list) else []
    codes = {str(each.get("code")) for each in listed if isinstance(each, dict)}
    return identifier.get("system") in _STATE_NUMBERS or not _STATE_KINDS.isdisjoint(codes)
