"""Why the library could not read a file, in words that quote nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from casearc.files.limits import MEGABYTE
from casearc.files.statistical.source import Source

AGAIN = "Copy it again, or export it again from the program it came from."
_ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1")
"""Tried in this order where a file's text does not fit; the last has a sign for every byte."""
_SMALL = 10 * MEGABYTE


def log_refusal(error: Exception, source: Source, options: Mapping[str, object]) -> None:
    """Log why a file was not read.

    Parameters
    ----------
    error
        What the library raised.
    source
        The file; its log takes the fault.
    options
        What the library was asked for when it failed.

    Examples
    --------
    >>> log_refusal(error, source, {"metadataonly": True})  # doctest: +SKIP
    """
    if isinstance(error, UnicodeError) or "convert string" in str(error):
        _log_text(source, options)
        return
    problem, remedy = _in_words(error, source)
    source.log.add(problem, remedy, file=source.in_words)


def _log_text(source: Source, options: Mapping[str, object]) -> None:
    if not source.program.takes_encoding:
        source.log.add("The file has signs that are not UTF-8.", "Save it as .sav.", file=source.in_words)
        return
    fitting = next((each for each in _ENCODINGS if each != source.encoding and _fits(source, options, each)), "")
    if not fitting:
        _log_columns(source, options)
        return
    said = "encoding that the mapping" if source.encoding else "set of characters that the file or its program"
    source.log.add(
        f"The file's text does not fit the {said} names.",
        f'It fits {fitting}: write encoding = "{fitting}" under [file."{source.name}"] in the mapping, and look '
        "whether letters with accents come out right.",
        file=source.in_words,
    )


def _in_words(error: Exception, source: Source) -> tuple[str, str]:
    if isinstance(error, MemoryError):
        return _memory(source)
    return next((say(source) for part, say in _WORDS if part in str(error)), _damaged(source))


def _fits(source: Source, options: Mapping[str, object], encoding: str) -> bool:
    try:
        source.in_encoding(encoding).call(**options)
    except Exception:  # the library's words are not looked at
        return False
    return True


def _log_columns(source: Source, options: Mapping[str, object]) -> None:
    """Name the columns that hold bytes which are no text in any encoding."""
    wanted = options.get("usecols")
    columns: Sequence[str] = wanted if isinstance(wanted, list) else ()
    latin = _ENCODINGS[-1]
    found = [each for each in columns if not _fits(source, {**options, "usecols": [each]}, latin)]
    for column in found:
        source.log.add(
            "The column holds bytes (a picture or a document, say), not text.",
            "Leave it out when the file is saved.",
            file=source.in_words,
            column=column,
        )
    if not found:
        source.log.add("The file's text fits none of the usual sets of characters.", AGAIN, file=source.in_words)


def _unknown_characters(source: Source) -> tuple[str, str]:
    return (
        "The file names a set of characters that the library which reads it does not know.",
        f'Name the set that it was saved in under [file."{source.name}"] in the mapping, '
        'encoding = "windows-1252" for one, or save the file as UTF-8.',
    )


def _version(source: Source) -> tuple[str, str]:
    remedy = {
        "stata": "Save it in Stata with saveold, version 14 or older.",
        "spss": "Save it in SPSS as .sav again.",
        "sas": "Export it from SAS as XPT, or as CSV.",
    }[source.program.id]
    return f"The file was saved by a version of {source.program.title} whose files are not read.", remedy


def _damaged(source: Source) -> tuple[str, str]:
    return f"The {source.program.title} file ends early or is damaged.", AGAIN


def _memory(source: Source) -> tuple[str, str]:
    if source.size < _SMALL:
        return "The file has no columns, or is damaged.", AGAIN
    return "The file needs more memory than there is.", "Export it in parts, or leave columns out that are not needed."


_WORDS: tuple[tuple[str, Callable[[Source], tuple[str, str]]], ...] = (
    ("character set", _unknown_characters),
    ("version", _version),
    ("allocate", _memory),
)
