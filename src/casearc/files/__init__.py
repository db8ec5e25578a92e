"""Files: from an agency's CSV files to the contract's tables."""

from casearc.files.folder import read_folder
from casearc.files.mapping import TableMapping, read_mapping

__all__ = ["TableMapping", "read_folder", "read_mapping"]
