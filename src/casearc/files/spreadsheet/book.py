"""The parts of an XLSX workbook: which part holds which worksheet, which cell styles show dates, how long texts are."""

from __future__ import annotations

import zipfile
from array import array
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from casearc.files.spreadsheet.archive import Archive
from casearc.files.spreadsheet.found import local, parser, plain, run


@dataclass(slots=True, kw_only=True)
class Book:
    """What the parts of a workbook say.

    sheets
        Name of a worksheet -> the part it stands in, in the workbook's order.
    date_styles
        Numbers of the cell styles that show a number as a date.
    texts
        Bytes of each text that cells share.
    from_1904
        Whether days are counted from 1904.
    never_calculated
        Whether the program that wrote it asks for its formulas to be worked out first.
    reaches_out
        Whether links of the old kind that start programs stand in it.
    """

    sheets: dict[str, str] = field(default_factory=dict)
    date_styles: frozenset[str] = frozenset()
    texts: array[int] = field(default_factory=lambda: array("L"))
    from_1904: bool = False
    never_calculated: bool = False
    reaches_out: bool = False

    @property
    def longest(self) -> int:
        """Bytes of the longest text."""
        return max(self.texts, default=0)


def read_book(zipped: zipfile.ZipFile, archive: Archive) -> Book:
    """What the parts of an XLSX workbook say of its worksheets."""
    book = Book()
    workbook = _workbook_part(zipped, archive)
    targets = _relations(zipped, archive, workbook)
    _read_workbook(zipped, archive, workbook, targets=targets, book=book)
    for kind, target in targets.values():
        part = archive.parts.get(target)
        if part is None:
            continue
        if kind == "styles":
            book.date_styles = _date_styles(zipped, part)
        elif kind == "sharedStrings":
            book.texts = _lengths(zipped, part)
        elif kind == "externalLink" and _starts_programs(zipped, part):
            book.reaches_out = True
    return book


def _workbook_part(zipped: zipfile.ZipFile, archive: Archive) -> str:
    for kind, target in _relations(zipped, archive, "").values():
        if kind == "officeDocument" and target in archive.parts:
            return target
    return "xl/workbook.xml"


def _relations(zipped: zipfile.ZipFile, archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Id -> kind and part, in small letters, of what a part refers to."""
    folder = dirname(part)
    file = archive.parts.get(join(folder, "_rels", part.rpartition("/")[2] + ".rels").lower())
    found: dict[str, tuple[str, str]] = {}
    if file is None:
        return found

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            target = normpath(join("/", folder, attributes.get("Target", ""))).lstrip("/").lower()
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

    with zipped.open(file) as source:
        run(source, start)
    return found


def _read_workbook(
    zipped: zipfile.ZipFile, archive: Archive, part: str, *, targets: dict[str, tuple[str, str]], book: Book
) -> None:
    def start(name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        given = plain(attributes)
        if element == "sheet":
            kind, target = targets.get(given.get("id", ""), ("", ""))
            if kind == "worksheet" and target in archive.parts:
                book.sheets[given.get("name", "")] = archive.parts[target]
        elif element == "workbookPr":
            book.from_1904 = given.get("date1904", "0") in ("1", "true")
        elif element == "calcPr":
            book.never_calculated = given.get("fullCalcOnLoad", "0") in ("1", "true")

    with zipped.open(archive.parts[part]) as source:
        run(source, start)


def _date_styles(zipped: zipfile.ZipFile, part: str) -> frozenset[str]:
    codes = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    styles: list[str] = []
    inside = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        element = local(name)
        if element in ("cellXfs", "cellStyleXfs", "dxfs", "cellStyles"):
            inside = element
        elif element == "numFmt" and not inside:
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element == "xf" and inside == "cellXfs":
            styles.append(attributes.get("numFmtId", "0"))

    with zipped.open(part) as source:
        run(source, start)
    return frozenset(str(index) for index, each in enumerate(styles) if is_date_format(codes.get(each, "")))


def _lengths(zipped: zipfile.ZipFile, part: str) -> array[int]:
    lengths = array("L")

    def start(name: str, _attributes: dict[str, str]) -> None:
        if local(name) == "si":
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters.encode())

    with zipped.open(part) as source, parser(start) as made:
        made.CharacterDataHandler = text
        made.ParseFile(source)
    return lengths


def _starts_programs(zipped: zipfile.ZipFile, part: str) -> bool:
    found = False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal found
        found = found or local(name) in ("ddeLink", "oleLink")

    with zipped.open(part) as source:
        run(source, start)
    return found
