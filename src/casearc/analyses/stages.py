"""Did stages (or rated levels) move between waves? One finding for each outcome measured in levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import assert_never

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.change import wave_pairs
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger, present_pairs
from casearc.analyses.predictors import level_names, levels_of, outcome_merge
from casearc.analyses.stage_tests import TestOfChange, sign_test, tests_of_change
from casearc.analyses.wording import capital, level_label, wave_label
from casearc.change import new_levels, transitions
from casearc.findings import (
    Body,
    Cell,
    Column,
    CountBars,
    CountRef,
    Figure,
    Finding,
    Flows,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    Sentence,
    ShareRef,
    Table,
    TestRun,
    Text,
)
from casearc.study import Direction, Outcome

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """People by level before and after, at one rung of the outcome's ladder.

    `tags` stand for the levels in keys: two rungs may give one name to different groups of levels.
    """

    first: str
    second: str
    levels: tuple[str, ...]
    tags: tuple[str, ...]
    counts: Counts
    tests: tuple[TestOfChange, ...]
    step: int

    @property
    def between(self) -> str:
        """The interval in words."""
        return f"{wave_label(self.first)} to {wave_label(self.second)}"

    @property
    def tag(self) -> str:
        """The interval in a table's id."""
        return f"{self.first}_{self.second}"


def stage_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each outcome in levels and each interval between waves."""
    for outcome in data.plan.outcomes:
        if data.is_levels(outcome):
            for pair in wave_pairs(data):
                yield _finding(data, outcome, pair)


def _finding(data: StudyData, outcome: Outcome, pair: tuple[str, str]) -> Finding:
    frame = present_pairs(data, outcome, *pair)
    refusal = "" if frame.height else "Nobody has this level at both waves, so no movement can be counted."
    bodies: tuple[Body, ...] = ()
    if not refusal:
        rungs = [_moves(data, outcome, frame, pair, step) for step in range(len(outcome.ladder) + 1)]
        bodies = (*(_matrix_body(data, outcome, rung) for rung in rungs), *_three_way(data, outcome, rungs[0]))
    return Finding(
        id=f"stages.{outcome.id}.{pair[0]}.{pair[1]}",
        section=Section.STAGES,
        title=f"{capital(data.label(outcome))}, {wave_label(pair[0])} to {wave_label(pair[1])}",
        plan_item=f"outcome.{outcome.id}",
        role=outcome.role,
        warnings=data.cautions(outcome),
        refusal=refusal,
        bodies=bodies,
    )


def _moves(data: StudyData, outcome: Outcome, frame: pl.DataFrame, pair: tuple[str, str], step: int) -> Moves:
    into = new_levels(levels_of(data, outcome), outcome_merge(outcome, step))
    levels = tuple(dict.fromkeys(into.values()))
    moved = transitions(frame["before"].replace(into), frame["after"].replace(into), levels=levels)
    return Moves(
        first=pair[0],
        second=pair[1],
        levels=levels,
        tags=tuple("+".join(old for old, new in into.items() if new == level) for level in levels),
        counts=moved.counts,
        tests=tests_of_change(moved.counts, seed=data.plan.seed, in_order=_in_order(list(into.values()))),
        step=step,
    )


def _in_order(merged: list[str]) -> bool:
    """Whether merged levels still stand in order: each holds neighbors only. `merged` is a name a level, in order."""
    runs = [name for i, name in enumerate(merged) if not i or name != merged[i - 1]]
    return len(runs) == len(set(runs))


def _cell_keys(
    ledger: Ledger, outcome: Outcome, moves: Moves
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...], list[str], str]:
    """Keys of the cells, the row totals, the column totals and the whole; the ledger learns how they add up."""
    whole = ledger.paired(outcome, moves.first, moves.second)
    size = range(len(moves.levels))
    cells = tuple(tuple(f"{whole}:{a}>{b}" for b in moves.tags) for a in moves.tags)
    counts = {cells[i][j]: int(moves.counts[i, j]) for i in size for j in size}
    rows = [f"{whole}:from={tag}" for tag in moves.tags]
    columns = [f"{whole}:to={tag}" for tag in moves.tags]
    for i in size:
        ledger.split(rows[i], {cells[i][j]: counts[cells[i][j]] for j in size})
        ledger.split(columns[i], {cells[j][i]: counts[cells[j][i]] for j in size})
    ledger.split(whole, {key: ledger.counts[key] for key in rows})
    ledger.split(whole, {key: ledger.counts[key] for key in columns})
    return cells, tuple(rows), columns, whole


def _matrix_body(data: StudyData, outcome: Outcome, moves: Moves) -> Body:
    ledger = Ledger(data)
    cells, rows, columns, whole = _cell_keys(ledger, outcome, moves)
    labels = _labels(data, outcome, moves)
    table = Table(
        id=f"stages_{outcome.id}_{moves.tag}",
        title=f"{capital(data.label(outcome))}: people by level at {wave_label(moves.first)} (rows) and at "
        f"{wave_label(moves.second)} (columns)",
        columns=(
            Column("from", f"At {wave_label(moves.first)}"),
            *(Column(f"to_{level}", label) for level, label in zip(moves.levels, labels, strict=True)),
            Column("total", "All"),
        ),
        rows=(
            *(
                Row((Text(labels[i]), *(CountRef(key) for key in cells[i]), CountRef(rows[i])))
                for i in range(len(labels))
            ),
            Row((Text("All"), *(CountRef(key) for key in columns), CountRef(whole))),
        ),
    )
    directions = _direction_keys(ledger, outcome, moves, cells, whole)
    merged_into = ", ".join(f"“{label}”" for label in labels)
    return ledger.close(
        Body(
            headline=_headline(data, outcome, moves, directions),
            sentences=(
                _direction_sentence(data, outcome, moves, directions),
                *_test_sentences(ledger, moves.tests, whole),
                *_agreement_hint(outcome),
            ),
            tables=(table, _test_table(outcome, moves, whole=whole, tests=moves.tests, note=_ON_LEVELS)),
            figures=(_flow_figure(data, outcome, moves, cells),),
            told=f"Levels were merged into {merged_into}: finer groups are too small to be shown."
            if moves.step
            else "",
            tests=_test_runs(data, outcome, moves, whole=whole, shown=chain(*cells), tests=moves.tests),
        )
    )


def _labels(data: StudyData, outcome: Outcome, moves: Moves) -> tuple[str, ...]:
    """The levels as the instrument calls them; merged ones as the plan does."""
    names = level_names(data, outcome)
    return tuple(capital(names.get(level) or level_label(level)) for level in moves.levels)


def _direction_keys(
    ledger: Ledger, outcome: Outcome, moves: Moves, cells: tuple[tuple[str, ...], ...], whole: str
) -> dict[str, str]:
    """Keys of those who moved up, stayed or moved down, added up from the cells."""
    up, down = _names(outcome)
    size = range(len(cells))
    members = {
        up: [cells[i][j] for i in size for j in size if j > i],
        "same": [cells[i][i] for i in size],
        down: [cells[i][j] for i in size for j in size if j < i],
    }
    keys = {name: f"{whole}:{_tag(name, moves)}" for name in members}
    for name, parts in members.items():
        ledger.split(keys[name], {cell: ledger.counts[cell] for cell in parts})
    ledger.split(whole, {key: ledger.counts[key] for key in keys.values()})
    return keys


def _tag(name: str, moves: Moves) -> str:
    """Part of a key: who moved depends on which levels were kept apart."""
    return f"{name.replace(' ', '_')}[{moves.step}]"


def _direction_sentence(data: StudyData, outcome: Outcome, moves: Moves, keys: dict[str, str]) -> Sentence:
    counted = ", ".join(f"{name} {{k{i}}}" for i, name in enumerate(keys))
    slots: dict[str, Cell] = {f"k{i}": CountRef(key) for i, key in enumerate(keys.values())}
    return Sentence(f"{capital(data.label(outcome))} from {moves.between}: {counted}.", slots)


def _headline(data: StudyData, outcome: Outcome, moves: Moves, keys: dict[str, str]) -> Sentence | None:
    """The last interval of the plan stands for the outcome in the summary."""
    if (moves.first, moves.second) != wave_pairs(data)[-1]:
        return None
    return _direction_sentence(data, outcome, moves, keys)


def _agreement_hint(outcome: Outcome) -> tuple[Sentence, ...]:
    if outcome.direction is Direction.NONE:
        return (Sentence("By the plan no direction of movement on this measure is the good one."),)
    return ()


def _flow_figure(data: StudyData, outcome: Outcome, moves: Moves, cells: tuple[tuple[str, ...], ...]) -> Figure:
    labels = _labels(data, outcome, moves)
    return Figure(
        id=f"stage_flow_{outcome.id}_{moves.tag}",
        title=f"{capital(data.label(outcome))}: who moved where, {moves.between}",
        drawing=Flows(
            from_label=capital(wave_label(moves.first)),
            to_label=capital(wave_label(moves.second)),
            from_stages=labels,
            to_stages=labels,
            flows=cells,
        ),
        alt=Sentence("Bands from each level to each level; the counts stand in the table."),
    )


def _three_way(data: StudyData, outcome: Outcome, moves: Moves) -> tuple[Body, ...]:
    """Advanced, same, regressed; where even these are too small: moved or same.

    Tests rest on nothing but the counts that the body shows: the statistic of a hidden table would give it away.
    """
    names = _names(outcome)
    upper, same, lower = (int(f(moves.counts)) for f in (_upper, np.trace, _lower))
    test = sign_test(up=upper, down=lower)
    return (
        _direction_body(data, outcome, moves, {names[0]: upper, "same": same, names[1]: lower}, tests=(test,)),
        _direction_body(data, outcome, moves, {names[0]: upper, f"same or {names[1]}": same + lower}),
        _direction_body(data, outcome, moves, {f"same or {names[0]}": same + upper, names[1]: lower}),
    )


def _names(outcome: Outcome) -> tuple[str, str]:
    match outcome.direction:
        case Direction.HIGHER:
            return "advanced", "regressed"
        case Direction.LOWER:
            return "worse", "better"
        case Direction.NONE:
            return "moved up", "moved down"
        case _:
            assert_never(outcome.direction)


def _upper(counts: Counts) -> int:
    return int(np.triu(counts, 1).sum())


def _lower(counts: Counts) -> int:
    return int(np.tril(counts, -1).sum())


def _direction_body(
    data: StudyData,
    outcome: Outcome,
    moves: Moves,
    groups: dict[str, int],
    *,
    tests: tuple[TestOfChange, ...] = (),
) -> Body:
    ledger = Ledger(data)
    whole = ledger.paired(outcome, moves.first, moves.second)
    keys = {name: f"{whole}:{_tag(name, moves)}" for name in groups}
    ledger.split(whole, {keys[name]: count for name, count in groups.items()})
    sentence = _direction_sentence(data, outcome, moves, keys)
    table = Table(
        id=f"stages_{outcome.id}_{moves.tag}",
        title=f"{capital(data.label(outcome))}: movement, {moves.between}",
        columns=(Column("movement", "Movement"), Column("n", "People"), Column("share", "Share")),
        rows=tuple(Row((Text(capital(name)), CountRef(keys[name]), ShareRef(keys[name], whole))) for name in groups),
    )
    test_tables = (_test_table(outcome, moves, whole=whole, tests=tests, note=_ON_MOVERS),) if tests else ()
    return ledger.close(
        Body(
            headline=_headline(data, outcome, moves, keys),
            sentences=(sentence, *_test_sentences(ledger, tests, whole), *_agreement_hint(outcome)),
            tables=(table, *test_tables),
            figures=(
                Figure(
                    id=f"stage_moves_{outcome.id}_{moves.tag}",
                    title=f"{capital(data.label(outcome))}: movement, {moves.between}",
                    drawing=CountBars(
                        labels=tuple(capital(name) for name in groups), keys=tuple(keys.values()), axis_label="People"
                    ),
                    alt=sentence,
                ),
            ),
            told=f"Levels were merged into {', '.join(groups)}: finer groups are too small to be shown.",
            tests=_test_runs(data, outcome, moves, whole=whole, shown=keys.values(), tests=tests),
        )
    )


def _test_sentences(ledger: Ledger, tests: tuple[TestOfChange, ...], whole: str) -> tuple[Sentence, ...]:
    ledger.base(whole)
    return tuple(
        Sentence(
            f"{test.question}? {test.name}: {{p}}.",
            {"p": Number(test.p, Quantity.P_VALUE, whole)},
        )
        if test.p is not None
        else Sentence(f"{test.name}: {{reason}}.", {"reason": Text(test.reason)})
        for test in tests
    )


def _test_runs(
    data: StudyData,
    outcome: Outcome,
    moves: Moves,
    *,
    whole: str,
    shown: Iterable[str],
    tests: tuple[TestOfChange, ...],
) -> tuple[TestRun, ...]:
    """What this interval adds to the table of all tests: none is confirmatory. With n and p of an exact test the counts
    `shown` could be worked out."""
    supports = frozenset(shown)
    return tuple(
        TestRun(
            id=f"stages.{outcome.id}.{moves.tag}.{test.name.split(',')[0].replace(' ', '_').lower()}",
            label=f"{capital(data.label(outcome))}, {moves.between}: {test.name}",
            p=test.p,
            n_key=whole,
            role=Role.EXPLORATORY,
            supports=supports,
        )
        for test in tests
        if test.p is not None
    )


_ON_LEVELS = "On the levels shown above. Tests without χ² count every way in which those who moved could have."
_ON_MOVERS = "Of those who moved, by the binomial distribution; p is two-sided."


def _test_table(outcome: Outcome, moves: Moves, *, whole: str, tests: tuple[TestOfChange, ...], note: str) -> Table:
    def row(test: TestOfChange) -> Row:
        cells: list[Cell] = [Text(test.name)]
        cells.append(Text("—") if test.statistic is None else Number(test.statistic, Quantity.STATISTIC, whole))
        cells.append(Text("—") if test.df is None else Number(float(test.df), Quantity.LEVEL))
        cells.append(Text(test.reason) if test.p is None else Number(test.p, Quantity.P_VALUE, whole))
        return Row(tuple(cells))

    return Table(
        id=f"stage_tests_{outcome.id}_{moves.tag}",
        behind=True,
        title=f"Tests of movement, {moves.between}",
        columns=(Column("test", "Test"), Column("statistic", "χ²"), Column("df", "df"), Column("p_value", "p")),
        rows=tuple(row(test) for test in tests),
        notes=(Sentence(note),),
    )
