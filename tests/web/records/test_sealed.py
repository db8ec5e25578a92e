"""Sealed fields lie in the database as nobody can read them, and open only where they were sealed."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from casearc_web import keys
from casearc_web.keys.derived import derive
from casearc_web.records.sealed import DamagedSealError, SealedTextField, seal, unseal
from casearc_web.vault.models import Identity
from web.cast import Cast


@given(st.binary(min_size=1, max_size=300))
def test_what_is_sealed_opens_as_it_was(plain: bytes) -> None:
    assert unseal(seal(plain, place="a.b"), place="a.b") == plain


def test_the_same_text_never_looks_the_same() -> None:
    assert seal(b"Acacia", place="a.b") != seal(b"Acacia", place="a.b")


def test_a_seal_from_another_column_does_not_open() -> None:
    with pytest.raises(DamagedSealError):
        unseal(seal(b"Acacia", place="vault.identity.given_name"), place="vault.identity.family_name")


def test_another_key_does_not_open() -> None:
    sealed = seal(b"Acacia", place="a.b")
    with keys.using(derive(bytes(range(32)))), pytest.raises(DamagedSealError):
        unseal(sealed, place="a.b")


@given(st.integers(min_value=0, max_value=34), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_does_not_open(place: int, by: int) -> None:
    sealed = bytearray(seal(b"Acacia", place="a.b"))
    sealed[place % len(sealed)] ^= by
    with pytest.raises(DamagedSealError):
        unseal(bytes(sealed), place="a.b")


def test_the_database_holds_no_readable_word(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT given_name, family_name, birth_date FROM vault_identity")
        stored = b"".join(bytes(cell) for row in cursor.fetchall() for cell in row)
    for word in (b"Acacia", b"Oriole", b"2010"):
        assert word not in stored
    assert Identity.objects.get(pk=cast.acacia.identity_id).full_name == "Acacia Oriole"


def test_empty_is_stored_empty_and_comes_back_empty(cast: Cast) -> None:
    identity = Identity.objects.create(agency=cast.riverbend)
    identity.refresh_from_db()
    assert (identity.given_name, identity.aliases) == ("", [])


def test_sealed_fields_cannot_be_searched(cast: Cast) -> None:
    with pytest.raises(FieldError, match="sealed"):
        Identity.objects.filter(given_name="Acacia").exists()


def test_errors_of_a_seal_carry_no_value() -> None:
    with pytest.raises(DamagedSealError) as error:
        unseal(b"\x01" + bytes(40), place="vault.identity.given_name")
    assert str(error.value) == "What is stored in vault.identity.given_name does not open with this key."


def test_a_field_is_a_text_box_in_forms() -> None:
    assert SealedTextField("Why").formfield().label == "Why"
