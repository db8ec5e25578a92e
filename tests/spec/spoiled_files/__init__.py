"""A hundred and more spoiled files, each with what becomes of it."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "unit" / "files" / "spreadsheet"))  # how to make workbooks
