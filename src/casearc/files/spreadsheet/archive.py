"""Is the file a workbook that may be opened? Everything here is found out before any library sees a cell.

A workbook is a zip archive of XML parts. What an archive declares of its sizes may be a lie, so every part is unpacked
once, in pieces, and counted while it is.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from casearc.files.limits import HIGHEST_RATIO, LARGEST_UNPACKED, MEGABYTE
from casearc.language import say, to_say
from casearc.tables import FaultLog

_PIECE = 1 << 20
_MOST_PARTS = 5_000
_RATIO_FROM = 10 * MEGABYTE
"""Below, an archive cannot hurt, and a small one may pack very well."""
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_PACKED = (_ZIP, _OLE, b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh")
_DECLARATIONS = (b"<!doctype", b"<!entity")
_NEVER_PARSED = ("basic/", "dialogs/")
_MACROS = "vbaproject.bin"
PASSWORD = (
    to_say("The workbook is protected by a password."),
    to_say("Open it in the spreadsheet program and save a copy without a password."),
)
DAMAGED = (
    to_say("The workbook is damaged or was not downloaded to its end."),
    to_say("Export or download it again; if it opens in a spreadsheet program, save it there under a new name."),
)


def said(fault: tuple[str, str]) -> tuple[str, str]:
    """A problem and its remedy in the language in force."""
    return say(fault[0]), say(fault[1])


_NO_WORKBOOK = (
    (
        b"<?xml",
        to_say("The file is XML text, not a workbook."),
        to_say("Open it in a spreadsheet program and save it as XLSX."),
    ),
    (
        b"<html",
        to_say("The file is a web page, not a workbook."),
        to_say("Open it in a spreadsheet program and save it as XLSX."),
    ),
    (
        b"<!doctype",
        to_say("The file is a web page, not a workbook."),
        to_say("A download may have ended at a sign-in page."),
    ),
    (
        b"<table",
        to_say("The file is a web page, not a workbook."),
        to_say("Open it in a spreadsheet program and save it as XLSX."),
    ),
    (b"%pdf", to_say("The file is a PDF, not a workbook."), to_say("Ask for the data as CSV or XLSX.")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A file that may be opened.

    kind
        ``xlsx``, ``ods`` or ``xls``: what the content is, whatever the name says.
    parts
        Names of the parts in small letters -> as the archive has them; none for ``xls``.
    notes
        What stands in it and is left alone.
    """

    path: Path
    kind: str
    parts: dict[str, str]
    notes: tuple[str, ...] = ()


def open_archive(path: Path, *, name: str, log: FaultLog) -> Archive | None:
    """The workbook as an archive that was checked through; None after logging why it is not opened.

    Parameters
    ----------
    path, name
        Where it is, and how messages call it.
    log
        Takes the faults.

    Returns
    -------
    Archive or None
        None where the file is no workbook, is damaged, has a password, unpacks to too much, or holds other archives,
        declarations of entities or names that reach out of it.

    Examples
    --------
    >>> from pathlib import Path
    >>> from casearc.tables import FaultLog
    >>> open_archive(Path("cases.xlsx"), name="cases.xlsx", log=FaultLog()).kind  # doctest: +SKIP
    'xlsx'
    """
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(_OLE):
        return _old_workbook(path, name=name, log=log)
    if not head.startswith(b"PK"):
        log.add(*_what_it_is(head), file=name)
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            return _checked(archive, path, name=name, log=log)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        log.add(*said(DAMAGED), file=name)
        return None


def _what_it_is(head: bytes) -> tuple[str, str]:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return say("The file is empty."), say("Export it again from where it came from.")
    for signature, problem, remedy in _NO_WORKBOOK:
        if start.startswith(signature):
            return say(problem), say(remedy)
    if b"\x00" not in head:
        return say("The file is plain text, not a workbook."), say("If it is CSV, let its name end with .csv.")
    return say("The file is not a workbook."), say("Export it as XLSX or CSV.")


def _old_workbook(path: Path, *, name: str, log: FaultLog) -> Archive | None:
    """An OLE file is a workbook in the old format, or the wrapping of a new one with a password."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        log.add(*said(PASSWORD), file=name)
        return None
    return Archive(path=path, kind="xls", parts={})


def _checked(archive: zipfile.ZipFile, path: Path, *, name: str, log: FaultLog) -> Archive | None:
    entries = archive.infolist()
    fault = _fault_of_names(entries) or _fault_of_kind(archive, entries) or _fault_of_parts(archive, entries, path)
    if fault:
        log.add(*fault, file=name)
        return None
    parts = {_plain(entry.filename): entry.filename for entry in entries}
    kind = "xlsx" if "[content_types].xml" in parts else "ods"
    return Archive(path=path, kind=kind, parts=parts, notes=_notes(parts))


def _plain(part: str) -> str:
    """A part's name as readers look it up: without regard to capitals and to the slant of the slash."""
    return part.replace("\\", "/").lower()


def _fault_of_names(entries: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    if len(entries) > _MOST_PARTS:
        return (
            say("The archive has {count:,} parts; a workbook has a few dozen.", count=len(entries)),
            say("Copy the worksheets that are needed into a new workbook."),
        )
    names = [_plain(entry.filename) for entry in entries]
    if any(each.startswith("/") or ".." in PurePosixPath(each).parts or ":" in each for each in names):
        return say("Parts of the archive have names that lead out of it."), say(
            "Do not open it; ask where it comes from."
        )
    if max(Counter(names).values(), default=0) > 1:
        return say("Parts of the archive stand in it twice."), say("Save it in a spreadsheet program under a new name.")
    if any(entry.flag_bits & 1 for entry in entries):
        return said(PASSWORD)
    return None


def _fault_of_kind(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    names = {_plain(entry.filename) for entry in entries}
    if "xl/workbook.bin" in names:
        return say("The workbook is in the binary format XLSB."), say("Save it as XLSX.")
    if any(each.endswith(".iwa") for each in names):
        return say("The file is from Numbers."), say("Export it there as Excel (XLSX) or CSV.")
    if "[content_types].xml" in names and any(each.startswith("word/") for each in names):
        return say("The file is a text document, not a workbook."), say("Copy its table into a workbook.")
    if "[content_types].xml" in names and any(each.endswith(("workbook.xml", "workbook2.xml")) for each in names):
        return None
    if "content.xml" in names and "mimetype" in names:
        return _fault_of_ods(archive, entries)
    return say("The file is a zip archive, not a workbook."), say("Unpack it and use the files inside.")


def _fault_of_ods(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    exact = {_plain(entry.filename): entry.filename for entry in entries}
    with archive.open(exact["mimetype"]) as part:
        if b"opendocument.spreadsheet" not in part.read(200):
            return say("The file is an office document, but no workbook."), say("Copy its table into a workbook.")
    if "meta-inf/manifest.xml" in exact:
        with archive.open(exact["meta-inf/manifest.xml"]) as part:
            if b"encryption-data" in part.read(_PIECE):
                return said(PASSWORD)
    return None


def _fault_of_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], path: Path) -> tuple[str, str] | None:
    """Unpack every part once, in pieces, and stop at the first that must not be opened."""
    packed = path.stat().st_size
    total = 0
    for entry in entries:
        tail = b""
        with archive.open(entry) as part:
            first = True
            while piece := part.read(_PIECE):
                total += len(piece)
                fault = _fault_of_size(total, packed) or _fault_of_piece(entry.filename, tail + piece, first=first)
                if fault:
                    return fault
                tail, first = piece[-16:], False
    return None


def _fault_of_size(total: int, packed: int) -> tuple[str, str] | None:
    if total > LARGEST_UNPACKED:
        return (
            say(
                "The workbook unpacks to more than {largest_unpacked} MB.",
                largest_unpacked=LARGEST_UNPACKED // MEGABYTE,
            ),
            say("Export it in parts, or as CSV or Parquet."),
        )
    if total > _RATIO_FROM and total > HIGHEST_RATIO * packed:
        return (
            say(
                "The workbook unpacks to more than {highest_ratio} times its size, as no workbook with records does.",
                highest_ratio=HIGHEST_RATIO,
            ),
            say("Copy the cells that are needed into a new workbook, or ask where it comes from."),
        )
    return None


def _fault_of_piece(part: str, piece: bytes, *, first: bool) -> tuple[str, str] | None:
    plain = _plain(part)
    if first and piece.startswith(_PACKED) and not plain.endswith(_MACROS):
        return (
            say("Another file is embedded in the workbook."),
            say("Remove embedded objects and save it again; records inside are not read."),
        )
    if plain.endswith((".xml", ".rels", ".vml")) and not plain.startswith(_NEVER_PARSED):
        text = piece.replace(b"\x00", b"").lower()
        if any(each in text for each in _DECLARATIONS):
            return (
                say("A part of the workbook declares XML entities, as no spreadsheet program writes."),
                say("Do not open it; ask where it comes from, or save it in a spreadsheet program under a new name."),
            )
    return None


def _notes(parts: dict[str, str]) -> tuple[str, ...]:
    notes = []
    if any(each.endswith(_MACROS) for each in parts) or any(each.startswith("basic/") for each in parts):
        notes.append(say("The workbook holds macros. They were not run, and never are."))
    if "xl/connections.xml" in parts:
        notes.append(say("The workbook holds connections to other data. They were not followed, and never are."))
    return tuple(notes)
