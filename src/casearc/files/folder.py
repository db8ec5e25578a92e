"""Read a folder of files into tables, directly or through a mapping."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from casearc.errors import MappingError, UsageError
from casearc.files.instruments_by_id import by_id
from casearc.files.mapping import TableMapping, apply_mapping, read_mapping
from casearc.files.mapping.turned import Instruments
from casearc.files.place import settle
from casearc.files.sheet import Sheet
from casearc.files.store import FileStore
from casearc.language import say
from casearc.study import StudyPlan
from casearc.tables import TABLES, FaultLog, FileUse, SetAside, SourceTable, Tables, build


def read_folder(
    folder: str | Path,
    mapping: str | Path | None = None,
    *,
    plan: StudyPlan | None = None,
    extra_columns: Collection[str] = (),
    text_columns: Collection[str] = (),
    required: Collection[str] | None = None,
    answers: Mapping[str, str] | None = None,
) -> Tables:
    """Read the tables of a study from a folder of files.

    Parameters
    ----------
    folder
        Holds one file a table, named after it (``contacts.csv``), or the files that `mapping` names. Other files
        are left alone and named in the data report.
    mapping
        A mapping.toml that says which file and column is what. A table it maps is read through it alone; a table
        it does not mention is read from the file of its name, if there is one.
    plan
        The study plan that the tables are read for: its covariates are the extra columns.
    answers
        Answers to the mapping's questions, by id, that do not stand in it yet.
    extra_columns, text_columns, required
        As in `casearc.tables.build`. Covariates that the mapping names need no entry in `extra_columns`.

    Returns
    -------
    Tables
        Typed and checked; `Tables.report` says how many rows of each file were kept, and why others were not.

    Raises
    ------
    TableError
        The files, or what is in them, break the contract. Lists every fault.
    MappingError
        The mapping is wrong, or does not fit the files. Lists every fault.
    UsageError
        There is no such folder.

    Examples
    --------
    >>> from casearc.files import read_folder
    >>> tables = read_folder("data", "mapping.toml")  # doctest: +SKIP
    >>> tables.report.to_dict()["tables"]["contacts"]  # doctest: +SKIP
    1204
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UsageError(say("There is no such data folder. Give the path of a folder with files."))
    settle(folder)
    log = FaultLog()
    given = None if mapping is None else read_mapping(Path(mapping), answers=answers)
    store = FileStore(folder, log, {} if given is None else given.entries)
    folders = plan.instrument_folders if plan else ()
    mapped = {} if given is None else _run(given, store, log, by_id(folders))
    named = set() if given is None else {feed.table for feed in given.feeds}
    direct, unread = _read_direct(store, skip=named)
    notes = _left_alone(store, given, direct, unread)
    sources = {name: source for name, source in (mapped | direct).items() if source.name in TABLES}
    return build(
        sources,
        extra_columns=(*extra_columns, *(plan.extra_columns if plan else ())),
        text_columns=(*text_columns, *(plan.text_columns if plan else ())),
        required=required,
        log=log,
        unread=unread,
        hints={name: _hint(name, store) for name in TABLES if name not in sources},
        notes=notes,
    )


def _run(mapping: TableMapping, store: FileStore, log: FaultLog, instruments: Instruments) -> dict[str, SourceTable]:
    mapped = apply_mapping(mapping, store, log, instruments=instruments)
    log.raise_if_any(MappingError, say("The mapping {name} does not fit the files, which were", name=mapping.name))
    return mapped


def _read_direct(store: FileStore, *, skip: set[str]) -> tuple[dict[str, SourceTable], set[str]]:
    """Tables whose file has their name; and those whose file is there and cannot be read."""
    found: dict[str, SourceTable] = {}
    unread: set[str] = set()
    for file in store.names():
        name = file.rsplit(".", 1)[0].lower()
        if name not in TABLES or name in skip:
            continue
        raw = store.get(file)
        if raw is None:
            unread.add(name)
        else:
            found[name] = _source(name, raw)
    return found, unread


def _source(name: str, raw: Sheet) -> SourceTable:
    use = FileUse(
        file=raw.name,
        purpose=name,
        rows_read=raw.rows_read,
        rows_kept=raw.frame.height,
        set_aside=(SetAside(say("empty row"), raw.empty_rows),) if raw.empty_rows else (),
    )
    return SourceTable(name=name, frame=raw.frame, places=raw.places, uses=(use,))


def _left_alone(
    store: FileStore, mapping: TableMapping | None, direct: dict[str, SourceTable], unread: set[str]
) -> tuple[str, ...]:
    used = {use.file for source in direct.values() for use in source.uses}
    used |= set() if mapping is None else mapping.files()
    left = [name for name in store.names() if name not in used and name.rsplit(".", 1)[0].lower() not in unread]
    return (say("Files in the folder that were not read: {left}.", left=", ".join(left)),) if left else ()


def _hint(table: str, store: FileStore) -> str:
    """What to do about a table without a file."""
    other = store.others(table)
    if other:
        return say('There is {other}: save it as "CSV UTF-8".', other=other)
    near = store.near(f"{table}.csv")
    return say("Is it {near}? Then rename the file to {table}.csv.", near=near, table=table) if near else ""
