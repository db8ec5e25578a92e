"""Can the measures be trusted here? Consistency, range, missing items, retest: one finding an instrument."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.item_consistency import consistency_table
from casearc.analyses.item_quality import Answers, complete_key, covering_scales, item_table, straight_lined
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.measured_twice import measured_twice
from casearc.analyses.one_factor import one_factor_table
from casearc.analyses.scores import coding_of
from casearc.analyses.wording import capital, interval_heading, wave_label
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Evidence,
    Finding,
    Interval,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    Sentence,
    Table,
    Text,
    Threat,
    Verdict,
)
from casearc.instruments import Instrument, ScoreDefinition
from casearc.psychometrics import Alpha, cronbach_alpha
from casearc.scoring import read_coding

Floats = npt.NDArray[np.float64]

GOOD_ALPHA = 0.7
"""The consistency commonly asked of a score that groups are compared by (Nunnally & Bernstein 1994, 264-265)."""

COARSER = (
    "Single items, and the fit of one factor to them, are left out: who skipped one item would be a very small group."
)
SCALE_COLUMNS = (
    Column("score", "Score"),
    Column("wave", "Wave"),
    Column("items", "Items"),
    Column("n", "n"),
    Column("alpha", "α"),
    Column("conf", ""),
    Column("floor", "Answers at the low end"),
    Column("ceiling", "Answers at the high end"),
    Column("missing", "Answers missing"),
)


def instrument_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each instrument in use."""
    for instrument in data.instruments:
        yield _finding(data, instrument)


def _finding(data: StudyData, instrument: Instrument) -> Finding:
    scales = _scales(instrument)
    answers = [
        found
        for score in scales
        for wave in data.plan.waves
        if (found := _answers(data, instrument, score, wave.name)) is not None
    ]
    refusal = "" if answers else _why_not(data, instrument)
    return Finding(
        id=f"instruments.{instrument.reference.replace(':', '_')}",
        section=Section.INSTRUMENTS,
        title=instrument.title,
        plan_item="instruments",
        role=Role.DESCRIPTIVE,
        warnings=tuple(dict.fromkeys(use.warning for use in instrument.permitted_use if use.warning)),
        refusal=refusal,
        bodies=() if refusal else (_body(data, instrument, answers, items=True), _body(data, instrument, answers)),
    )


def _scales(instrument: Instrument) -> list[ScoreDefinition]:
    """Scores with items of their own; a sum and a mean of the same items are one scale."""
    by_items = {
        score.items: score
        for score in reversed(instrument.scores)
        if score.kind in ("mean", "sum") and len(score.items) > 1
    }
    return list(reversed(by_items.values()))


def _why_not(data: StudyData, instrument: Instrument) -> str:
    if len([item for item in instrument.items if item.scored]) < 2:
        return (
            "This instrument has one item, so internal consistency does not exist for it; its reliability would have "
            "to come from repeated or double ratings."
        )
    return "No administration of this instrument falls into a wave."


def _answers(data: StudyData, instrument: Instrument, score: ScoreDefinition, wave: str) -> Answers | None:
    variant = data.tables.administrations.filter(pl.col("variant").fill_null("") == instrument.variant)
    used = data.assignment.frame.filter(wave=wave, instrument=instrument.id).select("administration_id")
    used = used.join(variant, on="administration_id", how="semi")
    columns = {instrument.column(item): item for item in score.items}
    wide = (
        data.tables.responses.join(used, on="administration_id", how="semi")
        .filter(pl.col("item").is_in(list(columns)))
        .pivot(on="item", index="administration_id", values="response")
    )
    if wide.is_empty():
        return None
    unanswered = (pl.lit(None).alias(column) for column in columns if column not in wide.columns)
    wide = wide.with_columns(unanswered)
    matrix = wide.select(list(columns)).cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()
    codings = data.tables.administrations.select(
        "administration_id", coding_of(instrument, data.plan.coding).alias("coding")
    )
    declared = wide.select("administration_id").join(codings, on="administration_id", maintain_order="left")["coding"]
    for written in declared.unique():
        rows = (declared == written).to_numpy()
        coding = read_coding(written or None, instrument)
        for position, item in enumerate(score.items):
            slope, intercept = coding.line(reverse=instrument.item(item).reverse, instrument=instrument)
            matrix[rows, position] = (slope * matrix[rows, position] + intercept) / coding.divisor
    return Answers(score=score, wave=wave, matrix=matrix, administrations=tuple(wide["administration_id"]))


def _body(data: StudyData, instrument: Instrument, answers: list[Answers], *, items: bool = False) -> Body:
    ledger = Ledger(data)
    rows = tuple(_scale_row(data, instrument, ledger, found) for found in answers)
    first = _first_wave(answers)
    sentences = [_sentence(data, instrument, found) for found in first]
    tables = [_scale_table(data, instrument, rows)]
    twice = measured_twice(data, instrument, ledger, _scales(instrument), good=GOOD_ALPHA)
    plain, factor, tests = one_factor_table(instrument, first) if items else ((), (), ())
    tables += [_consistency(data, instrument, first), *twice.tables, *factor]
    sentences += [*twice.sentences, *plain]
    if items and (covering := covering_scales(first)):
        tables.append(item_table(instrument, ledger, covering))
        sentences += straight_lined(instrument, ledger, covering)
    return ledger.close(
        Body(
            sentences=tuple(sentences),
            tables=tuple(tables),
            told="" if items else COARSER,
            tests=tests,
            evidence=(*_evidence(data, instrument, answers), *twice.evidence),
        )
    )


def _scale_table(data: StudyData, instrument: Instrument, rows: tuple[Row, ...]) -> Table:
    return Table(
        id=f"instrument_{_id(instrument)}",
        title=f"{instrument.title}: internal consistency and use of the range",
        columns=tuple(
            Column(column.id, interval_heading(_level(data))) if column.id == "conf" else column
            for column in SCALE_COLUMNS
        ),
        rows=rows,
        notes=(
            Sentence("α: Cronbach's alpha over those with every item answered, with Feldt's interval."),
            Sentence("Floor, ceiling and missing are shares of single answers, not of people."),
        ),
    )


def _consistency(data: StudyData, instrument: Instrument, first: list[Answers]) -> Table:
    """Beside alpha, at the first wave; made once for all bodies."""
    key = ("consistency", instrument.reference)
    return data.once(key, lambda: consistency_table(data, instrument, first))


def _evidence(data: StudyData, instrument: Instrument, answers: list[Answers]) -> tuple[Evidence, ...]:
    """The least consistent score of the instrument, beside what is commonly asked of one."""
    alphas = [(alpha.alpha, found) for found in answers if (alpha := _alpha(data, instrument, found)) is not None]
    if not alphas:
        return ()
    lowest, found = min(alphas, key=lambda pair: pair[0])
    verdict = Verdict.WEAKENED if lowest >= GOOD_ALPHA else Verdict.FOUND
    said = Sentence(
        f"{instrument.title}: the least consistent score was {found.score.label} at {wave_label(found.wave)} "
        "(α = {alpha}; {enough} is commonly asked for).",
        {
            "alpha": Number(lowest, Quantity.RELIABILITY, complete_key(instrument, found)),
            "enough": Number(GOOD_ALPHA, Quantity.LEVEL),
        },
    )
    return (Evidence(threat=Threat.MEASUREMENT, verdict=verdict, said=said),)


def _id(instrument: Instrument) -> str:
    return instrument.reference.replace(":", "_").replace("-", "_")


def _first_wave(answers: list[Answers]) -> list[Answers]:
    return [found for found in answers if found.wave == answers[0].wave]


def _level(data: StudyData) -> float:
    return 1 - data.plan.inference.alpha


def _alpha(data: StudyData, instrument: Instrument, found: Answers) -> Alpha | None:
    key = ("alpha", complete_key(instrument, found))
    return data.once(key, lambda: attempt(lambda: cronbach_alpha(found.complete, level=_level(data))))


def _scale_row(data: StudyData, instrument: Instrument, ledger: Ledger, found: Answers) -> Row:
    key = complete_key(instrument, found)
    if key not in ledger.counts:
        ledger.subset(ENROLLED, key, len(found.complete), rest=f"not_{key}")
    ledger.base(key)
    alpha = _alpha(data, instrument, found)
    consistency: tuple[Cell, Cell] = (Blank(), Blank())
    if alpha is not None:
        consistency = (
            Number(alpha.alpha, Quantity.RELIABILITY, key),
            Interval(alpha.low, alpha.high, alpha.level, Quantity.RELIABILITY, key),
        )
    return Row(
        (
            Text(capital(found.score.label)),
            Text(capital(wave_label(found.wave))),
            Number(float(len(found.score.items)), Quantity.LEVEL),
            CountRef(key),
            *consistency,
            *(Number(share, Quantity.PROPORTION, key) for share in _shares(instrument, found.matrix)),
        )
    )


def _shares(instrument: Instrument, matrix: Floats) -> tuple[float, float, float]:
    answered = ~np.isnan(matrix)
    known = max(int(answered.sum()), 1)
    low = int((matrix[answered] == instrument.low).sum())
    high = int((matrix[answered] == instrument.high).sum())
    return low / known, high / known, float(1 - answered.mean())


def _sentence(data: StudyData, instrument: Instrument, found: Answers) -> Sentence:
    key = complete_key(instrument, found)
    alpha = _alpha(data, instrument, found)
    start = f"{capital(found.score.label)} at {wave_label(found.wave)}: "
    if alpha is None:
        return Sentence(start + "internal consistency could not be computed (too few complete answers).")
    return Sentence(
        start + "α = {alpha} ({interval}; n = {n}).",
        {
            "alpha": Number(alpha.alpha, Quantity.RELIABILITY, key),
            "interval": Interval(alpha.low, alpha.high, alpha.level, Quantity.RELIABILITY, key),
            "n": CountRef(key),
        },
    )
