"""Instruments as data: a folder an instrument, its loader and its checks.

    mspss/  cop_se/  urica/      instrument.toml  items.csv  scoring.toml  cut_scores.toml  worked_examples.csv
                                 wording.TEMPLATE.toml  variants/<id>.toml

An agency adds an instrument by copying a folder, giving it an id of its own and changing the files: no Python.
`check` says in plain words what is wrong with a folder. Nothing here knows of dataframes; `casearc.scoring` applies
what is defined here, and `exact` scores a single administration in fractions, for checking.
"""

from casearc.instruments._examples import WorkedExample
from casearc.instruments.definition import (
    Change,
    Confidence,
    Cut,
    CutSet,
    Instrument,
    Item,
    Kind,
    MissingRule,
    PermittedUse,
    PublishedStatistics,
    ScoreDefinition,
    Term,
    UseLimit,
)
from casearc.instruments.exact import level_of, score_exactly
from casearc.instruments.load import available, check, find_score, load, worked_examples

__all__ = [
    "Change",
    "Confidence",
    "Cut",
    "CutSet",
    "Instrument",
    "Item",
    "Kind",
    "MissingRule",
    "PermittedUse",
    "PublishedStatistics",
    "ScoreDefinition",
    "Term",
    "UseLimit",
    "WorkedExample",
    "available",
    "check",
    "find_score",
    "level_of",
    "load",
    "score_exactly",
    "worked_examples",
]
