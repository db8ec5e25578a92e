"""Reading Parquet and Arrow files in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from polars import selectors
from polars.exceptions import PanicException

from casearc.files.columnar.description import KEY, fields_of
from casearc.files.columnar.footer import text_in
from casearc.files.head import head_of
from casearc.files.header import names_are_sound
from casearc.files.limits import LARGEST_UNPACKED, MEGABYTE, MOST_CELLS, few_enough_cells
from casearc.files.reading import Reading
from casearc.files.sheet import Field, Holds, Sheet, places_of, sheet_of
from casearc.language import say, to_say
from casearc.tables import FaultLog

_PARQUET, _ARROW, _FEATHER = b"PAR1", b"ARROW1", b"FEA1"
_LONGEST_SCHEMA = 1 << 20
_AGAIN = to_say("Copy it again, or write it again with the program it came from.")
_PLAIN = (
    selectors.numeric()
    | selectors.string()
    | selectors.boolean()
    | selectors.date()
    | selectors.datetime()
    | selectors.time()
    | selectors.categorical()
    | selectors.enum()
    | selectors.by_dtype(pl.Null)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A file, what messages call it, and the format its first bytes show."""

    path: Path
    name: str
    log: FaultLog
    form: str
    is_stream: bool = False

    def scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path, glob=False) if self.form == "parquet" else pl.scan_ipc(self.path, glob=False)


def read(path: Path, *, name: str, log: FaultLog, reading: Reading) -> tuple[Sheet, ...]:
    """The sheet of a file, read in this process.

    Parameters
    ----------
    path, name
        Where the file is, and what messages call it.
    log
        Where faults go.
    reading
        Its `format`, where it names one of the two, must agree with the file.

    Returns
    -------
    tuple of Sheet
        One sheet, or () after logging why there is none. Row 2 is the first record.

    Examples
    --------
    >>> read(Path("visits.parquet"), name="visits.parquet", log=FaultLog(), reading=Reading())  # doctest: +SKIP
    """
    try:
        source = _source(path, name=name, log=log, reading=reading)
        told = None if source is None else _told_fields(source)
        frame = None if source is None or told is None else _frame(source)
        if source is None or told is None or frame is None or not _can_be_told(frame, source):
            return ()
        return (_sheet(frame, told, source),)
    except (Exception, PanicException):  # whatever a damaged file makes the library raise; its words may hold cells
        log.add(
            say("The file ends early, is damaged, or has a kind of column that is not read."),
            say("Copy it again, or write it again as Parquet with text, numbers, dates and truth values alone."),
            file=name,
        )
        return ()


def _source(path: Path, *, name: str, log: FaultLog, reading: Reading) -> _Source | None:
    head = head_of(path, 8, name=name, log=log)
    if head is None:
        return None
    is_arrow = head.startswith((_ARROW, b"\xff\xff\xff\xff")) or _is_old_stream(head)
    form = "parquet" if head.startswith(_PARQUET) else "arrow" if is_arrow else ""
    if head.startswith(_FEATHER):
        log.add(
            say("The file is in Feather's first version, which is not read."), say("Write it as Parquet."), file=name
        )
    elif not form:
        log.add(say("The file is not Parquet or Arrow, whatever its name ends in."), say(_AGAIN), file=name)
    elif reading.format in {"parquet", "arrow"} - {form}:
        log.add(
            say(
                'The mapping says format = "{format}", but this is {found}.', format=reading.format, found=form.title()
            ),
            say('Write format = "{form}", or leave the line out.', form=form),
            file=name,
        )
    else:
        return _Source(path=path, name=name, log=log, form=form, is_stream=not head.startswith((_PARQUET, _ARROW)))
    return None


def _is_old_stream(head: bytes) -> bool:
    """A stream of Arrow before 2019 begins with the length of its schema, and within it where that begins."""
    length, root = int.from_bytes(head[:4], "little"), int.from_bytes(head[4:8], "little")
    return length % 8 == 4 and 8 <= length < _LONGEST_SCHEMA and root % 4 == 0 and 8 <= root < min(length, 64)


def _frame(source: _Source) -> pl.DataFrame | None:
    """The typed columns, once the file's own account of rows and columns says that they are few enough."""
    if source.is_stream:
        return _streamed(source)
    schema = source.scan().collect_schema()
    rows = source.scan().select(pl.len()).collect().item()
    if not _columns_are_plain(schema, source):
        return None
    if not few_enough_cells(rows=rows, columns=len(schema), name=source.name, log=source.log):
        return None
    frame = source.scan().collect()
    if frame.height != rows:
        source.log.add(say("The file does not hold as many rows as it says."), say(_AGAIN), file=source.name)
        return None
    return frame


def _streamed(source: _Source) -> pl.DataFrame | None:
    """A stream says nothing of its length before it ends."""
    columns = pl.read_ipc_stream(source.path, n_rows=0).schema
    if not _columns_are_plain(columns, source):
        return None
    frame = pl.read_ipc_stream(source.path, n_rows=MOST_CELLS // len(columns) + 1)
    return frame if few_enough_cells(rows=frame.height, columns=frame.width, name=source.name, log=source.log) else None


def _columns_are_plain(schema: Mapping[str, pl.DataType], source: _Source) -> bool:
    """Every column has a name of its own and holds one value a cell; logs each that does not."""
    names = list(schema)
    if not names:
        source.log.add(say("The file has no columns."), say(_AGAIN), file=source.name)
        return False
    told_apart = names_are_sound([each.strip() for each in names], file=source.name, log=source.log, row=None)
    plain = set(selectors.expand_selector(pl.DataFrame(schema=pl.Schema(schema)), _PLAIN))
    for column in names:
        if column not in plain:
            source.log.add(
                _what_it_holds(schema[column]),
                say("Leave the column out, or spread it over columns with one value a cell."),
                file=source.name,
                column=column,
            )
    return told_apart and len(plain) == len(names)


def _what_it_holds(kind: pl.DataType) -> str:
    if kind == pl.Duration:
        return say("The column holds lengths of time, which are not read; numbers of minutes are.")
    if kind.is_nested():
        return say("The column holds lists or groups of values in one cell.")
    return say("The column holds bytes or objects, not values.")


def _can_be_told(frame: pl.DataFrame, source: _Source) -> bool:
    """Whether text fits the memory and every date has a year of four digits; logs where not."""
    texts = frame.select(pl.col(pl.String).str.len_bytes().cast(pl.UInt64).sum())
    size = int(texts.sum_horizontal().sum()) if texts.width else 0
    if size > LARGEST_UNPACKED:
        source.log.add(
            say(
                "The file's text unpacks to {size:,} MB; Casearc reads up to {most}.",
                size=size // MEGABYTE,
                most=LARGEST_UNPACKED // MEGABYTE,
            ),
            say("Export it in parts, or leave long texts out."),
            file=source.name,
        )
    return not _log_far_dates(frame, source) and size <= LARGEST_UNPACKED


def _log_far_dates(frame: pl.DataFrame, source: _Source) -> bool:
    found = False
    for column in selectors.expand_selector(frame, selectors.date() | selectors.datetime()):
        far = frame.select(rows=_is_far(pl.col(column), frame.schema[column]).arg_true() + 2).to_series()
        found |= len(far) > 0
        source.log.add_places(
            places_of(source.name, far),
            problem=say("The date lies outside the years 1 to 9999."),
            remedy=say("Correct it, or leave the cell empty."),
            column=column,
        )
    return found


def _is_far(cell: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """By the numbers themselves: some are so far that no date can be made of them."""
    unit = getattr(kind, "time_unit", None)
    per_day = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}.get(unit or "", 1)
    days = cell.to_physical() // per_day
    return ~days.is_between(-719_162, 2_932_896).fill_null(value=True)


def _sheet(frame: pl.DataFrame, told: Mapping[str, Field], source: _Source) -> Sheet:
    frame = frame.rename({each: each.strip() for each in frame.columns})
    known = {each: told.get(each, Field(name=each)) for each in frame.columns}
    fields = {
        each: replace(field, holds=field.holds or _holds(field, frame.schema[each])) for each, field in known.items()
    }
    return sheet_of(source.name, source.form, _ready(frame), fields=fields, notes=tuple(_zones(frame)))


def _told_fields(source: _Source) -> Mapping[str, Field] | None:
    """What Casearc wrote of the columns; None after logging that it is damaged. What others wrote is not looked at."""
    try:
        text = _told(source)
        return {} if text is None else fields_of(text)
    except ValueError:
        source.log.add(
            say(
                'What Casearc wrote into the file of its columns (metadata "{key}") is damaged, or of a later version.',
                key=KEY,
            ),
            say(
                'Export it again. Written again without "{key}" it is read as cells alone: labels and codes for '
                "missing then have to be said in the mapping.",
                key=KEY,
            ),
            file=source.name,
        )
        return None


def _told(source: _Source) -> str | None:
    if source.form == "parquet":
        return pl.read_parquet_metadata(source.path).get(KEY)
    return None if source.is_stream else text_in(source.path, KEY)


def _holds(field: Field, kind: pl.DataType) -> Holds:
    if field.choices:
        return Holds.CHOICE
    if kind == pl.Boolean:
        return Holds.YES_NO
    if kind.is_integer():
        return Holds.INTEGER
    if kind.is_numeric():
        return Holds.NUMBER
    named = {pl.Date: Holds.DATE, pl.Datetime: Holds.MOMENT, pl.Time: Holds.TIME}
    return next((holds for each, holds in named.items() if kind == each), Holds.TEXT)


def _ready(frame: pl.DataFrame) -> pl.DataFrame:
    """Types that a sheet's text has no rule for: a moment as its own clock showed it, decimals without final zeros."""
    return frame.with_columns(
        (selectors.categorical() | selectors.enum()).cast(pl.String),
        selectors.datetime(time_zone="*").dt.replace_time_zone(None),
        selectors.decimal().cast(pl.String).str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix("."),
    )


def _zones(frame: pl.DataFrame) -> list[str]:
    zoned = selectors.expand_selector(frame, selectors.datetime(time_zone="*"))
    return [
        say(
            "Column {each}: moments are given as clocks in {zone} showed them.",
            each=each,
            zone=_zone(frame.schema[each]),
        )
        for each in zoned
    ]


def _zone(kind: pl.DataType) -> str:
    return str(getattr(kind, "time_zone", "")) or "their time zone"
