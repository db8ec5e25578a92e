"""Worked examples: a person's answers and the scores they must give, read from CSV and run in exact arithmetic.

Columns: `example`; optionally `missing` (house, strict) and `bands`; one column an item (`mspss_1`); then any
output column of scoring (`mspss_total`, `mspss_total_answered`, `mspss_total_band`). An empty expected cell means
"no score". Numbers are written exactly: 8, 2.25 or 59/7.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from casearc.errors import Fault
from casearc.instruments._toml import exact_number
from casearc.instruments.definition import Instrument
from casearc.instruments.exact import score_exactly

_OPTIONS = ("missing", "bands")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedExample:
    """One example: answers by item id, and the expected value of each output column named in the file."""

    name: str
    row: int
    answers: Mapping[str, int | None]
    expected: Mapping[str, Fraction | str | None]
    missing: str = "house"
    bands: str | None = None


def read_examples(path: Path, instrument: Instrument, *, faults: list[Fault]) -> tuple[WorkedExample, ...]:
    """Read the examples of one form; what cannot be read becomes a fault."""
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except FileNotFoundError:
        faults.append(
            Fault(
                problem="the file is missing: a key nobody worked through by hand is not trusted.",
                remedy="Give at least one example for each boundary.",
                file=path.name,
            )
        )
        return ()
    except (OSError, UnicodeDecodeError, csv.Error):
        faults.append(Fault(problem="the file cannot be read.", remedy="Save it as CSV in UTF-8.", file=path.name))
        return ()
    if len(rows) < 2:
        faults.append(Fault(problem="there is no example in it.", file=path.name))
        return ()
    header = rows[0]
    if not _check_header(header, instrument, file=path.name, faults=faults):
        return ()
    examples = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            problem = f"{len(header)} cells are expected, there are {len(row)}."
            faults.append(Fault(problem=problem, file=path.name, row=number))
        elif example := _read_example(
            dict(zip(header, row, strict=True)), number, instrument, file=path.name, faults=faults
        ):
            examples.append(example)
    return tuple(examples)


def _check_header(header: list[str], instrument: Instrument, *, file: str, faults: list[Fault]) -> bool:
    """Every column is known, every scored item has one, and something is expected."""
    known = {"example", *_OPTIONS}
    items = {instrument.column(item.id) for item in instrument.items}
    outputs = {f"{score.id}{end}" for score in instrument.scores for end in ("", "_answered", "_band")}
    before = len(faults)
    for column in header:
        if column not in known | items | outputs:
            problem = "this column is neither an item nor a score of the instrument."
            faults.append(Fault(problem=problem, file=file, row=1, column=column))
    for item in instrument.items:
        if item.scored and instrument.column(item.id) not in header:
            problem = f"the column of item {item.id} is missing."
            faults.append(Fault(problem=problem, file=file, row=1, column=instrument.column(item.id)))
    for score in instrument.scores:
        if score.id not in header:
            problem = f"no example says what `{score.id}` should be."
            faults.append(Fault(problem=problem, remedy="Add its column.", file=file, row=1))
    if len(set(header)) < len(header):
        faults.append(Fault(problem="a column stands there twice.", file=file, row=1))
    return len(faults) == before


def _read_example(
    cells: Mapping[str, str], number: int, instrument: Instrument, *, file: str, faults: list[Fault]
) -> WorkedExample | None:
    before = len(faults)

    def fault(problem: str, column: str) -> None:
        faults.append(Fault(problem=problem, file=file, row=number, column=column))

    answers: dict[str, int | None] = {}
    for item in instrument.items:
        column = instrument.column(item.id)
        cell = cells.get(column, "").strip()
        allowed = {str(value) for value in range(instrument.low, instrument.high + 1)}
        if cell and cell not in allowed:
            fault(f"an answer must be a whole number from {instrument.low} to {instrument.high}.", column)
        answers[item.id] = int(cell) if cell in allowed else None
    missing = cells.get("missing", "").strip() or "house"
    if missing not in ("house", "strict"):
        fault("`missing` must be house or strict.", "missing")
    bands = cells.get("bands", "").strip() or None
    if bands and bands not in {band.id for score in instrument.scores for band in score.bands}:
        fault("`bands` names no band set of this instrument.", "bands")
    expected: dict[str, Fraction | str | None] = {}
    for score in instrument.scores:
        for column in (score.id, f"{score.id}_answered", f"{score.id}_band"):
            if column in cells:
                text = cells[column].strip()
                words = column.endswith("_band") or (column == score.id and bool(score.levels))
                expected[column] = text or None if words else exact_number(text)
                if text and expected[column] is None:
                    fault("a number must be written exactly, such as 8, 2.25 or 59/7.", column)
    if len(faults) > before:
        return None
    return WorkedExample(
        name=cells.get("example", "").strip() or f"row {number}",
        row=number,
        answers=answers,
        expected=expected,
        missing=missing,
        bands=bands,
    )


def run_examples(
    examples: tuple[WorkedExample, ...], instrument: Instrument, *, file: str, faults: list[Fault]
) -> None:
    """Note every expected value that does not come out. Worked examples are made up, so values may be shown."""
    for example in examples:
        made = score_exactly(instrument, example.answers, missing=example.missing, bands=example.bands)
        for column, expected in example.expected.items():
            if made.get(column) != expected:
                problem = (
                    f'the worked example "{example.name}" does not come out: {_shown(expected)} is expected, '
                    f"the key gives {_shown(made.get(column))}."
                )
                faults.append(Fault(problem=problem, file=file, row=example.row, column=column))


def _shown(value: Fraction | int | str | None) -> str:
    return "no score" if value is None else str(value)
