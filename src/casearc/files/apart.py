"""Reading in a process of its own: libraries of formats can crash on a damaged file, and must not take Casearc along.

The other process answers on its standard output: a line of JSON (faults; of each sheet its fields and notes, and how
many bytes of cells follow), then the cells of one sheet after the other in Arrow's format. Nothing is put on disk.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import polars as pl

from casearc.errors import Fault, TableError
from casearc.files.field_json import told, understood
from casearc.files.formats import Reader
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet, places_of
from casearc.language import language, say, speaking
from casearc.tables import ROW, FaultLog

PATIENCE = 900
"""Seconds. The largest file that is read takes a fraction of it; a damaged one may go round in circles."""
ADDRESSES = 32 * 1024**3
"""Bytes of addresses that the other process may ask for, where the system can hold it to that. The largest file that is
read asks for more than 8 GiB, most of which it never touches; a file of a few kilobytes may claim far more."""


def read_apart(reader: str, path: Path, *, name: str, log: FaultLog, reading: Reading) -> tuple[Sheet, ...]:
    """The sheets that a reader gives in a process of its own.

    Parameters
    ----------
    reader
        The module with ``read``, as every format has one.
    path, name, log, reading
        As every reader takes them.

    Returns
    -------
    tuple of Sheet
        () after logging why there is none; a crash is logged as a damaged file.

    Examples
    --------
    >>> read_apart("casearc.files.columnar.here", path, name=name, log=log, reading=Reading())  # doctest: +SKIP
    """
    request = {
        "reader": reader,
        "path": str(path.absolute()),
        "name": name,
        "reading": asdict(reading),
        "language": language(),
    }
    answer = _answer(json.dumps(request).encode())
    if answer is None:
        log.add(
            say("The file is damaged, or needs more memory than there is: the library that reads it gave up."),
            say("Copy it again, or export it again; export a very large one in parts."),
            file=name,
        )
        return ()
    values = json.loads(answer.readline())
    log.extend([Fault(**fault) for fault in values["faults"]])
    return tuple(_sheets(values["sheets"], answer))


def _answer(request: bytes) -> io.BytesIO | None:
    command = [sys.executable, "-P", "-m", "casearc.files.apart"]
    try:
        done = subprocess.run(command, input=request, capture_output=True, timeout=PATIENCE, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return io.BytesIO(done.stdout)


def _sheets(told_of: Sequence[Mapping[str, Any]], cells: io.BytesIO) -> Iterator[Sheet]:
    for values in told_of:
        frame = pl.read_ipc_stream(io.BytesIO(cells.read(values["size"])))
        fields = [understood(each) for each in values["fields"]]
        yield Sheet(
            name=values["name"],
            format=values["format"],
            frame=frame.drop(ROW),
            places=places_of(values["name"], frame[ROW]),
            empty_rows=values["empty_rows"],
            fields={each.name: each for each in fields},
            notes=tuple(values["notes"]),
        )


def main() -> None:
    """Answer one request from standard input on standard output."""
    _hold_to_memory()
    request = json.load(sys.stdin)
    with speaking(request["language"]):
        _answer_to(request)


def _answer_to(request: Mapping[str, Any]) -> None:
    log = FaultLog()
    reader = cast("Reader", import_module(request["reader"]))
    sheets = reader.read(Path(request["path"]), name=request["name"], log=log, reading=Reading(**request["reading"]))
    cells = [_cells(sheet) for sheet in sheets]
    described = [_told(sheet, len(each)) for sheet, each in zip(sheets, cells, strict=True)]
    values = {"faults": [asdict(each) for each in _faults(log)], "sheets": described}
    sys.stdout.buffer.write(json.dumps(values).encode() + b"\n")
    for each in cells:
        sys.stdout.buffer.write(each)


def _hold_to_memory() -> None:
    try:
        resource = import_module("resource")
    except ModuleNotFoundError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = ADDRESSES if most == resource.RLIM_INFINITY else min(ADDRESSES, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def _cells(sheet: Sheet) -> bytes:
    buffer = io.BytesIO()
    sheet.frame.with_columns(sheet.places[ROW]).write_ipc_stream(buffer)
    return buffer.getvalue()


def _told(sheet: Sheet, size: int) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "format": sheet.format,
        "empty_rows": sheet.empty_rows,
        "fields": [told(each) for each in sheet.fields.values()],
        "notes": sheet.notes,
        "size": size,
    }


def _faults(log: FaultLog) -> Sequence[Fault]:
    try:
        log.raise_if_any(TableError, say("The file is"))
    except TableError as refused:
        return refused.faults
    return ()


if __name__ == "__main__":
    main()
