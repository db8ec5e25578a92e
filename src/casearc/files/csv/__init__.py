"""CSV: comma-separated, UTF-8, one header row, every cell read as text."""

from casearc.files.csv.read import RawFile, read_csv

__all__ = ["RawFile", "read_csv"]
