"""How a file is to be read, where its content does not say or is not to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The options of ``[file."…"]`` in a mapping; what is left open is recognized by content.

    format
        Id of a format or dialect.
    encoding, delimiter, decimal
        Of text files: Python's name of the encoding, the sign between cells, ``.`` or ``,`` in numbers.
    header_row
        The row that holds the column names; rows above it are left out.
    header_rows
        The same for single sheets of a file with several: the sheet's own name -> the row.
    header_height
        2 where the column names stand in two rows, a question above the rows of its grid.
    header_heights
        The same for single sheets.
    companions
        Role -> name of another file that describes this one: ``{"dictionary": "fields.csv"}``.
    repair
        Faults of structure that the reader may mend and note, where it would refuse: ``short_rows``, ``encoding``.
    """

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    header_row: int = 1
    header_rows: Mapping[str, int] = field(default_factory=dict)
    header_height: int = 1
    header_heights: Mapping[str, int] = field(default_factory=dict)
    companions: Mapping[str, str] = field(default_factory=dict)
    repair: tuple[str, ...] = ()
