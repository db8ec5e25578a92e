"""The Human Trafficking Case Data Standard (HTCDS) 2.0: columns recognized, and a profile of it written.

HTCDS is a standard of the International Organization for Migration, published under CC BY 4.0 with terms of its own.
Casearc reads and writes its field names; nothing here is endorsed by IOM, and its logo is not used.
"""

from casearc.files.htcds.dialect import proposals
from casearc.files.htcds.fields import htcds_field
from casearc.files.htcds.write import write_htcds

__all__ = ["htcds_field", "proposals", "write_htcds"]
