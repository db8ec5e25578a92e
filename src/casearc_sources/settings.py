"""The settings a source may have, and what each must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from casearc_sources.addresses import why_no_proxy, why_no_redcap
from casearc_sources.statements import why_refused

NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")
_TABLE = re.compile(r"^(?:[A-Za-z_][A-Za-z0-9_$-]*\.)?[A-Za-z][A-Za-z0-9_-]{0,63}$")

Check = Callable[[object], str]
"""Says what is wrong with a setting's value, without repeating it; empty where nothing is."""


def _text(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else "It must be a text."


def _redcap(value: object) -> str:
    return why_no_redcap(value) if isinstance(value, str) else "It must be a text."


def _proxy(value: object) -> str:
    return why_no_proxy(value) if isinstance(value, str) else "It must be a text."


def _truth(value: object) -> str:
    return "" if isinstance(value, bool) else "It must be true or false."


def _whole(low: int, high: int) -> Check:
    def check(value: object) -> str:
        sound = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if sound else f"It must be a whole number from {low} to {high:,}."

    return check


def _forms(value: object) -> str:
    sound = isinstance(value, list) and value and all(isinstance(each, str) and NAME.match(each) for each in value)
    return "" if sound else "It must be a list of names of forms."


def _tables(value: object) -> str:
    sound = isinstance(value, list) and value and all(isinstance(each, str) and _TABLE.match(each) for each in value)
    return "" if sound else 'It must be a list of names of tables or views, such as ["clients", "visits.contacts"].'


def _queries(value: object) -> str:
    if not isinstance(value, dict) or not value or not all(isinstance(each, str) for each in value.values()):
        return 'It must give each query a name: queries = { contacts = "select …" }.'
    if not all(NAME.match(name) for name in value):
        return "A query's name becomes a file's: letters, digits, - and _, a letter first."
    refused = ((name, why_refused(text)) for name, text in value.items())
    found = [f"The query {name} is not run. {why}" for name, why in refused if why]
    return " ".join([*found, "Make a view of it in the database, and name that."]) if found else ""


SETTINGS: Mapping[str, Mapping[str, Check]] = MappingProxyType(
    {
        "redcap": {
            "address": _redcap,
            "token_file": _text,
            "certificates": _text,
            "proxy": _proxy,
            "timeout": _whole(1, 3_600),
            "records_at_once": _whole(1, 10_000),
            "forms": _forms,
            "identifiers": _truth,
            "texts": _truth,
            "timestamps": _truth,
        },
        "sql": {"address_file": _text, "tables": _tables, "queries": _queries, "timeout": _whole(1, 3_600)},
    }
)
"""Kind of source -> setting -> its check."""

NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"redcap": ("address", "token_file"), "sql": ("address_file",)}
)
