"""A file of SPSS, Stata or SAS with the function that reads it."""

from __future__ import annotations

import codecs
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from casearc.files.sheet import in_words
from casearc.files.statistical.programs import Program
from casearc.tables import FaultLog


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """What is read, and how.

    path, name
        Where the file is, and what messages call it (``study.xpt#VISITS`` for one data set of several).
    content
        The bytes to be read in place of the file's, where only a part of it is.
    encoding
        What the mapping names; empty where the file itself is believed.
    catalog
        The file in the same folder that holds a SAS data set's labels; empty where there is none.
    """

    path: Path
    name: str
    program: Program
    log: FaultLog
    encoding: str = ""
    content: bytes | None = None
    catalog: str = ""

    @property
    def in_words(self) -> str:
        """How a message names it."""
        return in_words(self.name)

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.path.stat().st_size if self.content is None else len(self.content)

    def in_encoding(self, encoding: str) -> Source:
        """The same, read in an encoding."""
        return replace(self, encoding=encoding)

    def call(self, **options: object) -> tuple[Mapping[str, list[Any]], Any]:
        """What the library gives, cells by column and its own object; dates stay the numbers they are stored as.

        Raises
        ------
        Exception
            Whatever a damaged file makes the library raise; its words may quote cells.
        """
        if self.program.tells_missing:
            options["user_missing"] = True
        if self.program.takes_encoding and self.encoding:
            options["encoding"] = codecs.lookup(self.encoding).name
        what = self.path if self.content is None else io.BytesIO(self.content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.program.read(what, output_format="dict", disable_datetime_conversion=True, **options)
