"""CSV: one header row, every cell read as text; comma-separated and in UTF-8 unless the mapping says otherwise."""

from casearc.files.csv.read import read_csv

__all__ = ["read_csv"]
