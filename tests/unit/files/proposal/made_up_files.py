"""Small files of a made-up agency, one fault or doubt at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl

from casearc.instruments import load

CLIENTS = pl.DataFrame(
    {
        "Client ID": [f"c{number}" for number in range(1, 41)],
        "Gender": ["Girl", "Boy"] * 20,
        "Age": [14 + number % 4 for number in range(40)],
        "Intake date": ["2024-01-15"] * 40,
    }
)


def answers(
    instrument: str,
    *,
    people: int = 40,
    low: int | None = None,
    high: int | None = None,
    name: Callable[[str], str] | None = None,
    seed: int = 1,
) -> pl.DataFrame:
    """One answered form a person: items that hang together, both ends of the range in use."""
    chosen = load(instrument)
    low, high = chosen.low if low is None else low, chosen.high if high is None else high
    called = name or (lambda item: f"{chosen.id}_{item}")
    chance = random.Random(seed)
    rows = []
    for person in range(people):
        level = low + (high - low) * person / (people - 1)
        rows.append([min(high, max(low, round(level + chance.uniform(-1, 1)))) for _ in chosen.items])
    columns = {called(item.id): [row[index] for row in rows] for index, item in enumerate(chosen.items)}
    return pl.DataFrame({"Client ID": [f"c{number}" for number in range(1, people + 1)], **columns})


def write(folder: Path, **frames: pl.DataFrame) -> list[Path]:
    """Each frame as a CSV file of its name."""
    paths = []
    for name, frame in frames.items():
        path = folder / f"{name}.csv"
        frame.write_csv(path)
        paths.append(path)
    return paths


def survey(frame: pl.DataFrame, **columns: object) -> pl.DataFrame:
    """Answers with further columns: a list, or one value for all."""
    made = [
        pl.Series(name, value) if isinstance(value, list) else pl.lit(value).alias(name)
        for name, value in columns.items()
    ]
    return frame.with_columns(made)
