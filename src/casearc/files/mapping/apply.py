"""Run a mapping: files in, raw tables in the contract's columns out, every row that is left out counted."""

from __future__ import annotations

from collections.abc import Iterable

from casearc.files.mapping.conditions import columns_of
from casearc.files.mapping.definition import Feed, Lookup, TableMapping
from casearc.files.mapping.derive import needs
from casearc.files.mapping.feeding import Feeding
from casearc.files.mapping.stack import stack
from casearc.files.mapping.turned import Instruments
from casearc.files.sheet import Sheet, in_words
from casearc.files.store import FileStore
from casearc.language import say
from casearc.tables import FaultLog, SourceTable, suggestion


def apply_mapping(
    mapping: TableMapping, store: FileStore, log: FaultLog, *, instruments: Instruments
) -> dict[str, SourceTable]:
    """The mapped tables. Those whose files could not be read, or do not fit, are left out after logging why.

    `instruments` gives an instrument by its id, for items to be turned back within its range.
    """
    feeds: dict[str, list[SourceTable]] = {}
    broken: set[str] = set()
    for feed in mapping.feeds:
        raw = store.get(feed.file)
        if raw is None or not _fits(feed, raw, store, log):
            broken.add(feed.table)
            continue
        made = Feeding(feed, raw, store, log).run(instruments=instruments, coding=mapping.coding)
        feeds.setdefault(feed.table, []).append(made)
    return {name: stack(name, parts) for name, parts in feeds.items() if name not in broken}


def _fits(feed: Feed, raw: Sheet, store: FileStore, log: FaultLog) -> bool:
    """Whether every column the feed speaks of is there; logs those that are not."""
    available = set(raw.frame.columns)
    fits = True
    for name, derivation in feed.derive.items():
        if name in raw.frame.columns:
            log.add(
                say(
                    "In {place}: the file has a column {name} already, and derive makes another.",
                    place=feed.place,
                    name=name,
                ),
                say("Derive it under a name that begins with _, and name that in columns."),
                file=in_words(feed.file),
            )
            fits = False
        fits &= _known(needs(derivation), available, feed, log)
        available.add(name)
        if isinstance(derivation, Lookup):
            fits &= _lookup_fits(derivation, feed, store, log)
    wanted = columns_of(feed.where) | set(feed.columns.values()) | {total.column for total in feed.totals.values()}
    if feed.duplicates:
        wanted |= {*feed.duplicates.key, *feed.duplicates.by}
    return _known(wanted, available, feed, log) and fits


def _lookup_fits(lookup: Lookup, feed: Feed, store: FileStore, log: FaultLog) -> bool:
    other = store.get(lookup.file)
    if other is None:
        return False
    wanted = {pair[1] for pair in lookup.keys} | columns_of(lookup.where) | set(lookup.by)
    wanted |= {lookup.column} if lookup.column else set()
    return _known(wanted, set(other.frame.columns), feed, log, file=lookup.file)


def _known(wanted: Iterable[str], available: set[str], feed: Feed, log: FaultLog, *, file: str | None = None) -> bool:
    missing = sorted(set(wanted) - available)
    for name in missing:
        near = suggestion(name, sorted(available))
        if name in feed.derive:
            near = say("It is derived further down: derive it before it is used.")
        log.add(
            say(
                "The mapping ({place}) speaks of a column {name}, which the file does not have.",
                place=feed.place,
                name=name,
            ),
            near or say("Compare with the file's header row."),
            file=in_words(file or feed.file),
        )
    return not missing
