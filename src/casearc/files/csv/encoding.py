"""Is it text, and in UTF-8? If not: what it seems to be, and what to do."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from dataclasses import dataclass

from casearc.language import say, to_say

_SAVE = to_say(
    'Save it as "CSV UTF-8" from the spreadsheet program, or say its format and encoding in '
    "the mapping (`casearc import inspect` does)."
)

_SIGNATURES = (
    (b"\xff\xfe\x00\x00", to_say("The file is in UTF-32, not UTF-8.")),
    (b"\x00\x00\xfe\xff", to_say("The file is in UTF-32, not UTF-8.")),
    (b"\xff\xfe", to_say("The file is in UTF-16 (little endian), not UTF-8.")),
    (b"\xfe\xff", to_say("The file is in UTF-16 (big endian), not UTF-8.")),
    (b"PK\x03\x04", to_say("The file is a spreadsheet or a zip archive, not CSV.")),
    (b"\xd0\xcf\x11\xe0", to_say("The file is a spreadsheet in an old format, not CSV.")),
    (b"%PDF", to_say("The file is a PDF, not CSV.")),
    (b"$FL2", to_say("The file is a statistics package's data file, not CSV.")),
    (b"\x1f\x8b", to_say("The file is packed (gzip), not CSV.")),
    (b"7z\xbc\xaf", to_say("The file is packed (7z), not CSV.")),
    (b"Rar!", to_say("The file is packed (RAR), not CSV.")),
    (b"\xff\xd8\xff", to_say("The file is a picture, not CSV.")),
    (b"\x89PNG", to_say("The file is a picture, not CSV.")),
    (b"{\\rtf", to_say("The file is a text document, not CSV.")),
)
_PAGE = to_say("The file is a web page, not CSV; a download may have ended at a sign-in page.")
_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*(<\?xml|<!doctype html|<html|<head|<body|<script|[\[{]\s*[{\"])", re.I | re.S
)
_LANGUAGES = {
    b"<?xml": to_say("The file is XML, not CSV."),
    b"{": to_say("The file is JSON, not CSV."),
    b"[": to_say("The file is JSON, not CSV."),
}
_LOOKED_AT = 4_000
_BLOCK = 1 << 22
BOM = b"\xef\xbb\xbf"
_END_OF_FILE = b"\x1a"
"""What old programs under DOS write behind the last row."""


@dataclass(frozen=True, slots=True)
class BadBytes:
    """Why the bytes are no UTF-8 text. `position` is where the first bad byte stands, if at one place."""

    problem: str
    remedy: str
    position: int | None = None


def as_utf8(data: bytes, encoding: str) -> bytes | BadBytes:
    """The bytes in UTF-8 without a byte-order mark; `encoding` empty means that they are in UTF-8 already."""
    if encoding.lower().replace("_", "-") in ("", "utf-8", "utf8", "utf-8-sig"):
        return without_marks(data)
    try:
        return data.decode(encoding).lstrip("\ufeff").encode()
    except LookupError:
        return BadBytes(
            say("The mapping names an encoding that does not exist."), say("Such as windows-1252 or utf-16.")
        )
    except ValueError:  # codecs raise this and its kinds
        return BadBytes(
            say("The file is not in {encoding}, as the mapping says.", encoding=encoding),
            say("Correct encoding under [file] in the mapping; `casearc import inspect` proposes one."),
        )


def without_marks(data: bytes) -> bytes:
    """The bytes without the byte-order mark at their beginning, which some programs write twice."""
    while data.startswith(BOM):
        data = data.removeprefix(BOM)
    return data


def check_bytes(data: bytes) -> bytes | BadBytes:
    """The bytes with plain line ends, or what is wrong with them. A UTF-8 byte-order mark is off already."""
    problem = _other_format(data)
    if problem:
        return BadBytes(say(problem), say(_SAVE))
    data = data.removesuffix(_END_OF_FILE)
    if not data or data.isspace():
        return BadBytes(say("The file is empty."), say("It needs a header row; leave an optional table's file out."))
    if b"\x00" in data:
        return _nul_bytes(data)
    position = _first_bad_byte(data)
    if position is not None:
        return BadBytes(
            say("The file is not UTF-8 from here on; it may be in {guess}.", guess=_guess(data)),
            say(_SAVE),
            position=position,
        )
    data = data.replace(b"\r\n", b"\n")
    return data if b"\n" in data else data.replace(b"\r", b"\n")


def _first_bad_byte(data: bytes) -> int | None:
    """Where the bytes are no UTF-8, looked for in blocks: as one text they would take up to four times their room."""
    if data.isascii():
        return None
    decoder = getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _BLOCK):
        kept, _ = decoder.getstate()
        try:
            decoder.decode(data[start : start + _BLOCK], final=start + _BLOCK >= len(data))
        except UnicodeDecodeError as error:
            return start - len(kept) + error.start
    return None


def _other_format(data: bytes) -> str:
    for signature, problem in _SIGNATURES:
        if data[: len(signature)].lower() == signature.lower():
            return problem
    found = _MARKUP.match(data[:_LOOKED_AT])
    if found is None:
        return ""
    sign = found[1].lower()
    return next((words for start, words in _LANGUAGES.items() if sign.startswith(start)), _PAGE)


def _nul_bytes(data: bytes) -> BadBytes:
    if data.count(b"\x00") > len(data) // 4:
        return BadBytes(say("The file is in UTF-16 (without a byte-order mark), not UTF-8."), say(_SAVE))
    return BadBytes(
        say("The file has NUL bytes: it was damaged, or is not text."),
        say("Export it again from where it came from."),
        position=data.index(b"\x00"),
    )


def _guess(data: bytes) -> str:
    """Windows-1252 has printable signs where Latin-1 has control characters; both are common in old exports."""
    if any(0x80 <= byte <= 0x9F for byte in set(data)):
        return say("Windows-1252, as older spreadsheet programs save")
    return say("Latin-1 or Windows-1252, as older spreadsheet programs save")
