"""Measured twice before service: would the same person get the same score again, with nothing done in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.design.before_service import served_early, unserved_among
from casearc.analyses.item_consistency import interval
from casearc.analyses.ledger import Ledger, present_pairs
from casearc.analyses.wording import capital, interval_heading, wave_label
from casearc.findings import (
    Blank,
    Cell,
    Column,
    CountRef,
    Evidence,
    Interval,
    Number,
    Quantity,
    Role,
    Row,
    Sentence,
    Table,
    Text,
    Threat,
    Verdict,
)
from casearc.instruments import Instrument, ScoreDefinition, find_score
from casearc.psychometrics import RetestReliability, retest_reliability
from casearc.study import Design, Direction, Outcome, in_time

KINDS = {
    "pearson": "Correlation",
    "consistency": "Consistency, ICC(C,1)",
    "agreement": "Agreement, ICC(A,1)",
}
NOTE = (
    "Correlation: of the two pretests. Consistency: equal but for a shift of everybody. Agreement: equal, the shift "
    "counts as error. SEM: how far a score usually lies from the person's true one, from the differences themselves, "
    "in the score's unit. True change between the pretests counts as error in all of them."
)
NONE = "Too few people have both pretests, or their scores do not vary: nothing can be said of measuring twice."


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """One score of the same people at both pretests, by each kind of likeness that could be had."""

    score: ScoreDefinition
    key: str
    found: dict[str, RetestReliability]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTwice:
    """What the two pretests say of an instrument's scores."""

    sentences: tuple[Sentence, ...] = ()
    tables: tuple[Table, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def measured_twice(
    data: StudyData, instrument: Instrument, ledger: Ledger, scores: Sequence[ScoreDefinition], *, good: float
) -> MeasuredTwice:
    """Of a double pretest; nothing under any other design. `good` is the reliability commonly asked for."""
    own = [score for score in scores if find_score(data.instruments, score.id)[0].reference == instrument.reference]
    if data.plan.design is not Design.DOUBLE_PRETEST or len(data.plan.waves) < 3 or not own:
        return MeasuredTwice()
    every = [_twice(data, ledger, score) for score in own]
    known = [each for each in every if each.found]
    if not known:
        return MeasuredTwice(sentences=(Sentence(NONE),))
    stable = [each for each in known if "agreement" in each.found]
    evidence = (_evidence(instrument, stable, good=good),) if stable else ()
    return MeasuredTwice(
        sentences=tuple(each.said for each in evidence), tables=(_table(data, instrument, known),), evidence=evidence
    )


def _twice(data: StudyData, ledger: Ledger, score: ScoreDefinition) -> Twice:
    first, second = (wave.name for wave in in_time(data.plan.waves)[:2])
    outcome = Outcome(id=score.id, score=score.id, role=Role.EXPLORATORY, direction=Direction(score.direction))
    unserved = replace(data, people=data.people.filter(~served_early(data, outcome)))
    pairs = present_pairs(unserved, outcome, first, second)
    paired = ledger.paired(outcome, first, second)
    key = ledger.base(unserved_among(ledger, paired, ledger.counts[paired] - pairs.height))
    before, after = pairs["before"].to_numpy(), pairs["after"].to_numpy()
    level = 1 - data.plan.inference.alpha
    found = {
        "pearson": attempt(lambda: retest_reliability(before, after, kind="pearson", level=level)),
        "consistency": attempt(lambda: retest_reliability(before, after, kind="consistency", level=level)),
        "agreement": attempt(lambda: retest_reliability(before, after, kind="agreement", level=level)),
    }
    return Twice(score=score, key=key, found={kind: each for kind, each in found.items() if each is not None})


def _table(data: StudyData, instrument: Instrument, known: Sequence[Twice]) -> Table:
    level = 1 - data.plan.inference.alpha
    name = instrument.reference.replace(":", "_").replace("-", "_")
    first, second = (wave_label(wave.name) for wave in in_time(data.plan.waves)[:2])
    return Table(
        id=f"twice_{name}",
        behind=True,
        title=f"{instrument.title}: measured twice before service, {first} and {second}",
        columns=(
            Column("kind", "Likeness"),
            Column("n", "n"),
            Column("estimate", "Estimate"),
            Column("conf", interval_heading(level)),
            Column("sem", "SEM"),
            Column("sem_conf", "Interval of SEM"),
        ),
        rows=tuple(row for each in known for row in _rows(each)),
        notes=(Sentence(NOTE),),
    )


def _rows(each: Twice) -> tuple[Row, ...]:
    heading = Row((Text(capital(each.score.label)),), heading=True)
    return (heading, *(_row(each, kind, found) for kind, found in each.found.items()))


def _row(each: Twice, kind: str, found: RetestReliability) -> Row:
    return Row(
        (
            Text(KINDS[kind]),
            CountRef(each.key),
            Number(found.reliability, Quantity.RELIABILITY, each.key),
            interval(found.low, found.high, found.level, each.key),
            *_error(each, kind, found),
        ),
        indent=1,
    )


def _error(each: Twice, kind: str, found: RetestReliability) -> tuple[Cell, Cell]:
    """SEM and its interval; a correlation has none of its own, and one that counts the shift has no interval."""
    if kind == "pearson":
        return Blank(), Blank()
    sem = Number(found.sem, Quantity.STANDARD_ERROR, each.key)
    if found.sem_low is None:
        return sem, Blank()
    return sem, Interval(found.sem_low, found.sem_high, found.level, Quantity.STANDARD_ERROR, each.key)


def _evidence(instrument: Instrument, stable: Sequence[Twice], *, good: float) -> Evidence:
    """The least stable score. A low one is no proof of poor measurement: people may have changed."""
    worst = min(stable, key=lambda each: each.found["agreement"].reliability)
    found = worst.found["agreement"]
    return Evidence(
        threat=Threat.MEASUREMENT,
        verdict=Verdict.WEAKENED if found.reliability >= good else Verdict.OPEN,
        said=Sentence(
            f"{instrument.title}, measured twice before service: the least stable score was {worst.score.label} "
            "(agreement {icc}, {interval}; {enough} is commonly asked for).",
            {
                "icc": Number(found.reliability, Quantity.RELIABILITY, worst.key),
                "interval": Interval(found.low, found.high, found.level, Quantity.RELIABILITY, worst.key),
                "enough": Number(good, Quantity.LEVEL),
            },
        ),
    )
