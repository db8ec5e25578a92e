"""Run a mapping: files in, raw tables in the contract's columns out, every row that is left out counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from casearc.files.csv import RawFile
from casearc.files.mapping.conditions import columns_of, holds, why_not
from casearc.files.mapping.definition import Duplicates, Feed, Flag, Lookup, TableMapping
from casearc.files.mapping.derive import Doubt, expression, needs, set_flags
from casearc.files.mapping.lookup import look_up, order_of
from casearc.files.store import FileStore
from casearc.tables import FILE, ROW, TABLES, FaultLog, FileUse, Kind, SetAside, SourceTable, suggestion


def apply_mapping(mapping: TableMapping, store: FileStore, log: FaultLog) -> dict[str, SourceTable]:
    """The mapped tables. Those whose files could not be read, or do not fit, are left out after logging why."""
    feeds: dict[str, list[SourceTable]] = {}
    broken: set[str] = set()
    for feed in mapping.feeds:
        raw = store.get(feed.file)
        if raw is None or not _fits(feed, raw, store, log):
            broken.add(feed.table)
            continue
        feeds.setdefault(feed.table, []).append(_Feeding(feed, raw, store, log).run())
    return {name: _stack(name, parts) for name, parts in feeds.items() if name not in broken}


def _fits(feed: Feed, raw: RawFile, store: FileStore, log: FaultLog) -> bool:
    """Whether every column the feed speaks of is there; logs those that are not."""
    available = set(raw.frame.columns)
    fits = True
    for name, derivation in feed.derive.items():
        if name in raw.frame.columns:
            log.add(
                f"In {feed.place}: the file has a column {name} already, and derive makes another.",
                "Derive it under a name that begins with _, and name that in columns.",
                file=feed.file,
            )
            fits = False
        fits &= _known(needs(derivation), available, feed, log)
        available.add(name)
        if isinstance(derivation, Lookup):
            fits &= _lookup_fits(derivation, feed, store, log)
    wanted = columns_of(feed.where) | set(feed.columns.values())
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
            near = "It is derived further down: derive it before it is used."
        log.add(
            f"The mapping ({feed.place}) speaks of a column {name}, which the file does not have.",
            near or "Compare with the file's header row.",
            file=file or feed.file,
        )
    return not missing


class _Feeding:
    """One file on its way into one table, step by step."""

    def __init__(self, feed: Feed, raw: RawFile, store: FileStore, log: FaultLog) -> None:
        self._feed, self._raw, self._store, self._log = feed, raw, store, log
        self._frame = raw.frame.hstack(raw.places)
        self._aside: list[SetAside] = []
        self._doubts: list[Doubt] = []
        self._lookups: list[FileUse] = []

    def run(self) -> SourceTable:
        """Derive, filter, drop duplicates, rename, recode."""
        if self._raw.empty_rows:
            self._aside.append(SetAside("empty row", self._raw.empty_rows))
        self._derive()
        self._filter()
        if self._feed.duplicates:
            self._drop_duplicates(self._feed.duplicates)
        columns = self._columns()
        places = self._frame.select(FILE, ROW)
        labels = {self._feed.file: dict(self._feed.columns)}
        shell = SourceTable(name=self._feed.table, frame=pl.DataFrame(), places=places, labels=labels)
        self._log_doubts(shell)
        frame = self._frame.select(pl.col(source).alias(name) for name, source in columns.items())
        for column, codes in self._feed.codes.items():
            frame = self._recode(frame, column, codes, places=places, shell=shell)
        use = FileUse(
            file=self._feed.file,
            purpose=self._feed.table,
            rows_read=self._raw.rows_read,
            rows_kept=frame.height,
            set_aside=tuple(self._aside),
        )
        return SourceTable(
            name=self._feed.table,
            frame=frame,
            places=places,
            uses=(use, *self._lookups),
            labels=labels,
            named=frozenset(self._feed.targets()),
        )

    def _derive(self) -> None:
        for name, derivation in self._feed.derive.items():
            if isinstance(derivation, Lookup):
                other = self._store.get(derivation.file)
                if other is None:
                    continue
                found = look_up(derivation, self._frame, other, self._log)
                self._frame = self._frame.with_columns(found.alias(name))
                self._lookups.append(
                    FileUse(
                        file=derivation.file,
                        purpose="lookup",
                        rows_read=other.rows_read,
                        rows_kept=other.frame.height,
                        set_aside=(SetAside("empty row", other.empty_rows),) if other.empty_rows else (),
                    )
                )
                continue
            self._frame = self._frame.with_columns(expression(derivation).alias(name))
            if isinstance(derivation, Flag) and derivation.several == "refuse":
                self._doubt_several(name, derivation)

    def _doubt_several(self, name: str, flag: Flag) -> None:
        mask = f"_several_{name}"
        self._frame = self._frame.with_columns((pl.sum_horizontal(set_flags(flag)) > 1).alias(mask))
        self._doubts.append(
            Doubt(
                mask=mask,
                column=name,
                problem="More than one of the yes/no columns says yes.",
                remedy='Say in the mapping what that means: several = "first", "join", or a code.',
            )
        )

    def _filter(self) -> None:
        for condition in self._feed.where:
            before = self._frame.height
            self._frame = self._frame.filter(holds(condition))
            if before > self._frame.height:
                self._aside.append(SetAside(why_not(condition), before - self._frame.height))

    def _drop_duplicates(self, rule: Duplicates) -> None:
        keyed = pl.all_horizontal(pl.col(rule.key).is_not_null())
        ordered = self._frame.with_row_index("_line")
        if rule.by:
            ordered = ordered.sort(*order_of(self._frame, rule.by), maintain_order=True)
        chosen = pl.struct(rule.key)
        chosen = chosen.is_last_distinct() if rule.keep == "last" else chosen.is_first_distinct()
        kept = ordered.filter(chosen | keyed.not_()).sort("_line").drop("_line")
        if kept.height < self._frame.height:
            by = f" by {', '.join(rule.by)}" if rule.by else ""
            reason = rule.reason or f"another row has the same {', '.join(rule.key)}; the {rule.keep}{by} was kept"
            self._aside.append(SetAside(reason, self._frame.height - kept.height))
        self._frame = kept

    def _columns(self) -> dict[str, str]:
        """The table's column -> the column here: what the mapping names, and what has the right name already."""
        named = {name: self._feed.columns.get(name, name) for name in self._feed.targets()}
        passing = {
            name: name
            for name in TABLES[self._feed.table].accepted
            if name in self._raw.frame.columns and name not in named
        }
        return named | passing

    def _log_doubts(self, shell: SourceTable) -> None:
        for doubt in self._doubts:
            failing = self._frame.filter(pl.col(doubt.mask))
            self._log.add_rows(failing, shell, column=doubt.column, problem=doubt.problem, remedy=doubt.remedy)

    def _recode(
        self,
        frame: pl.DataFrame,
        column: str,
        codes: Mapping[str, str],
        *,
        places: pl.DataFrame,
        shell: SourceTable,
    ) -> pl.DataFrame:
        if column not in frame.columns:
            self._log.add(
                f"In {self._feed.place}: codes speaks of a column {column} that the mapping does not make.",
                "Name it in columns or derive it.",
                file=self._feed.file,
            )
            return frame
        several = any(each.name == column and each.kind is Kind.CODES for each in TABLES[shell.name].columns)
        old = frame[column].fill_null("")
        lists = old.str.split(";").list.eval(pl.element().str.strip_chars()) if several else None
        known = list(codes)
        if lists is None:
            unknown = old.is_in(known).not_() & (old != "")
            new = old.replace_strict(known, list(codes.values()), default=None, return_dtype=pl.String)
        else:
            allowed = [*known, ""]
            unknown = lists.list.eval(pl.element().is_in(allowed).not_()).list.any()
            new = (
                lists.list.eval(
                    pl.element().replace_strict(known, list(codes.values()), default=None, return_dtype=pl.String)
                )
                .list.drop_nulls()
                .list.join(";")
            )
        self._log.add_rows(
            places.filter(unknown),
            shell,
            column=column,
            problem="The cell holds a code that the mapping does not cover.",
            remedy=f"Covered: {', '.join(each or 'an empty cell' for each in known)}. Add it under codes.{column}.",
        )
        return frame.with_columns(pl.when(new != "").then(new).alias(column))


def _stack(name: str, parts: list[SourceTable]) -> SourceTable:
    if len(parts) == 1:
        return parts[0]
    labels: dict[str, dict[str, str]] = {}
    for part in parts:
        for file, renamed in part.labels.items():
            labels.setdefault(file, {}).update(renamed)
    return SourceTable(
        name=name,
        frame=pl.concat([part.frame for part in parts], how="diagonal"),
        places=pl.concat([part.places for part in parts]),
        uses=tuple(use for part in parts for use in part.uses),
        labels=labels,
        named=frozenset().union(*(part.named for part in parts)),
    )
