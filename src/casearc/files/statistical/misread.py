"""Text that was saved as UTF-8 and is read in another encoding, because the file names that: ``Ã©`` for ``é``."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from casearc.files.sheet import Field

_BEYOND_ASCII = r"[^\x00-\x7F]"
_ENOUGH = 1_000


def is_misread(cells: pl.DataFrame, fields: Iterable[Field]) -> bool:
    """Whether all text beyond ASCII would be UTF-8 if it were taken back to bytes; true words of a language never are.

    Parameters
    ----------
    cells
        The sheet's text.
    fields
        Their labels and labels of codes are looked at too.

    Returns
    -------
    bool
        False where all is ASCII.

    Examples
    --------
    >>> is_misread(pl.DataFrame({"site": ["BogotÃ¡", "Lima"]}), ())
    True
    >>> is_misread(pl.DataFrame({"site": ["Bogotá", "Lima"]}), ())
    False
    """
    said = [text for field in fields for text in (field.label, *field.choices.values()) if not text.isascii()]
    for column in cells.get_columns():
        strange = column.filter(column.str.contains(_BEYOND_ASCII))
        said += strange.unique().head(_ENOUGH).to_list()
    return bool(said) and all(_is_utf8(text) for text in said)


def _is_utf8(text: str) -> bool:
    return any(_comes_back(text, encoding) for encoding in ("windows-1252", "iso-8859-1"))


def _comes_back(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding).decode("utf-8")
    except UnicodeError:
        return False
    return True
