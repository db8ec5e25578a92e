"""Parquet and Arrow files through polars; Parquet carries what is to be said of columns beside them."""
