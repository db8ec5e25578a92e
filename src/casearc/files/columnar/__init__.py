"""Parquet and Arrow files through polars; both carry what is to be said of columns in their own metadata."""

from casearc.files.columnar.write import write_arrow, write_parquet

__all__ = ["write_arrow", "write_parquet"]
