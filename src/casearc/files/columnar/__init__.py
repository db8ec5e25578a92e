"""Parquet and Arrow files through polars; Parquet carries what is to be said of columns beside them."""

from casearc.files.columnar.write import write_arrow, write_parquet

__all__ = ["write_arrow", "write_parquet"]
