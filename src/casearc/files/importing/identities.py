"""Who people are: kept out of the library's tables, and handed to nobody but the application's vault."""

from __future__ import annotations

import polars as pl

from casearc.errors import MappingError
from casearc.files.identity import why_identifying
from casearc.files.mapping import TableMapping
from casearc.files.sheet import Field, in_words
from casearc.files.store import FileStore
from casearc.tables import TABLES, FaultLog, Kind, SourceTable, Tables

_LOOKED_INTO = (Kind.TEXT, Kind.CODES, Kind.ID)


def refuse_identity(sources: dict[str, SourceTable], log: FaultLog) -> None:
    """Log columns on their way into a table that hold what tells who a person is."""
    kinds = {name: {column.name: column.kind for column in schema.columns} for name, schema in TABLES.items()}
    for name, source in sources.items():
        for column in source.frame.columns:
            if kinds[name].get(column, Kind.TEXT) not in _LOOKED_INTO or column in ("item", "instrument"):
                continue
            why = why_identifying(Field(name=""), source.frame[column])
            if why:
                log.add(
                    f"The column must not enter the table {name}: {why}.",
                    "Take it out of the mapping, or name it under [[vault]], which only the application reads.",
                    file=source.files,
                    column=column,
                )


def identities_of(mapping: TableMapping, store: FileStore, tables: Tables, log: FaultLog) -> pl.DataFrame:
    """``participant_id`` and a text column for each of the vault's fields; one row a participant of the tables.

    Raises
    ------
    MappingError
        A file or column that ``[[vault]]`` names is not there, or one person has two names.
    """
    known = tables.participants.select("participant_id")
    for vault in mapping.vault:
        sheet = store.get(vault.file)
        wanted = [vault.key, *vault.columns.values()]
        if sheet is None or not _there(wanted, sheet.frame.columns, vault.file, log):
            continue
        rows = sheet.frame.select(
            pl.col(vault.key).alias("participant_id"), *(pl.col(name).alias(to) for to, name in vault.columns.items())
        ).filter(pl.any_horizontal(pl.col(list(vault.columns)).is_not_null()))
        first = rows.group_by("participant_id", maintain_order=True).agg(pl.all().drop_nulls().first())
        known = known.join(first, on="participant_id", how="left", coalesce=True, maintain_order="left", suffix="_2")
    log.raise_if_any(MappingError, "The mapping was")
    return known


def _there(wanted: list[str], columns: list[str], file: str, log: FaultLog) -> bool:
    missing = [name for name in wanted if name not in columns]
    for name in missing:
        log.add(f"[[vault]] speaks of a column {name}, which the file does not have.", file=in_words(file))
    return not missing
