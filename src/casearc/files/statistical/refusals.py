"""Why the library could not read a file, in words that quote nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from casearc.files.limits import MEGABYTE
from casearc.files.statistical.source import Source
from casearc.language import say, to_say

AGAIN = to_say("Copy it again, or export it again from the program it came from.")
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
        source.log.add(say("The file has signs that are not UTF-8."), say("Save it as .sav."), file=source.in_words)
        return
    fitting = next((each for each in _ENCODINGS if each != source.encoding and _fits(source, options, each)), "")
    if not fitting:
        _log_columns(source, options)
        return
    source.log.add(
        say("The file's text does not fit the encoding that the mapping names.")
        if source.encoding
        else say("The file's text does not fit the set of characters that the file or its program names."),
        say(
            'It fits {fitting}: write encoding = "{fitting}" under [file."{name}"] in the mapping, and look '
            "whether letters with accents come out right.",
            fitting=fitting,
            name=source.name,
        ),
        file=source.in_words,
    )


def _in_words(error: Exception, source: Source) -> tuple[str, str]:
    if isinstance(error, MemoryError):
        return _memory(source)
    return next((tell(source) for part, tell in _WORDS if part in str(error)), _damaged(source))


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
            say("The column holds bytes (a picture or a document, say), not text."),
            say("Leave it out when the file is saved."),
            file=source.in_words,
            column=column,
        )
    if not found:
        source.log.add(
            say("The file's text fits none of the usual sets of characters."), say(AGAIN), file=source.in_words
        )


def _unknown_characters(source: Source) -> tuple[str, str]:
    return (
        say("The file names a set of characters that the library which reads it does not know."),
        say(
            'Name the set that it was saved in under [file."{name}"] in the mapping, '
            'encoding = "windows-1252" for one, or save the file as UTF-8.',
            name=source.name,
        ),
    )


def _version(source: Source) -> tuple[str, str]:
    remedy = {
        "stata": say("Save it in Stata with saveold, version 14 or older."),
        "spss": say("Save it in SPSS as .sav again."),
        "sas": say("Export it from SAS as XPT, or as CSV."),
    }[source.program.id]
    return say(
        "The file was saved by a version of {title} whose files are not read.", title=source.program.title
    ), remedy


def _damaged(source: Source) -> tuple[str, str]:
    return say("The {title} file ends early or is damaged.", title=source.program.title), say(AGAIN)


def _memory(source: Source) -> tuple[str, str]:
    if source.size < _SMALL:
        return say("The file has no columns, or is damaged."), say(AGAIN)
    return say("The file needs more memory than there is."), say(
        "Export it in parts, or leave columns out that are not needed."
    )


_WORDS: tuple[tuple[str, Callable[[Source], tuple[str, str]]], ...] = (
    ("character set", _unknown_characters),
    ("version", _version),
    ("allocate", _memory),
)
