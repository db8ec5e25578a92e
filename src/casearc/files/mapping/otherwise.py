"""What stands for the cells of a column that are no codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from casearc.files.codes_and_texts import is_no_code
from casearc.files.mapping.definition import Feed
from casearc.files.mapping.missing import expand
from casearc.files.mapping.questions import AS_WRITTEN
from casearc.files.sheet import in_words
from casearc.language import say_many
from casearc.tables import TABLES, Kind, item_columns


class Otherwise:
    """The cells of a feed that are no codes, kept apart while the others are recoded."""

    def __init__(self, feed: Feed, frame: pl.DataFrame) -> None:
        self._file = in_words(feed.file)
        self._stands = {
            name: stands for name, stands in _spread(feed.otherwise, frame.columns).items() if name in frame.columns
        }
        codes = expand(feed.codes, frame.columns)
        self._before = frame
        self._texts = {name: _texts(feed.table, frame[name], codes.get(name, {})) for name in self._stands}

    def apart(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with these cells empty."""
        return frame.with_columns(pl.when(~mask).then(pl.col(name)).alias(name) for name, mask in self._texts.items())

    def back(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with what stands for them."""
        return frame.with_columns(
            pl.when(mask)
            .then(self._before[name] if self._stands[name] == AS_WRITTEN else pl.lit(self._stands[name] or None))
            .otherwise(pl.col(name))
            .alias(name)
            for name, mask in self._texts.items()
        )

    def notes(self) -> tuple[str, ...]:
        """How many cells they are, for the report."""
        counts = {name: int(mask.sum()) for name, mask in self._texts.items() if self._stands[name] != AS_WRITTEN}
        return tuple(
            say_many(
                "{file}: {count:,} cell of {column} is no code, and what the mapping says stands for it.",
                "{file}: {count:,} cells of {column} are no codes, and what the mapping says stands for them.",
                count,
                file=self._file,
                column=name,
            )
            for name, count in counts.items()
            if count
        )


def _spread(otherwise: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """By column, with ``mspss_*`` written out for each item of the instrument that is there."""
    found = {name: stands for name, stands in otherwise.items() if not name.endswith("*")}
    for name, stands in otherwise.items():
        if name.endswith("*"):
            found |= {item: stands for item in item_columns(columns) if item.startswith(name.removesuffix("*"))}
    return found


def _texts(table: str, cells: pl.Series, codes: Mapping[str, str]) -> pl.Series:
    kind = next((column.kind for column in TABLES[table].columns if column.name == cells.name), Kind.TEXT)
    closed = kind is Kind.CODE or table == "responses"
    texts = is_no_code(cells, closed=closed, several=kind is Kind.CODES)
    return texts & ~cells.is_in(list(codes)).fill_null(value=False)
