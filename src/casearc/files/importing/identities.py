"""Who people are: kept out of the library's tables, and handed to nobody but the application's vault."""

from __future__ import annotations

import polars as pl

from casearc.errors import MappingError
from casearc.files.codes_and_texts import is_no_code, is_story
from casearc.files.identity import why_identifying
from casearc.files.mapping import TableMapping
from casearc.files.mapping.definition import Cases, Constant, Feed, FirstOf, Flag, Lookup
from casearc.files.mapping.questions import AS_WRITTEN
from casearc.files.sheet import Field, in_words
from casearc.files.store import FileStore
from casearc.language import say
from casearc.tables import FILE, ROW, TABLES, FaultLog, Kind, SourceTable, Tables

_LOOKED_INTO = (Kind.TEXT, Kind.CODES, Kind.ID)
_OF_INSTRUMENTS = ("instrument", "variant", "version", "coding", "item")
"""Columns of text that speak of an instrument and of nobody."""


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
                    say("The column must not enter the table {name}: {why}.", name=name, why=why),
                    say("Take it out of the mapping, or name it under [[vault]], which only the application reads."),
                    file=source.files,
                    column=column,
                )


def refuse_texts(sources: dict[str, SourceTable], mapping: TableMapping, log: FaultLog) -> None:
    """Log cells in columns of codes that hold a text: nobody's story enters a table.

    What the mapping itself writes into a column is a code, and so is a label that it says to keep as written. A
    covariate may hold any number.
    """
    for name, source in sources.items():
        kinds = {column.name: column.kind for column in TABLES[name].columns}
        feeds = [feed for feed in mapping.feeds if feed.table == name]
        for column, cells in zip(source.frame.columns, source.frame.get_columns(), strict=True):
            kind = kinds.get(column, Kind.TEXT if name == "participants" else None)
            if kind not in (Kind.TEXT, Kind.CODES) or column in _OF_INSTRUMENTS:
                continue
            sound = cells.is_in(list({code for feed in feeds for code in _written(feed, column)}))
            sound = sound if column in kinds else sound | cells.cast(pl.Float64, strict=False).is_not_null()
            texts = _texts(
                cells.set(sound.fill_null(value=False), None),
                several=kind is Kind.CODES,
                kept=any(feed.otherwise.get(column) == AS_WRITTEN for feed in feeds),
            )
            _refuse_cells(source.placed().select(FILE, ROW).filter(texts), column, source, log)


def _texts(cells: pl.Series, *, several: bool, kept: bool) -> pl.Series:
    """Cells that are no codes; of those that are to be kept only stories."""
    texts = is_no_code(cells, several=several)
    if not kept:
        return texts
    stories = [cell for cell in cells.filter(texts).unique().to_list() if is_story(cell)]
    return cells.is_in(stories).fill_null(value=False)


def _refuse_cells(places: pl.DataFrame, column: str, source: SourceTable, log: FaultLog) -> None:
    log.add_rows(
        places,
        source,
        column=column,
        problem=say("The cell holds a text where a code belongs, and texts do not enter the tables."),
        remedy=say(
            "Say in the mapping what stands for such cells (otherwise.{column}), give the cell a code "
            "(codes.{column}), or leave the column out.",
            column=column,
        ),
    )


def _written(feed: Feed, column: str) -> set[str]:
    """What a mapping itself writes into a column."""
    found = {*feed.codes.get(column, {}).values(), feed.otherwise.get(column, "")}
    made = feed.derive.get(feed.columns.get(column, column))
    if isinstance(made, Constant):
        found.add(made.value)
    elif isinstance(made, Flag):
        found |= {code for _, code in made.codes} | {made.none or ""}
    elif isinstance(made, Cases):
        found |= {case.value or "" for case in made.cases} | {made.otherwise or ""}
    elif isinstance(made, FirstOf | Lookup):
        found.add(made.otherwise or "")
    return found


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
    log.raise_if_any(MappingError, say("The mapping was"))
    return known


def _there(wanted: list[str], columns: list[str], file: str, log: FaultLog) -> bool:
    missing = [name for name in wanted if name not in columns]
    for name in missing:
        log.add(
            say("[[vault]] speaks of a column {name}, which the file does not have.", name=name), file=in_words(file)
        )
    return not missing
