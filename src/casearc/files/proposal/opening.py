"""The files to be proposed for: read as they seem, definitions told from data, each sheet of data with what describes
it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from casearc.errors import TableError, UsageError
from casearc.files.csv.sniff import Sniffed, sniff
from casearc.files.dialects import Dialect, companion_role, dialect_of, dialects
from casearc.files.formats import format_of, read_file
from casearc.files.proposal.draft import Draft
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet, in_words
from casearc.language import say
from casearc.tables import FaultLog

_BELONGS = 0.5


@dataclass(slots=True, kw_only=True)
class Opened:
    """Sheets of data; sheets that describe others: (dialect, role, sheet); and what describes each sheet of data, by
    its name."""

    data: list[Sheet] = field(default_factory=list)
    definitions: list[tuple[Dialect, str, Sheet]] = field(default_factory=list)
    companions: dict[str, Mapping[str, Sheet]] = field(default_factory=dict)


def open_files(paths: Sequence[Path], draft: Draft) -> Opened:
    """Read every file; raises TableError with the faults of all of them."""
    if len({path.resolve().parent for path in paths}) > 1:
        raise UsageError(
            say("The files lie in several folders. Put them into one: a mapping names files of one folder.")
        )
    log, opened, plain = FaultLog(), Opened(), list[Sheet]()
    for path in _with_catalogs(paths, draft):
        plain += _read(path, draft, log)
    for sheet in plain:
        draft.notes += [f"{sheet.in_words}: {note}" for note in sheet.notes]
        role = companion_role(sheet)
        if role is None:
            opened.data.append(sheet)
        else:
            opened.definitions.append((*role, sheet))
    opened.data = [_adopted(sheet, opened, draft, log) for sheet in opened.data]
    log.raise_if_any(TableError, say("The files were"))
    return opened


def _with_catalogs(paths: Sequence[Path], draft: Draft) -> list[Path]:
    """The files but for SAS catalogs, each of which is named beside the data sets that it belongs to: the one of the
    same name, else the one that SAS calls formats, else the first."""
    sets = [path for path in paths if path.suffix.lower() == ".sas7bdat"]
    catalogs = sorted(path for path in paths if path.suffix.lower() == ".sas7bcat")
    if not sets or not catalogs:
        return list(paths)
    for path in sets:
        fitting = [each for name in (path.stem, "formats") for each in catalogs if each.stem.lower() == name.lower()]
        draft.entries[path.name] = {"catalog": (fitting or catalogs)[0].name}
    return [path for path in paths if path not in catalogs]


def _read(path: Path, draft: Draft, log: FaultLog) -> tuple[Sheet, ...]:
    """The sheets of a file. Where a workbook is refused for titles above its column names, it is read below them."""
    reading, trial = _reading(path, draft), FaultLog()
    sheets = read_file(path, name=path.name, log=trial, reading=reading)
    if trial.total == 0:
        return sheets
    rows = _told(path, "header_rows_below_titles")
    heights = _told(path, "header_heights", header_rows=rows)
    whole = replace(reading, header_rows=rows, header_heights=heights)
    sheets = read_file(path, name=path.name, log=log, reading=whole)
    _note_titles(path, rows, sheets, draft)
    for part, height in heights.items():
        draft.entries.setdefault(_entry_of(path, part, sheets), {})["header_height"] = height
    return sheets


def _told(path: Path, what: str, **options: object) -> Mapping[str, int]:
    """What the reader of a file's format can tell of its worksheets; {} where it cannot."""
    found = format_of(path)
    tell: Callable[..., Mapping[str, int]] | None = None if found is None else getattr(found.reader(), what, None)
    return {} if tell is None else tell(path, name=path.name, **options)


def _note_titles(path: Path, rows: Mapping[str, int], sheets: Sequence[Sheet], draft: Draft) -> None:
    for part, row in rows.items():
        name = _entry_of(path, part, sheets)
        draft.entries.setdefault(name, {})["header_row"] = row
        draft.notes.append(
            f"{in_words(name)}: " + say("Rows 1 to {row} stand above the column names and are left out.", row=row - 1)
        )


def _entry_of(path: Path, part: str, sheets: Sequence[Sheet]) -> str:
    """What a mapping calls a worksheet: the file alone, where it has no other."""
    return path.name if len(sheets) == 1 else f"{path.name}#{part}"


def _reading(path: Path, draft: Draft) -> Reading:
    """How to read a text file, and the entry of the mapping that says so."""
    found = format_of(path)
    if found is None or found.id != "csv":
        catalog = draft.entries.get(path.name, {}).get("catalog")
        return Reading(companions={} if catalog is None else {"catalog": catalog})
    sniffed = sniff(path)
    entry = _entry(path, sniffed, draft)
    if entry:
        draft.entries[path.name] = entry
    draft.notes += [f"{path.name}: {note}" for note in sniffed.notes]
    return sniffed.reading


def _entry(path: Path, sniffed: Sniffed, draft: Draft) -> dict[str, object]:
    reading = sniffed.reading
    entry: dict[str, object] = {}
    if len(sniffed.encodings) > 1:
        entry["encoding"] = draft.ask(
            f"{path.name}-encoding",
            say("In which encoding is {name}? Look whether accented letters come out right.", name=path.name),
            why=say("Its bytes fit several; codes with accents would be read wrongly."),
            answers=sniffed.encodings,
        )
    elif reading.encoding:
        entry["encoding"] = reading.encoding
    if reading.delimiter:
        entry["delimiter"] = reading.delimiter
    if reading.decimal:
        entry["decimal"] = reading.decimal
    if reading.header_row > 1:
        entry["header_row"] = reading.header_row
    if reading.header_height > 1:
        entry["header_height"] = reading.header_height
    return entry


def _adopted(sheet: Sheet, opened: Opened, draft: Draft, log: FaultLog) -> Sheet:
    """A sheet of data as its program meant it, described by the definitions that know its columns best."""
    best: tuple[float, Dialect, Mapping[str, Sheet]] | None = None
    for dialect in dialects().values():
        found = _companions(sheet, dialect, opened)
        known = dialect.describes(sheet, found) if found else 0.0
        if known >= _BELONGS and (best is None or known > best[0]):
            best = (known, dialect, found)
    own = dialect_of(sheet)
    if best is not None:
        opened.companions[sheet.name] = best[2]
        return _adopt(sheet, best[1], best[2], draft, log)
    return sheet if own is None else _adopt(sheet, own, {}, draft, log)


def _companions(sheet: Sheet, dialect: Dialect, opened: Opened) -> dict[str, Sheet]:
    """Of several definitions that play one role, the one that knows the sheet best; worksheets of one workbook stay
    together."""
    listed: dict[str, list[Sheet]] = {}
    for other, role, each in opened.definitions:
        if other.id == dialect.id:
            listed.setdefault(role, []).append(each)
    found: dict[str, Sheet] = {}
    for role in (role for role in dialect.companions if role in listed):
        together = [each for each in listed[role] if any(_of_one_workbook(each, other) for other in found.values())]
        found[role] = max(together or listed[role], key=_knows(sheet, dialect, found, role))
    return found


def _knows(
    sheet: Sheet, dialect: Dialect, found: Mapping[str, Sheet], role: str
) -> Callable[[Sheet], tuple[float, bool]]:
    """How well a definition knows the sheet; of equals the one in the same file."""
    return lambda each: (dialect.describes(sheet, {**found, role: each}), _of_one_workbook(each, sheet))


def _of_one_workbook(one: Sheet, other: Sheet) -> bool:
    return "#" in f"{one.name}{other.name}" and one.name.partition("#")[0] == other.name.partition("#")[0]


def _adopt(sheet: Sheet, dialect: Dialect, companions: Mapping[str, Sheet], draft: Draft, log: FaultLog) -> Sheet:
    adopted = dialect.adopt(sheet, companions, log)
    if adopted is None:
        return sheet
    entry = draft.entries.setdefault(sheet.name, {})
    entry["format"] = dialect.id
    entry |= {role: each.name for role, each in companions.items()}
    draft.notes += [f"{sheet.in_words}: {note}" for note in adopted.notes]
    return adopted
