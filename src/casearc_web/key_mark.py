"""On PostgreSQL the database itself says which key its rows lie under, for they and the key file lie apart.

It stands as the comment of one table: written in the same transaction as the rows, never part of a backup, and seen by
every role. With the key's fingerprint stands a token of the replacement that wrote it; `replacement` decides by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casearc_web.errors import DatabaseRefusedError, WrongKeyError

if TYPE_CHECKING:
    import psycopg

    from casearc_web.configuration import Configuration
    from casearc_web.keys import Keys

_TABLE = "public.agencies_agency"
_WORDS = "casearc key {fingerprint} set by {token}"
_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The fingerprint of the key, and the token of what set it."""

    fingerprint: str
    token: str


def read(database: psycopg.Connection[Any]) -> Mark | None:
    """What the database says; None where it does not say or has no tables yet."""
    with database.cursor() as cursor:
        found = cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [_TABLE]).fetchone()
    words = str(found[0]).split(" ") if found and found[0] else []
    if len(words) != _PARTS or words[:2] != ["casearc", "key"]:
        return None
    return Mark(fingerprint=words[2], token=words[-1])


def write(database: psycopg.Connection[Any], mark: Mark) -> None:
    """Say it, in the caller's transaction. Only the tables' owner may."""
    from psycopg import sql  # noqa: PLC0415 - an optional part

    words = _WORDS.format(fingerprint=mark.fingerprint, token=mark.token)
    with database.cursor() as cursor:
        cursor.execute(sql.SQL("COMMENT ON TABLE public.agencies_agency IS {}").format(sql.Literal(words)))


def ask(configuration: Configuration) -> Mark | None:
    """What the agency's database says, over a connection of its own."""
    import psycopg  # noqa: PLC0415 - an optional part

    try:
        with psycopg.connect(configuration.owner) as database:
            return read(database)
    except psycopg.OperationalError:
        raise DatabaseRefusedError(
            "PostgreSQL cannot be reached. See that it runs and that casearc.toml says how to connect."
        ) from None


def check(configuration: Configuration, keys: Keys) -> None:
    """WrongKeyError where PostgreSQL's rows lie under another key; SQLCipher finds that out by itself."""
    if configuration.engine != "postgresql":
        return
    mark = ask(configuration)
    if mark is not None and mark.fingerprint != keys.fingerprint:
        raise WrongKeyError(
            "The key file does not belong to the records in the database. Put the keys.json there that was in use "
            "with them, or restore a backup."
        )
