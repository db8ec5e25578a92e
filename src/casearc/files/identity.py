"""Columns that tell who a person is: noticed by what the file says, by their names, and by what stands in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import polars as pl

from casearc.files.sheet import Field
from casearc.language import say, to_say
from casearc.tables import holds_text, identifies, words_of

_SHARE = 0.2
"""Share of the filled cells from which a column counts as holding such things: a stray one may be a typing error."""
_LOOKED_AT = 20_000

_CONTENT = {
    to_say("mail addresses"): r"^\S+@\S+\.\S{2,}$",
    to_say("social security numbers"): r"^\d{3}-\d{2}-\d{4}$",
    to_say("phone numbers"): r"^(\+?\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$",
    to_say("addresses of devices"): r"^\d{1,3}(\.\d{1,3}){3}$",
    to_say("street addresses"): (
        r"(?i)^\d+\s+[\p{L}0-9 .'-]+\b"
        r"(street|st|avenue|ave|road|rd|lane|ln|drive|dr|blvd|boulevard|court|ct|way|calle|avenida)\b\.?"
    ),
    to_say("names of persons"): r"^\p{Lu}\p{Ll}+(?:[ -]\p{Lu}\p{Ll}+)*,? \p{Lu}[\p{Ll}.]*(?:[ -]\p{Lu}\p{Ll}+)*$",
    to_say("handles of social media"): r"^@\w{3,}$",
}
_DISTINCT_NAMES = 0.5
"""Names differ from person to person; codes such as "Harbor Light" repeat."""
_TEXT_WORDS = 5
_TEXT_SHARE = 0.1
_SPANISH = frozenset(
    {"apellido", "apellidos", "telefono", "celular", "correo", "direccion", "domicilio", "curp", "dni", "cedula"}
    | {"pasaporte", "apodo"}
)
_NAME = frozenset({"nombre", "nombres"})
_OF_PERSONS = frozenset(
    {"completo", "legal", "pila", "cliente", "participante", "joven", "madre", "padre", "tutor", "tutora", "cuidador"}
    | {"contacto", "trabajador", "trabajadora", "y", "de", "del", "la", "el", "s"}
)
"""Words beside ``nombre`` with which it is a person's; a program or a service has a name as well."""
_BIRTH = re.compile(r"(^|[^a-z])(dob|f?nacimiento|fecha_?nac\w*)([^a-z]|$)")


def why_identifying(column: Field, cells: pl.Series) -> str:
    """Why a column is kept out of the library's tables, in words without a value; empty where it may come in."""
    if column.identifier:
        return say("the file itself marks it as identifying")
    if not column.choices and (identifies(column.name) or _identifies_in_spanish(column.name)):
        return say("its name says that it tells who a person is")
    found = _content(cells)
    return say("it holds what looks like {found}", found=say(found)) if found else ""


def _identifies_in_spanish(name: str) -> bool:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    words = set(words_of(plain))
    named = bool(words & _NAME) and words <= _NAME | _OF_PERSONS
    return named or bool(words & _SPANISH) or _BIRTH.search(plain.lower()) is not None


def why_text(column: Field, cells: pl.Series) -> str:
    """Why a column counts as free text, which never enters an evaluation; empty where it does not."""
    if holds_text(column.name):
        return say("its name says that it holds notes")
    filled = cells.drop_nulls().head(_LOOKED_AT)
    if filled.is_empty() or column.choices:
        return ""
    wordy = int((filled.str.count_matches(r"\S+") > _TEXT_WORDS).sum())
    many = filled.n_unique() / len(filled) > _DISTINCT_NAMES
    return say("it holds sentences") if many and wordy > _TEXT_SHARE * len(filled) else ""


def _content(cells: pl.Series) -> str:
    filled = cells.drop_nulls().head(_LOOKED_AT)
    if filled.is_empty():
        return ""
    for what, pattern in _CONTENT.items():
        like = filled.str.contains(pattern)
        if int(like.sum()) < _SHARE * len(filled):
            continue
        if what == "names of persons" and filled.filter(like).n_unique() < _DISTINCT_NAMES * int(like.sum()):
            continue
        return what
    return ""


VAULT: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "given_name": (("first", "name"), ("firstname",), ("given", "name"), ("nombre",)),
    "family_name": (("last", "name"), ("lastname",), ("surname",), ("family", "name"), ("apellido",), ("apellidos",)),
    "birth_date": (("dob",), ("birth", "date"), ("birthdate",), ("date", "birth"), ("fecha", "nacimiento")),
    "phone": (("phone",), ("telephone",), ("mobile",), ("cellphone",), ("telefono",), ("celular",)),
    "email": (("email",), ("e", "mail"), ("correo",)),
}
"""Fields of the application's vault and the words that name them."""


def vault_field(name: str) -> str:
    """The vault's field that a column of this name belongs in; empty where there is none."""
    words = set(words_of(name))
    return next((known for known, ways in VAULT.items() if any(words.issuperset(way) for way in ways)), "")
