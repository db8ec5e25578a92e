"""The report of an import: what was read, what became of every row, what the answers scored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from casearc.files.importing.merge import Counts
from casearc.files.importing.run import Imported
from casearc.language import say, to_say
from casearc.tables import FILE, ROW, Fate, SourceTable

_RUN, _LENGTH = "_run", "_length"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """Everything there is to say of one import, without a value of anybody's."""

    content: Mapping[str, object]
    rows: pl.DataFrame
    notes: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """The report for people: a line a table, and what the tables that were there make of it."""
        tables = self.content["tables"]
        if not isinstance(tables, Mapping):
            raise TypeError("a report has tables")
        return [*(_sentence(name, counts) for name, counts in tables.items() if any(counts.values())), *self.notes]


_TOLD = {
    "changed": to_say("{count:,} changed"),
    "same": to_say("{count:,} as they were"),
    "others": to_say("{count:,} not in these files"),
}


def _sentence(name: str, counts: Mapping[str, int]) -> str:
    others = [say(template, count=counts[key]) for key, template in _TOLD.items() if counts[key]]
    parts = ", ".join([say("{count:,} new", count=counts["added"]), *others])
    return say("{table}: {parts}; {count:,} in all", table=name, parts=parts, count=counts["total"])


def report_of(
    imported: Imported, counts: Mapping[str, Counts], *, mapping: Path, folder: Path, notes: Sequence[str] = ()
) -> ImportReport:
    """Put the report together. Files are told by name and digest, so that it can be proved which ones these were;
    `notes` are of rows that were there already."""
    told = imported.tables.report.to_dict()
    return ImportReport(
        content={
            "format": "casearc-import-1",
            "mapping": {"name": mapping.name, "sha256": _digest(mapping)},
            "files": [
                {"name": name, "sha256": _digest(folder / name)}
                for name in sorted(imported.mapping.files())
                if (folder / name).is_file()
            ],
            "answers": {question.id: question.answer for question in imported.mapping.questions if question.answer},
            "tables": {
                name: {
                    "added": each.added,
                    "changed": each.changed,
                    "same": each.same,
                    "others": each.others,
                    "total": each.total,
                }
                for name, each in counts.items()
            },
            **{key: value for key, value in told.items() if key != "tables"},
            "notes": [*imported.tables.report.notes, *notes],
            "scored": dict(imported.scored),
            "unscored": {instrument: dict(reasons) for instrument, reasons in imported.unscored.items()},
            "totals": [
                {"score": each.score, "compared": each.compared, "agree": each.agree} for each in imported.agreements
            ],
        },
        rows=rows_of(imported.sources),
        notes=tuple(notes),
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def rows_of(sources: Mapping[str, SourceTable]) -> pl.DataFrame:
    """file, first_row, last_row, table, fate, why: every row of every file, neighbors of one fate together."""
    parts = [_fates(name, source) for name, source in sources.items()]
    if not parts:
        return pl.DataFrame(schema=["file", "first_row", "last_row", "table", "fate", "why"])
    return pl.concat(parts)


def _fates(name: str, source: SourceTable) -> pl.DataFrame:
    told = source.fates.unique([FILE, ROW], keep="first", maintain_order=True)
    plain = source.places.unique(maintain_order=True).join(told, on=[FILE, ROW], how="anti", maintain_order="left")
    plain = plain.with_columns(pl.lit(Fate.KEPT.value).alias("fate"), pl.lit(None, dtype=pl.String).alias("why"))
    whole = pl.concat([plain.select(told.columns), told]).sort(FILE, ROW, maintain_order=True)
    same = ["fate", "why"]
    broken = pl.any_horizontal(
        [pl.col(key).ne_missing(pl.col(key).shift()) for key in (FILE, *same)]
        + [pl.col(ROW) != pl.col(ROW).shift() + 1]
    )
    runs = whole.with_columns(broken.fill_null(value=True).cum_sum().alias(_RUN))
    return (
        runs.group_by(_RUN, maintain_order=True)
        .agg(pl.col(FILE, *same).first(), pl.col(ROW).min().alias("first_row"), pl.col(ROW).max().alias("last_row"))
        .select(pl.col(FILE).alias("file"), "first_row", "last_row", pl.lit(name).alias("table"), *same)
    )
