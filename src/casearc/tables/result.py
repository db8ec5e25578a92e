"""The tables after reading: typed, checked, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from casearc.errors import UsageError
from casearc.tables.definitions import TABLES
from casearc.tables.report import DataReport
from casearc.tables.source import FILE, ROW


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """The contract's tables as typed polars frames. Absent tables have their columns and no rows.

    `places` holds, for each table, a frame with ``_file`` and ``_row`` of every row, in the same order as the
    table: see `with_places`.
    """

    participants: pl.DataFrame
    enrollments: pl.DataFrame
    contacts: pl.DataFrame
    services: pl.DataFrame
    goals: pl.DataFrame
    needs: pl.DataFrame
    administrations: pl.DataFrame
    responses: pl.DataFrame
    report: DataReport = field(default_factory=DataReport)
    places: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @classmethod
    def of(cls, **frames: pl.DataFrame) -> Tables:
        """Tables from typed frames held in memory, without the checks of `build`.

        Columns left out are filled with nulls and tables left out are empty: handy for trying a part alone.
        """
        unknown = set(frames) - set(TABLES)
        if unknown:
            raise UsageError(f"There is no table called {', '.join(sorted(unknown))}.")
        whole: dict[str, pl.DataFrame] = {}
        for name, schema in TABLES.items():
            frame = frames.get(name, schema.empty())
            missing = [
                pl.lit(None, dtype=column.kind.dtype).alias(column.name)
                for column in schema.columns
                if column.name not in frame.columns
            ]
            frame = frame.with_columns(missing)
            casts = [pl.col(column.name).cast(column.kind.dtype) for column in schema.columns]
            whole[name] = frame.with_columns(casts).select(
                *schema.names, *(extra for extra in frame.columns if extra not in schema.names)
            )
        return cls.made_of(whole)

    @classmethod
    def made_of(
        cls,
        frames: Mapping[str, pl.DataFrame],
        *,
        report: DataReport | None = None,
        places: Mapping[str, pl.DataFrame] | None = None,
    ) -> Tables:
        """Tables from one whole frame for each table of the contract."""
        return cls(
            participants=frames["participants"],
            enrollments=frames["enrollments"],
            contacts=frames["contacts"],
            services=frames["services"],
            goals=frames["goals"],
            needs=frames["needs"],
            administrations=frames["administrations"],
            responses=frames["responses"],
            report=report or DataReport(),
            places=places or {},
        )

    def table(self, name: str) -> pl.DataFrame:
        """A table by its name."""
        if name not in TABLES:
            raise UsageError(f"There is no table called {name}.")
        frame: pl.DataFrame = getattr(self, name)
        return frame

    def with_places(self, name: str) -> pl.DataFrame:
        """A table with the columns ``_file`` and ``_row`` (null where the rows never stood in a file)."""
        frame = self.table(name)
        places = self.places.get(name)
        if places is None:
            return frame.with_columns(
                pl.lit(None, dtype=pl.String).alias(FILE), pl.lit(None, dtype=pl.Int64).alias(ROW)
            )
        return frame.hstack(places)
