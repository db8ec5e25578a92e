"""A mapping run on its files: read, mapped, checked, scored; nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from casearc.analyses import named_instruments, score_all
from casearc.errors import ScoringError, TableError, UsageError
from casearc.files.importing.future import refuse_future
from casearc.files.importing.identities import identities_of, refuse_identity, refuse_texts
from casearc.files.importing.scored import count_scored
from casearc.files.importing.totals import Agreement, compare_totals
from casearc.files.instruments_by_id import by_id
from casearc.files.mapping import TableMapping, apply_mapping, read_mapping
from casearc.files.store import FileStore
from casearc.instruments import Instrument
from casearc.language import say
from casearc.progress import Progress, quiet
from casearc.tables import FaultLog, SourceTable, Tables, build


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a mapping made of the files.

    tables
        Typed and checked, with the report of the rows.
    sources
        The raw tables, which know where every row stands and what became of it.
    scored
        Version of the key -> administrations that got at least one score.
    unscored
        Instrument -> reason -> administrations that got none.
    agreements
        How the files' own totals compare with the scores of the items.
    identities
        ``participant_id`` and what the mapping sends to the vault; None where nobody asked for it.
    """

    mapping: TableMapping
    tables: Tables
    sources: Mapping[str, SourceTable]
    scored: Mapping[str, int]
    unscored: Mapping[str, Mapping[str, int]]
    agreements: tuple[Agreement, ...]
    identities: pl.DataFrame | None = None


def import_files(
    mapping: Path,
    folder: Path,
    *,
    answers: Mapping[str, str] | None = None,
    folders: Sequence[str | Path] = (),
    with_identities: bool = False,
    with_future: bool = False,
    progress: Progress = quiet,
) -> Imported:
    """Run a mapping on the files of a folder.

    Parameters
    ----------
    mapping
        The mapping.toml.
    folder
        Where its files lie.
    answers
        Answers to the mapping's questions, by id, beside those in it.
    folders
        An agency's own instruments.
    with_identities
        Also read what the mapping sends to the vault. Only the application does.
    with_future
        Let things pass that happen on a day to come. The application leaves them out itself.
    progress
        Called with a few words before each step.

    Raises
    ------
    MappingError
        The mapping is wrong, a question has no answer, or it does not fit the files.
    TableError
        The rows break the contract, tell who somebody is, or the files' own totals contradict the scores.
    ScoringError
        Answers that cannot be scored.

    Examples
    --------
    >>> imported = import_files(Path("mapping.toml"), Path("exports"))  # doctest: +SKIP
    >>> imported.tables.participants.height                             # doctest: +SKIP
    95
    """
    if not folder.is_dir():
        raise UsageError(say("There is no such data folder. Give the path of the folder with the files."))
    given = read_mapping(mapping, answers=answers)
    log = FaultLog()
    store = FileStore(folder, log, given.entries)
    progress(say("Reading the files"))
    sources = apply_mapping(given, store, log, instruments=by_id(folders))
    log.raise_if_any(TableError, say("The files were"))
    refuse_identity(sources, log)
    refuse_texts(sources, given, log)
    progress(say("Checking every row"))
    tables = build(sources, required=(), log=log, notes=_unmapped(given))
    planned = () if with_future else refuse_future(tables, sources, log, today=datetime.now().astimezone().date())
    progress(say("Scoring"))
    instruments = named_instruments(tables, folders=folders)
    scores = _score(instruments, tables, sources)
    agreements = compare_totals(sources, tables, instruments, log)
    log.raise_if_any(TableError, say("The data were"))
    scored = count_scored(scores, tables)
    return Imported(
        mapping=given,
        tables=_noted(tables, (*planned, *scored.notes())),
        sources=sources,
        scored=scored.counts,
        unscored=scored.without,
        agreements=agreements,
        identities=identities_of(given, store, tables, log) if with_identities else None,
    )


def _score(
    instruments: Sequence[Instrument], tables: Tables, sources: Mapping[str, SourceTable]
) -> Sequence[pl.DataFrame]:
    """The scores; a refusal names columns as the files do, as every other message of an import."""
    try:
        return score_all(instruments, tables, coding={}, missing="house")
    except ScoringError as error:
        given = sources.get("responses")
        if given is None:
            raise
        faults = [
            fault if fault.column is None else replace(fault, column=given.label(fault.file, fault.column))
            for fault in error.faults
        ]
        raise ScoringError(error.message, faults=faults) from None


def _unmapped(mapping: TableMapping) -> tuple[str, ...]:
    if not mapping.vault:
        return ()
    return (
        say("Columns that tell who a person is stay out of these tables; only the application's vault takes them."),
    )


def _noted(tables: Tables, notes: Sequence[str]) -> Tables:
    """The tables with further notes in their report."""
    return replace(tables, report=replace(tables.report, notes=(*tables.report.notes, *notes)))
