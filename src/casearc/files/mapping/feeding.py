"""One file on its way into one table."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from casearc.files.mapping.conditions import holds, why_not
from casearc.files.mapping.definition import CountWithin, Duplicates, Feed, Flag, Lookup
from casearc.files.mapping.derive import Doubt, expression, lookups_of, set_flags
from casearc.files.mapping.lookup import has_no_row, look_up, order_of
from casearc.files.mapping.missing import expand, with_reasons
from casearc.files.mapping.otherwise import Otherwise
from casearc.files.mapping.turned import Instruments, turn_items, with_coding
from casearc.files.sheet import Sheet, in_words
from casearc.files.store import FileStore
from casearc.language import say, say_many, to_say
from casearc.tables import (
    FILE,
    ROW,
    TABLES,
    Fate,
    FaultLog,
    FileUse,
    Kind,
    SetAside,
    SourceTable,
    fates_of,
    no_fates,
    nothing_unfound,
)


class Feeding:
    """One file on its way into one table, step by step."""

    def __init__(self, feed: Feed, raw: Sheet, store: FileStore, log: FaultLog) -> None:
        self._feed, self._raw, self._store, self._log = feed, raw, store, log
        self._frame = raw.frame.hstack(raw.places)
        self._aside: list[SetAside] = []
        self._fates: list[pl.DataFrame] = [no_fates()]
        self._doubts: list[Doubt] = []
        self._lookups: list[FileUse] = []

    def run(self, *, instruments: Instruments, coding: Mapping[str, str]) -> SourceTable:
        """Derive, filter, drop duplicates, rename, recode, turn."""
        if self._raw.empty_rows:
            self._aside.append(SetAside(say("empty row"), self._raw.empty_rows))
        self._derive()
        self._filter()
        if self._feed.duplicates and self._feed.duplicates.keep != "all":
            self._drop_duplicates(self._feed.duplicates)
        columns = self._columns()
        places = self._frame.select(FILE, ROW)
        labels = {in_words(self._feed.file): dict(self._feed.columns)}
        shell = SourceTable(name=self._feed.table, frame=pl.DataFrame(), places=places, labels=labels)
        self._log_doubts(shell)
        frame = before = self._frame.select(pl.col(source).alias(name) for name, source in columns.items())
        otherwise = Otherwise(self._feed, frame)
        frame = self._recode_all(frame, otherwise, places=places, shell=shell)
        frame = turn_items(with_reasons(frame, self._feed.missing), self._feed.reversed, instruments, coding)
        if self._feed.table == "administrations":
            frame = with_coding(frame, coding)
        totals = self._frame.select(
            pl.col(total.column).alias(f"{name}:{total.made}") for name, total in self._feed.totals.items()
        )
        use = FileUse(
            file=in_words(self._feed.file),
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
            notes=(*self._notes(), *otherwise.notes()),
            fates=pl.concat([*self._fates, self._changed(before, frame, places)]),
            totals=totals,
            unfound=self._unfound(columns),
        )

    def _unfound(self, columns: Mapping[str, str]) -> pl.DataFrame:
        """Ids of other tables that are empty because the file they are looked up in has no row for them."""
        found = [nothing_unfound()]
        for column in (each for each in TABLES[self._feed.table].columns if each.refers_to):
            source = columns.get(column.name, "")
            if source not in self._feed.derive or not self._frame[source].null_count():
                continue
            for lookup in lookups_of(source, self._feed.derive):
                other = self._store.get(lookup.file)
                if other is None:
                    continue
                told = [pl.lit(column.name).alias("column"), pl.lit(in_words(lookup.file)).alias("other")]
                mine = lookup.keys[0][0]
                by = pl.lit(column.name if mine in self._feed.derive else mine).alias("by")
                mask = self._frame[source].is_null() & has_no_row(lookup, self._frame, other)
                found.append(self._frame.filter(mask).select(FILE, ROW, *told, by))
        return pl.concat(found).unique([FILE, ROW, "column"], keep="first", maintain_order=True)

    def _notes(self) -> tuple[str, ...]:
        if self._raw.rows_read:
            return (*self._raw.notes, *self._copies())
        return (
            *self._raw.notes,
            say("There is no row below the column names of {file}.", file=in_words(self._feed.file)),
        )

    def _copies(self) -> tuple[str, ...]:
        """What to know of rows that say the same as others in every cell, where no id tells them apart and nobody has
        said whether each counts."""
        counted = any(isinstance(how, CountWithin) for how in self._feed.derive.values())
        if self._feed.duplicates or not (counted or self._feed.table == "services"):
            return ()
        copies = self._frame.height - self._frame.select(self._raw.frame.columns).n_unique()
        if not copies:
            return ()
        return (
            say_many(
                "{count:,} row of {file} says the same as another in every column, and each counts. Where it is a "
                'copy, write duplicates with keep = "first" in the mapping.',
                "{count:,} rows of {file} say the same as others in every column, and each counts. Where they are "
                'copies, write duplicates with keep = "first" in the mapping.',
                copies,
                file=in_words(self._feed.file),
            ),
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
                        file=in_words(derivation.file),
                        purpose="lookup",
                        rows_read=other.rows_read,
                        rows_kept=other.frame.height,
                        set_aside=(SetAside(say("empty row"), other.empty_rows),) if other.empty_rows else (),
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
                problem=say("More than one of the yes/no columns says yes."),
                remedy=say('Say in the mapping what that means: several = "first", "join", or a code.'),
            )
        )

    def _filter(self) -> None:
        for condition in self._feed.where:
            kept = holds(condition)
            self._set_aside(self._frame.filter(~kept), why_not(condition))
            self._frame = self._frame.filter(kept)

    def _drop_duplicates(self, rule: Duplicates) -> None:
        keyed = pl.all_horizontal(pl.col(rule.key).is_not_null())
        ordered = self._frame.with_row_index("_line")
        if rule.by:
            ordered = ordered.sort(*order_of(self._frame, rule.by), maintain_order=True)
        chosen = pl.struct(rule.key)
        chosen = chosen.is_last_distinct() if rule.keep == "last" else chosen.is_first_distinct()
        kept = ordered.filter(chosen | keyed.not_()).sort("_line").drop("_line")
        if kept.height < self._frame.height:
            reason = rule.reason or _why_once(rule)
            self._set_aside(self._frame.join(kept, on=[FILE, ROW], how="anti", maintain_order="left"), reason)
        self._frame = kept

    def _set_aside(self, rows: pl.DataFrame, reason: str) -> None:
        if not rows.is_empty():
            self._aside.append(SetAside(reason, rows.height))
            self._fates.append(fates_of(rows, Fate.SET_ASIDE, reason))

    def _changed(self, before: pl.DataFrame, after: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
        """Rows in which a cell of the file became another one, and in which columns."""
        changed = [name for name in before.columns if not before[name].equals(after[name])]
        if not changed:
            return no_fates()
        differs = {name: before[name].ne_missing(after[name]) for name in changed}
        said = [pl.when(pl.Series(mask)).then(pl.lit(name)) for name, mask in differs.items()]
        rows = places.with_columns(pl.concat_str(said, separator=", ", ignore_nulls=True).alias("why"))
        return fates_of(rows.filter(pl.col("why") != ""), Fate.CHANGED, None)

    def _columns(self) -> dict[str, str]:
        """The table's column -> the column here: what the mapping names, and what has the right name already.

        A column called ``day`` that the mapping names as the ``date`` holds no days besides.
        """
        named = {name: self._feed.columns.get(name, name) for name in self._feed.targets()}
        told = {column.name for column in TABLES[self._feed.table].columns if column.date_column in named}
        passing = {
            name: name
            for name in TABLES[self._feed.table].accepted
            if name in self._raw.frame.columns
            and name not in (*named, *self._feed.leave, *(told & set(named.values())))
        }
        return named | passing

    def _recode_all(
        self, frame: pl.DataFrame, otherwise: Otherwise, *, places: pl.DataFrame, shell: SourceTable
    ) -> pl.DataFrame:
        self._refuse_unmade(self._feed.otherwise, frame)
        frame = otherwise.apart(frame)
        for column, codes in expand(self._feed.codes, frame.columns).items():
            frame = self._recode(frame, column, codes, places=places, shell=shell)
        return otherwise.back(frame)

    def _refuse_unmade(self, otherwise: Mapping[str, str], frame: pl.DataFrame) -> None:
        for column in otherwise:
            if column not in frame.columns and not column.endswith("*"):
                self._log.add(
                    say(
                        "In {place}: otherwise speaks of a column {column} that the mapping does not make.",
                        place=self._feed.place,
                        column=column,
                    ),
                    say("Name it in columns or derive it."),
                    file=in_words(self._feed.file),
                )

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
                say(
                    "In {place}: codes speaks of a column {column} that the mapping does not make.",
                    place=self._feed.place,
                    column=column,
                ),
                say("Name it in columns or derive it."),
                file=in_words(self._feed.file),
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
            problem=say("The cell holds a code that the mapping does not cover."),
            remedy=say(
                "Covered: {codes}. Add it under codes.{column}, or say under otherwise.{column} what stands for texts.",
                codes=", ".join(each or say("an empty cell") for each in known),
                column=column,
            ),
        )
        return frame.with_columns(pl.when(new != "").then(new).alias(column))


_KEPT = {
    "first": to_say("another row has the same {key}; the first was kept"),
    "last": to_say("another row has the same {key}; the last was kept"),
}
_KEPT_BY = {
    "first": to_say("another row has the same {key}; the first by {by} was kept"),
    "last": to_say("another row has the same {key}; the last by {by} was kept"),
}


def _why_once(rule: Duplicates) -> str:
    """Why a row with the key of another was set aside."""
    told = {"key": ", ".join(rule.key), "by": ", ".join(rule.by)}
    return say((_KEPT_BY if rule.by else _KEPT)[rule.keep], **told)
