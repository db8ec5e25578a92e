"""Is it text, and in UTF-8? If not: what it seems to be, and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SAVE = (
    'Save it as "CSV UTF-8" from the spreadsheet program, or say its format and encoding in the mapping '
    "(`casearc import inspect` does)."
)

_SIGNATURES = (
    (b"\xff\xfe\x00\x00", "The file is in UTF-32, not UTF-8."),
    (b"\x00\x00\xfe\xff", "The file is in UTF-32, not UTF-8."),
    (b"\xff\xfe", "The file is in UTF-16 (little endian), not UTF-8."),
    (b"\xfe\xff", "The file is in UTF-16 (big endian), not UTF-8."),
    (b"PK\x03\x04", "The file is a spreadsheet or a zip archive, not CSV."),
    (b"\xd0\xcf\x11\xe0", "The file is a spreadsheet in an old format, not CSV."),
    (b"%PDF", "The file is a PDF, not CSV."),
    (b"$FL2", "The file is a statistics package's data file, not CSV."),
    (b"\x1f\x8b", "The file is packed (gzip), not CSV."),
    (b"7z\xbc\xaf", "The file is packed (7z), not CSV."),
    (b"Rar!", "The file is packed (RAR), not CSV."),
    (b"\xff\xd8\xff", "The file is a picture, not CSV."),
    (b"\x89PNG", "The file is a picture, not CSV."),
    (b"{\\rtf", "The file is a text document, not CSV."),
)
_PAGE = "The file is a web page, not CSV; a download may have ended at a sign-in page."
_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*(<\?xml|<!doctype html|<html|<head|<body|<script|[\[{]\s*[{\"])", re.I | re.S
)
_LANGUAGES = {
    b"<?xml": "The file is XML, not CSV.",
    b"{": "The file is JSON, not CSV.",
    b"[": "The file is JSON, not CSV.",
}
_LOOKED_AT = 4_000
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
        return BadBytes("The mapping names an encoding that does not exist.", "Such as windows-1252 or utf-16.")
    except ValueError:  # codecs raise this and its kinds
        return BadBytes(
            f"The file is not in {encoding}, as the mapping says.",
            "Correct encoding under [file] in the mapping; `casearc import inspect` proposes one.",
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
        return BadBytes(problem, _SAVE)
    data = data.removesuffix(_END_OF_FILE)
    if not data.strip():
        return BadBytes("The file is empty.", "It needs a header row; leave an optional table's file out.")
    if b"\x00" in data:
        return _nul_bytes(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return BadBytes(
            f"The file is not UTF-8 from here on; it may be in {_guess(data)}.",
            _SAVE,
            position=error.start,
        )
    data = data.replace(b"\r\n", b"\n")
    return data if b"\n" in data else data.replace(b"\r", b"\n")


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
        return BadBytes("The file is in UTF-16 (without a byte-order mark), not UTF-8.", _SAVE)
    return BadBytes(
        "The file has NUL bytes: it was damaged, or is not text.",
        "Export it again from where it came from.",
        position=data.index(b"\x00"),
    )


def _guess(data: bytes) -> str:
    """Windows-1252 has printable signs where Latin-1 has control characters; both are common in old exports."""
    if any(0x80 <= byte <= 0x9F for byte in set(data)):
        return "Windows-1252, as older spreadsheet programs save"
    return "Latin-1 or Windows-1252, as older spreadsheet programs save"
