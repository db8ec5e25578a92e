"""What the scripts make again of the report's tables, each with the columns of ``analysis.csv`` that it needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An outcome at two waves, by columns. `between` heads the row in the report."""

    between: str
    before: str
    after: str
    day_before: str
    day_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTable:
    """Change of one outcome: the report's tables `id` and ``<id>-tests``."""

    id: str
    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesTable:
    """People by level before and after. `merged` takes a level into another, where the plan merges any."""

    id: str
    title: str
    pair: Pair
    levels: tuple[str, ...]
    merged: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTerm:
    """A column of a model's matrix: a number, or with `levels` whether a factor is at one of them."""

    label: str
    column: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearTable:
    """A linear model: the report's tables ``model_<model>`` and ``model_<model>-fit``.

    covariance
        As the plan has it; of a clustered model empty.
    clusters
        What the clusters of a model with an intercept for each are called; with `cluster` alone errors are clustered.
    """

    model: str
    title: str
    member: str
    outcome: str
    terms: tuple[ModelTerm, ...]
    covariance: str = ""
    cluster: str = ""
    clusters: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelsTable:
    """A model of levels, multinomial or ordinal: the report's tables ``model_<model>`` and ``effects_<model>``.

    levels
        What the report calls each level, and the codes it is made of; of a multinomial model the reference first.
    effects
        Terms told in percentage points, each with the other indicators of the same factor.
    tests
        Of a multinomial model: doses, each with what the report's table ``all_tests`` calls its test over all levels.
    penalized
        Whether the report's fit is: by the plan, or because maximum likelihood has no finite answer.
    """

    model: str
    title: str
    member: str
    outcome: str
    terms: tuple[ModelTerm, ...]
    levels: tuple[tuple[str, tuple[str, ...]], ...]
    effects: tuple[tuple[str, tuple[str, ...]], ...]
    tests: tuple[tuple[str, str], ...]
    penalized: bool
    cluster: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """A count model: the report's table ``model_<model>``."""

    model: str
    title: str
    member: str
    outcome: str
    terms: tuple[ModelTerm, ...]
    exposure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedTable:
    """A mixed model: the report's table ``model_<model>``.

    waves
        Columns of the day and the score at each wave, in time.
    turn
        Of a double pretest: the column of the day at which time is broken in two, and the day where it is not known.
    doses
        Labels of the terms that have a product with time.
    slope
        Whether people have a course of their own beside a level.
    satterthwaite
        Whose degrees of freedom: Satterthwaite's, or Kenward and Roger's.
    """

    model: str
    title: str
    member: str
    waves: tuple[tuple[str, str], ...]
    terms: tuple[ModelTerm, ...]
    doses: tuple[str, ...]
    turn: tuple[str, int] | None
    slope: bool
    satterthwaite: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """Everything the scripts make again. `left_out` says what they do not, and why."""

    title: str
    level: float
    text_columns: tuple[str, ...]
    changes: tuple[ChangeTable, ...] = ()
    linear: tuple[LinearTable, ...] = ()
    clustered: tuple[LinearTable, ...] = ()
    intercepts: tuple[LinearTable, ...] = ()
    multinomial: tuple[LevelsTable, ...] = ()
    ordinal: tuple[LevelsTable, ...] = ()
    counts: tuple[CountTable, ...] = ()
    mixed: tuple[MixedTable, ...] = ()
    moves: tuple[MovesTable, ...] = ()
    left_out: tuple[str, ...] = ()
