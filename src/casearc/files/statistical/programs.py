"""Which program wrote a file, by its first bytes; and what a file is that none of them wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pyreadstat

from casearc.files.head import head_of
from casearc.files.reading import Reading
from casearc.language import say, to_say
from casearc.tables import FaultLog

_HEAD = 1024
_SAS_MAGIC = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
CATALOG = bytes(12) + bytes.fromhex("c2ea8163b31411cfbd92080009c7318c181f1011")
"""How a SAS catalog begins."""
_OLDEST_STATA, _NEWEST_PLAIN_STATA, _NEWEST_STATA = 102, 115, 119
_AGAIN = to_say("Export it again from the program it came from.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A kind of file and the function that reads it.

    id
        The format's id.
    tells_missing, takes_encoding
        Whether the function gives codes for missing, and can be told the set of characters.
    """

    id: str
    title: str
    read: Callable[..., tuple[Any, Any]]
    tells_missing: bool = True
    takes_encoding: bool = True


def _entry() -> Callable[..., tuple[Any, Any]] | None:
    """The library's one entry for all formats, as its newer versions have it."""
    try:
        return cast("Callable[..., tuple[Any, Any]]", import_module("pyreadstat._readstat_parser").parser_entry_point)
    except (ImportError, AttributeError):
        return None


def _telling(form: str, title: str, ident: str, without: Callable[..., tuple[Any, Any]]) -> Program:
    """A kind of file whose own function in the library drops codes for missing, though its entry can give them."""
    entry = _entry()
    read = without if entry is None else partial(entry, parser_format=form)
    return Program(id=ident, title=title, read=read, tells_missing=entry is not None, takes_encoding=form != "por")


SAV = Program(id="spss", title="SPSS", read=pyreadstat.read_sav)
POR = _telling("por", "SPSS portable", "spss", pyreadstat.read_por)
DTA = Program(id="stata", title="Stata", read=pyreadstat.read_dta)
SAS7BDAT = Program(id="sas", title="SAS", read=pyreadstat.read_sas7bdat)
XPORT = _telling("xport", "SAS transport", "sas", pyreadstat.read_xport)


def _is_newer_stata(head: bytes) -> bool:
    release = re.match(rb"<stata_dta><header><release>(\d+)<", head)
    return release is not None and int(release[1]) > _NEWEST_STATA


_OTHER_FILES: tuple[tuple[Callable[[bytes], bool], tuple[str, str]], ...] = (
    (lambda head: not head, (to_say("The file is empty."), _AGAIN)),
    (
        lambda head: b"ENCRYPTEDSAV" in head[:64],
        (
            to_say("The file is locked with a password."),
            to_say("Save it in SPSS without one, in a folder that is itself protected."),
        ),
    ),
    (
        lambda head: head.startswith(CATALOG),
        (
            to_say("The file is a SAS catalog: it holds labels of codes, and no rows."),
            to_say("Give it together with its data set (.sas7bdat), which a mapping says with catalog."),
        ),
    ),
    (
        lambda head: head.startswith(b"**COMPRESSED**"),
        (
            to_say("The file was made by SAS's procedure CPORT, which only SAS reads."),
            to_say("Write it with the XPORT engine, or save the data set as sas7bdat."),
        ),
    ),
    (
        lambda head: head.startswith(b"PK"),
        (
            to_say("The file is a workbook or another zip archive."),
            to_say("Give it the end of its name that it had, such as .xlsx."),
        ),
    ),
    (
        lambda head: head.lstrip()[:1] == b"<",
        (
            to_say("The file is a web page or XML, not data."),
            to_say("It may be a page that asks to sign in: download it again."),
        ),
    ),
    (
        lambda head: min(head) > 8,
        (
            to_say("The file is text, not a file of SPSS, Stata or SAS."),
            to_say('If its cells are separated by commas, name it .csv or write format = "csv" in the mapping.'),
        ),
    ),
)
"""How other files begin, and what is said of them."""


def program_of(path: Path, *, name: str, log: FaultLog, reading: Reading) -> Program | None:
    """The program that wrote a file; None after logging why there is none.

    Parameters
    ----------
    path, name
        Where the file is, and what messages call it.
    log
        Where faults go.
    reading
        Its `format`, where it names one of these, must agree with what the file's first bytes say.

    Returns
    -------
    Program or None

    Examples
    --------
    >>> program_of(Path("waves.sav"), name="waves.sav", log=FaultLog(), reading=Reading())  # doctest: +SKIP
    """
    head = head_of(path, _HEAD, name=name, log=log)
    if head is None:
        return None
    found = _by_first_bytes(head)
    if found is None:
        problem, remedy = _what_it_is(head)
        log.add(problem, remedy, file=name)
    elif found is DTA and _is_newer_stata(head):
        log.add(
            say("The file was saved by a version of Stata whose files are not read."),
            say("Save it in Stata with saveold, version 14 or older."),
            file=name,
        )
        return None
    elif reading.format in {"spss", "stata", "sas"} - {found.id}:
        log.add(
            say(
                'The mapping says format = "{format}", but this is a {title} file.',
                format=reading.format,
                title=found.title,
            ),
            say('Write format = "{id}", or leave the line out.', id=found.id),
            file=name,
        )
        return None
    return found


def _by_first_bytes(head: bytes) -> Program | None:
    if head.startswith((b"$FL2", b"$FL3")):
        return SAV
    if head.startswith(b"<stata_dta>") or _is_old_stata(head):
        return DTA
    if head.startswith(_SAS_MAGIC):
        return SAS7BDAT
    if head.startswith(b"HEADER RECORD*******LIB"):
        return XPORT
    if b"SPSS PORT FILE" in head.replace(b"\r", b"").replace(b"\n", b""):
        return POR
    return None


def _is_old_stata(head: bytes) -> bool:
    """Before version 13: the version, the order of bytes (1 or 2), and 1."""
    return len(head) > 2 and _OLDEST_STATA <= head[0] <= _NEWEST_PLAIN_STATA and head[1] in {1, 2} and head[2] == 1


def _what_it_is(head: bytes) -> tuple[str, str]:
    """What is wrong with a file that is none of these, and what to do."""
    known = next((words for shows, words in _OTHER_FILES if shows(head)), None)
    if known is not None:
        return say(known[0]), say(known[1])
    return say("The file does not begin as a file of SPSS, Stata or SAS does: it is damaged, or something else."), say(
        _AGAIN
    )
