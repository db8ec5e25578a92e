"""What was purged is in no page of the database file, in no write-ahead log and in no backup made later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.db import connection

from casearc_web import keys
from casearc_web.retention.models import Hold, Scope, Why
from casearc_web.retention.purging import purge
from casearc_web.retention.wiping import write_anew
from casearc_web.sqlcipher import copy_database
from web.cast import make_cast
from web.retention.record import sealed_bytes, whole_record

PAGE, RESERVED, VECTOR, SALT = 4096, 80, 16, 16
LOG_HEADER, FRAME_HEADER = 32, 24
BEGINNING = 20
"""So many bytes of a sealed value tell it apart: its format and its random nonce."""

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlcipher" not in settings.DATABASES["default"]["ENGINE"], reason="PostgreSQL has other files"),
]


def pages(path: Path) -> Iterator[bytes]:
    """Every page of an encrypted file, opened, those out of use included."""
    stored = path.read_bytes()
    for start in range(0, len(stored), PAGE):
        yield opened(stored[start : start + PAGE], skip=SALT if start == 0 else 0)


def log_pages(path: Path) -> Iterator[bytes]:
    """Every page in the write-ahead log beside a file, those overwritten by later ones included."""
    log = path.with_name(path.name + "-wal")
    stored = log.read_bytes()[LOG_HEADER:] if log.exists() else b""
    for start in range(0, len(stored), FRAME_HEADER + PAGE):
        frame = stored[start : start + FRAME_HEADER + PAGE]
        first = int.from_bytes(frame[:4], "big") == 1
        yield opened(frame[FRAME_HEADER:], skip=SALT if first else 0)


def opened(page: bytes, *, skip: int) -> bytes:
    vector = page[PAGE - RESERVED : PAGE - RESERVED + VECTOR]
    cipher = Cipher(algorithms.AES(keys.current().database), modes.CBC(vector)).decryptor()
    return cipher.update(page[skip : PAGE - RESERVED])


def found_in(path: Path, wanted: list[bytes]) -> int:
    """How many of the values lie anywhere in the file or its log."""
    everything = b"\n".join([*pages(path), *log_pages(path)])
    return sum(one[:BEGINNING] in everything for one in wanted)


@pytest.mark.parametrize("scope", list(Scope))
def test_no_page_and_no_later_backup_holds_it(tmp_path: Path, scope: Scope) -> None:
    cast = make_cast()
    record = whole_record(cast.cedar, cast.cleo)
    Hold.objects.update(lifted_at="2026-01-01T00:00Z")
    planted = sealed_bytes(record)
    file = Path(connection.settings_dict["NAME"])
    assert len(planted) > 20
    assert found_in(file, planted) == len(planted)  # the search finds what is there

    purge(cast.cedar, scope=scope, why=Why.POLICY)
    assert found_in(file, planted) == 0

    write_anew()
    copy = tmp_path / "later.db"
    copy_database(file, keys.current(), copy, target_keys=keys.current())
    assert found_in(file, planted) == 0
    assert found_in(copy, planted) == 0
