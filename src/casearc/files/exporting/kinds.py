"""The kinds of export: which module writes each. Modules are imported when first needed, so that a missing extra is
missed only then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from casearc.errors import optional_part
from casearc.files.described import Described
from casearc.files.exporting.notes import folded
from casearc.files.exporting.parcel import Parcel
from casearc.language import say, to_say

WriteTable = Callable[[Described, Path], tuple[str, ...]]
WriteParcel = Callable[[Parcel, Path], tuple[str, ...]]

_HERE = "casearc.files.exporting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of export.

    title
        What is written, said in the language in force.
    writes
        Module and function. With a `suffix` the function writes one table into one file; without one it writes the
        whole parcel into a folder.
    extra
        What to install for it; empty where Casearc writes it by itself.
    """

    id: str
    title: str
    writes: tuple[str, str]
    suffix: str = ""
    extra: str = ""
    needs_plan: bool = False

    def function(self) -> object:
        """The function that writes it; MissingExtraError where its library is not installed."""
        module, name = self.writes
        if not self.extra:
            return getattr(import_module(module), name)
        with optional_part(purpose=say("Writing {title}", title=say(self.title)), extra=self.extra):
            return getattr(import_module(module), name)

    def write(self, parcel: Parcel, folder: Path) -> tuple[str, ...]:
        """Write the parcel into a folder that is there; what the kind could not carry, in sentences."""
        if not self.suffix:
            return cast("WriteParcel", self.function())(parcel, folder)
        write = cast("WriteTable", self.function())
        return folded({each.name: write(each, folder / f"{each.name}{self.suffix}") for each in parcel.described})


_ALL = (
    Kind(id="csv", title="CSV", writes=(f"{_HERE}.rows", "write_rows")),
    Kind(
        id="spss",
        title=to_say("SPSS files"),
        writes=("casearc.files.statistical.write", "write_spss"),
        suffix=".sav",
        extra="spss",
    ),
    Kind(
        id="stata",
        title=to_say("Stata files"),
        writes=("casearc.files.statistical.write", "write_stata"),
        suffix=".dta",
        extra="spss",
    ),
    Kind(id="parquet", title="Parquet", writes=("casearc.files.columnar.write", "write_parquet"), suffix=".parquet"),
    Kind(id="arrow", title="Arrow", writes=("casearc.files.columnar.write", "write_arrow"), suffix=".arrow"),
    Kind(id="xlsx", title=to_say("XLSX workbooks"), writes=(f"{_HERE}.workbook", "write_book"), extra="spreadsheets"),
    Kind(id="redcap", title=to_say("REDCap projects"), writes=(f"{_HERE}.forms", "write_redcap")),
    Kind(id="xlsform", title="XLSForms", writes=(f"{_HERE}.xlsforms", "write_xlsforms"), extra="xlsform"),
    Kind(id="fhir", title=to_say("FHIR resources"), writes=(f"{_HERE}.fhir", "write_fhir"), extra="fhir"),
    Kind(id="htcds", title="HTCDS", writes=(f"{_HERE}.htcds", "write_profile")),
    Kind(
        id="analysis",
        title=to_say("rows and scripts of the analyses"),
        writes=(f"{_HERE}.analysis.write", "write_parcel"),
        needs_plan=True,
    ),
    Kind(
        id="codebook", title=to_say("codebooks"), writes=(f"{_HERE}.codebook.write", "write_codebook"), extra="reports"
    ),
)

KINDS = {each.id: each for each in _ALL}
"""Every kind by its id."""
