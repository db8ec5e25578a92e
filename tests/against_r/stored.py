"""Reads the data sets and references that the R scripts beside it wrote."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


@dataclass(frozen=True)
class DataSet:
    number: int
    columns: dict[str, np.ndarray]
    reference: dict[str, float]

    def __str__(self) -> str:
        return f"set {self.number}"

    def numbered(self, prefix: str) -> np.ndarray:
        """Values prefix0, prefix1, … in order, or from 1."""
        start = 0 if f"{prefix}0" in self.reference else 1
        values = []
        while f"{prefix}{start + len(values)}" in self.reference:
            values.append(self.reference[f"{prefix}{start + len(values)}"])
        return np.array(values)

    def matrix(self) -> np.ndarray:
        """A table or item matrix from its long form."""
        keys = [name for name in self.columns if name != "set"]
        rows, columns = (self.columns[key].astype(int) - 1 for key in keys[:2])
        out = np.zeros((rows.max() + 1, columns.max() + 1))
        out[rows, columns] = self.columns[keys[2]]
        return out


def load(name: str) -> list[DataSet]:
    data: dict[int, list[dict[str, str]]] = defaultdict(list)
    references: dict[int, dict[str, float]] = defaultdict(dict)
    for row in _rows(f"{name}_data.csv"):
        data[int(row["set"])].append(row)
    for row in _rows(f"{name}_reference.csv"):
        references[int(row["set"])][row["statistic"]] = float(row["value"])
    return [
        DataSet(
            number=number,
            columns={key: np.array([float(row[key]) for row in rows]) for key in rows[0]},
            reference=references[number],
        )
        for number, rows in sorted(data.items())
    ]


def gap(ours: object, theirs: object) -> float:
    """Largest difference, relative where numbers exceed 1, absolute below."""
    a, b = np.asarray(ours, dtype=float).ravel(), np.asarray(theirs, dtype=float).ravel()
    if a.shape != b.shape or a.size == 0:
        raise AssertionError(f"{a.size} numbers against {b.size}")
    return float((np.abs(a - b) / np.maximum(1.0, np.abs(b))).max())


def _rows(file: str) -> list[dict[str, str]]:
    with (HERE / file).open(newline="") as handle:
        return list(csv.DictReader(handle))
