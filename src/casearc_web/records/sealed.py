"""Fields that lie sealed in the database, under the vault key and not only under the database's own encryption.

AES-256-GCM with a random nonce; the place (app, model, field) is authenticated with the text, so that what was sealed
in one column does not open in another. Whoever reads the tables (a database server's operator, a copied dump) reads
nothing. Empty text is stored empty. Sealed columns cannot be searched: `vault.search` keeps keyed digests for what
has to be found.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms import CharField, Textarea

from casearc_web import keys

_NONCE = 12
_FORMAT = b"\x01"


class DamagedSealError(Exception):
    """A sealed value does not open: it was altered, moved from another column, or sealed under another key."""


def seal(plain: bytes, *, place: str, key: bytes | None = None) -> bytes:
    """Seal bytes for one place; `key` only while re-keying, else the process's vault key."""
    nonce = os.urandom(_NONCE)
    return _FORMAT + nonce + AESGCM(key or keys.current().vault).encrypt(nonce, plain, place.encode())


def unseal(sealed: bytes, *, place: str, key: bytes | None = None) -> bytes:
    """Open what `seal` sealed for the same place."""
    body = bytes(sealed)
    if body[:1] != _FORMAT:
        raise DamagedSealError(f"What is stored in {place} is not sealed as it should be.")
    nonce, text = body[1 : 1 + _NONCE], body[1 + _NONCE :]
    try:
        return AESGCM(key or keys.current().vault).decrypt(nonce, text, place.encode())
    except InvalidTag as wrong:
        raise DamagedSealError(f"What is stored in {place} does not open with this key.") from wrong


if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


class _SealedField(_Binary):
    """Shared by sealed text and sealed JSON: how bytes travel to and from the database."""

    @property
    def place(self) -> str:
        """The column's name as it is authenticated; it must not change, so a renamed field keeps its `sealed_as`."""
        return self.sealed_as or f"{self.model._meta.label_lower}.{self.name}"

    def __init__(self, *args: Any, sealed_as: str = "", **kwargs: Any) -> None:
        self.sealed_as = sealed_as
        kwargs.setdefault("editable", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", self.empty)
        super().__init__(*args, **kwargs)

    empty: Any = ""

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.sealed_as:
            kwargs["sealed_as"] = self.sealed_as
        return name, path, args, kwargs

    def encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def decode(self, plain: bytes) -> Any:
        raise NotImplementedError

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        stored = b"" if value in (None, "", b"", [], {}) else seal(self.encode(value), place=self.place)
        return super().get_db_prep_value(stored, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.decode(unseal(value, place=self.place)) if value else self._fresh()

    def _fresh(self) -> Any:
        return self.get_default()

    def _check_str_default_value(self) -> list[Any]:
        """A sealed field's default is what it holds when open, not bytes."""
        return []

    def to_python(self, value: Any) -> Any:
        return self._fresh() if value is None else value

    def value_from_object(self, obj: models.Model) -> Any:
        return getattr(obj, self.attname)

    def get_lookup(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.place} is sealed and cannot be searched.")


class SealedTextField(_SealedField):
    """Free words, sealed."""

    description = "Sealed text"

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, plain: bytes) -> str:
        return plain.decode()

    def formfield(self, **kwargs: Any) -> Any:
        return CharField(**{"required": not self.blank, "label": self.verbose_name, "widget": Textarea, **kwargs})


class SealedJSONField(_SealedField):
    """A small structure, sealed: a list of names, a revision's content."""

    description = "Sealed structure"
    empty = dict

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).encode()

    def decode(self, plain: bytes) -> Any:
        return json.loads(plain)

    def formfield(self, **kwargs: Any) -> Any:
        return None


class SealedBytesField(_SealedField):
    """A file, sealed."""

    description = "Sealed file"
    empty = b""

    def encode(self, value: Any) -> bytes:
        return bytes(value)

    def decode(self, plain: bytes) -> bytes:
        return plain

    def formfield(self, **kwargs: Any) -> Any:
        return None
