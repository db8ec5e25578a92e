"""Everything that was read comes out again: tables, instruments, codebooks, and scripts that make the report's tables.

What is exported are rows of single people. None of it passes the disclosure gate, and all of it stays in the house.
"""

from casearc.files.exporting.export import STAYS, check_replaceable, export
from casearc.files.exporting.kinds import KINDS
from casearc.files.exporting.tables import described

__all__ = ["KINDS", "STAYS", "check_replaceable", "described", "export"]
