"""Which reader takes a file: by its first bytes, then by the end of its name.

A reader is a module with ``read(path, *, name, log, reading) -> tuple[Sheet, ...]``: the sheets of the file, or ()
after logging why there are none. Readers are imported when first needed, so that a missing extra is missed only then.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from casearc.errors import optional_part
from casearc.files.limits import small_enough
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet
from casearc.language import say, to_say
from casearc.tables import FaultLog


class Reader(Protocol):
    """What the module of a format offers."""

    def read(self, path: Path, *, name: str, log: FaultLog, reading: Reading) -> tuple[Sheet, ...]:
        """The sheets of a file; () after logging why there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of file. `extra` is what to install for it; empty where Casearc reads it by itself."""

    id: str
    title: str
    suffixes: tuple[str, ...]
    module: str
    extra: str = ""
    signatures: tuple[bytes, ...] = ()

    def reader(self) -> Reader:
        """Its module; MissingExtraError where its library is not installed."""
        if not self.extra:
            return cast("Reader", import_module(self.module))
        with optional_part(purpose=say("Reading {title}", title=self.title), extra=self.extra):
            return cast("Reader", import_module(self.module))


_ALL = (
    Format(id="csv", title="CSV", suffixes=(".csv", ".tsv", ".tab", ".txt"), module="casearc.files.csv.read"),
    Format(
        id="xlsx",
        title=to_say("XLSX workbooks"),
        suffixes=(".xlsx", ".xlsm"),
        module="casearc.files.spreadsheet.read",
        extra="spreadsheets",
    ),
    Format(
        id="ods",
        title=to_say("ODS workbooks"),
        suffixes=(".ods",),
        module="casearc.files.spreadsheet.read",
        extra="spreadsheets",
    ),
    Format(
        id="xls",
        title=to_say("XLS workbooks"),
        suffixes=(".xls",),
        module="casearc.files.spreadsheet.read",
        extra="spreadsheets",
        signatures=(b"\xd0\xcf\x11\xe0",),
    ),
    Format(
        id="spss",
        title=to_say("SPSS files"),
        suffixes=(".sav", ".zsav", ".por"),
        module="casearc.files.statistical.read",
        extra="spss",
        signatures=(b"$FL2", b"$FL3"),
    ),
    Format(
        id="stata",
        title=to_say("Stata files"),
        suffixes=(".dta",),
        module="casearc.files.statistical.read",
        extra="spss",
        signatures=(b"<stata_dta>",),
    ),
    Format(
        id="sas",
        title=to_say("SAS files"),
        suffixes=(".sas7bdat", ".sas7bcat", ".xpt"),
        module="casearc.files.statistical.read",
        extra="spss",
        signatures=(b"HEADER RECORD*******LIB",),
    ),
    Format(
        id="parquet",
        title="Parquet",
        suffixes=(".parquet",),
        module="casearc.files.columnar.read",
        signatures=(b"PAR1",),
    ),
    Format(
        id="arrow",
        title="Arrow",
        suffixes=(".arrow", ".feather", ".ipc"),
        module="casearc.files.columnar.read",
        signatures=(b"ARROW1", b"FEA1"),
    ),
    Format(
        id="fhir",
        title=to_say("FHIR resources"),
        suffixes=(".json", ".ndjson"),
        module="casearc.files.fhir.read",
        extra="fhir",
    ),
)

FORMATS = {each.id: each for each in _ALL}
_PACKED = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz")
SUFFIXES = tuple(suffix for each in _ALL for suffix in each.suffixes)


def format_of(path: Path) -> Format | None:
    """The format of a file that is there: what its first bytes say, else the end of its name, else None."""
    with path.open("rb") as file:
        head = file.read(64)
    for each in _ALL:
        if head.startswith(each.signatures or (b"\x00no signature",)):
            return each
    suffix = path.suffix.lower()
    return next((each for each in _ALL if suffix in each.suffixes), None)


def read_file(path: Path, *, name: str, log: FaultLog, reading: Reading | None = None) -> tuple[Sheet, ...]:
    """The sheets of a file as its format has them, before any dialect. () after logging why there are none.

    Raises
    ------
    MissingExtraError
        The format needs a library that is not installed.
    """
    reading = reading or Reading()
    kind = FORMATS.get(reading.format) or format_of(path)
    if kind is None and path.suffix.lower() in _PACKED:
        log.add(
            say("The file is an archive, and the files are inside it."),
            say("Unpack it and give the files that it holds, together."),
            file=name,
        )
        return ()
    if kind is None:
        log.add(
            say("The end of the file's name says none of the formats that are read."),
            say("Known ends: {suffixes}.", suffixes=", ".join(SUFFIXES)),
            file=name,
        )
        return ()
    if not small_enough(path, name=name, log=log):
        return ()
    return kind.reader().read(path, name=name, log=log, reading=reading)
