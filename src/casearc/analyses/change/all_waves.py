"""Did the scores change over all waves? Tests of three waves or more, on those measured at every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData, outcome_column
from casearc.analyses.ledger import Ledger, present_at_all
from casearc.analyses.wording import capital, wave_label
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Finding,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    SectionRef,
    Sentence,
    Table,
    TestRun,
    Text,
)
from casearc.statistics.paired import Friedman, RepeatedMeasures, friedman, repeated_measures_anova
from casearc.statistics.paired.repeated_measures import GIRDEN
from casearc.study import Outcome, Waves, in_time

Floats = npt.NDArray[np.float64]

EXACT_UP_TO = 50
"""People at three waves up to which Friedman's exact distribution takes a hundredth of a second; then F is as good."""

REFUSED = "Too few people were measured at every wave, or their scores do not differ between waves."
COLUMNS = (
    Column("test", "Test"),
    Column("statistic", "Statistic"),
    Column("epsilon", "ε"),
    Column("p_value", "p"),
)
FRIEDMAN_METHODS = {"exact": "exact p", "f": "p by Iman and Davenport's F"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AllWaves:
    """Scores of those measured at every wave, (n, waves), and what two tests say of them; None where refused."""

    outcome: Outcome
    waves: tuple[str, ...]
    scores: Floats
    key: str
    anova: RepeatedMeasures | None
    ranks: Friedman | None


def all_waves_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each numeric outcome of the plan that was measured at three waves or more."""
    for outcome in data.plan.outcomes:
        waves = _waves(data, outcome)
        if not data.is_levels(outcome) and len(waves) > 2:
            yield _finding(data, outcome, waves)


def _waves(data: StudyData, outcome: Outcome) -> tuple[str, ...]:
    """Those at which anybody was measured, in time."""
    names = [wave.name for wave in in_time(data.plan.waves)]
    return tuple(name for name in names if data.people[outcome_column(outcome, name)].drop_nulls().len())


def _finding(data: StudyData, outcome: Outcome, waves: tuple[str, ...]) -> Finding:
    ledger = Ledger(data)
    found = _tested(data, outcome, waves, ledger)
    refusal = REFUSED if found.anova is None and found.ranks is None else ""
    return Finding(
        id=f"all_waves.{outcome.id}",
        section=Section.CHANGE,
        title=f"{capital(data.label(outcome))} over all waves",
        role=Role.EXPLORATORY,
        warnings=data.cautions(outcome),
        refusal=refusal,
        bodies=() if refusal else (_body(data, found, ledger),),
    )


def _tested(data: StudyData, outcome: Outcome, waves: tuple[str, ...], ledger: Ledger) -> AllWaves:
    frame = present_at_all(data, outcome, waves)
    scores = frame.select(f"value{i}" for i in range(len(waves))).to_numpy()
    is_quick = len(waves) == 3 and len(scores) <= EXACT_UP_TO
    return AllWaves(
        outcome=outcome,
        waves=waves,
        scores=scores,
        key=ledger.base(ledger.at_all(outcome, waves)),
        anova=attempt(lambda: repeated_measures_anova(scores)),
        ranks=attempt(lambda: friedman(scores, method="exact" if is_quick else "f")),
    )


def _body(data: StudyData, found: AllWaves, ledger: Ledger) -> Body:
    return ledger.close(
        Body(
            sentences=(_who(data, found), *_result(data, found), *_sizes(found)),
            tables=(_mean_table(data, found), _test_table(data, found)),
            tests=tuple(_tests(data, found)),
        )
    )


def _who(data: StudyData, found: AllWaves) -> Sentence:
    """Who is in it, and where the better answer stands."""
    named = [wave_label(wave) for wave in found.waves]
    slots: dict[str, Cell] = {"n": CountRef(found.key)}
    start = (
        f"These tests speak only of those measured at each of {', '.join(named[:-1])} and {named[-1]} (n = {{n}}). "
        "The better answer is a mixed model of all enrolled, which uses every measurement"
    )
    if data.plan.missing.waves is Waves.ALL_ENROLLED:
        return Sentence(f"{start}: see {{section}}.", slots | {"section": SectionRef(Section.ALL_ENROLLED)})
    return Sentence(f"{start}; the plan did not ask for it.", slots)


def _p(value: float, found: AllWaves) -> Number:
    return Number(value, Quantity.P_VALUE, found.key)


def _result(data: StudyData, found: AllWaves) -> Iterator[Sentence]:
    """Both tests of the same question, in one sentence where both could be had."""
    slots: dict[str, Cell] = {}
    parts = []
    if found.anova is not None:
        slots["anova"] = _p(found.anova.p_corrected, found)
        parts.append(f"analysis of variance with {found.anova.correction}'s correction, {{anova}}")
    if found.ranks is not None:
        slots["ranks"] = _p(found.ranks.p, found)
        parts.append("Friedman's test, which looks only at each person's order of the waves, {ranks}")
    yield Sentence(f"Does {data.label(found.outcome)} differ between the waves: {'; '.join(parts)}.", slots)


def _sizes(found: AllWaves) -> Iterator[Sentence]:
    if found.anova is not None:
        share = Number(found.anova.generalized_eta_squared, Quantity.FIT, found.key)
        text = "Generalized η², the part of all variance between scores that goes with the wave: {share}."
        yield Sentence(text, {"share": share})
    if found.ranks is not None:
        agreement = Number(found.ranks.kendall_w, Quantity.EFFECT_SIZE, found.key)
        text = "Kendall's W, how far people agree on the order of the waves, from 0 to 1: {agreement}."
        yield Sentence(text, {"agreement": agreement})


def _mean_table(data: StudyData, found: AllWaves) -> Table:
    rows = tuple(Row((Text(wave_label(wave)), *_described(found, place))) for place, wave in enumerate(found.waves))
    return Table(
        id=f"all_waves_{found.outcome.id}",
        behind=True,
        title=f"{capital(data.label(found.outcome))}: those measured at every wave",
        columns=(
            Column("wave", "Wave"),
            Column("mean", "Mean"),
            Column("sd", "SD"),
            Column("mean_rank", "Mean rank"),
        ),
        rows=rows,
        notes=(Sentence("Mean rank: each person's waves in order from the lowest score, averaged over people."),),
    )


def _described(found: AllWaves, place: int) -> tuple[Cell, Cell, Cell]:
    column, ranks = found.scores[:, place], found.ranks
    return (
        Number(float(column.mean()), Quantity.MEAN, found.key),
        Number(float(column.std(ddof=1)), Quantity.SD, found.key),
        Blank() if ranks is None else Number(float(ranks.mean_ranks[place]), Quantity.MEAN, found.key),
    )


def _test_table(data: StudyData, found: AllWaves) -> Table:
    return Table(
        id=f"all_waves_{found.outcome.id}-tests",
        behind=True,
        title=f"{capital(data.label(found.outcome))}: tests over all waves",
        columns=COLUMNS,
        rows=(*_anova_rows(found), _friedman_row(found)),
        notes=tuple(_notes(found)),
    )


def _anova_rows(found: AllWaves) -> Iterator[Row]:
    anova = found.anova
    for name in ("Greenhouse-Geisser", "Huynh-Feldt"):
        cells: tuple[Cell, ...] = (Blank(), Blank(), Blank())
        if anova is not None:
            is_first = name == "Greenhouse-Geisser"
            epsilon = anova.epsilon_greenhouse_geisser if is_first else anova.epsilon_huynh_feldt
            p = anova.p_greenhouse_geisser if is_first else anova.p_huynh_feldt
            f = Number(anova.f, Quantity.STATISTIC, found.key)
            cells = (f, Number(epsilon, Quantity.FIT, found.key), _p(p, found))
        yield Row((Text(f"Analysis of variance, {name}"), *cells))


def _friedman_row(found: AllWaves) -> Row:
    """With W beside it the chi-square would give n away, so it stays where df do."""
    ranks = found.ranks
    if ranks is None:
        return Row((Text("Friedman"), Blank(), Blank(), Blank()))
    chi_square = Number(ranks.statistic, Quantity.DF, found.key)
    return Row((Text("Friedman"), chi_square, Blank(), _p(ranks.p, found)))


def _notes(found: AllWaves) -> Iterator[Sentence]:
    if found.anova is None:
        yield Sentence("The analysis of variance could not be computed: changes must differ between people.")
    else:
        text = "ε: 1 where all differences between waves spread alike; below {girden} by Greenhouse and Geisser, theirs"
        girden = Number(GIRDEN, Quantity.LEVEL)
        yield Sentence(f"{text} is the correction advised, else Huynh and Feldt's.", {"girden": girden})
        yield _mauchly(found, found.anova)
    if found.ranks is None:
        yield Sentence("Friedman's test could not be computed: it needs people whose score changed.")
    else:
        yield Sentence(f"Friedman: chi-square corrected for ties, {FRIEDMAN_METHODS[found.ranks.method]}.")


def _mauchly(found: AllWaves, anova: RepeatedMeasures) -> Sentence:
    """Its p alone: with W beside it n could be worked out."""
    if anova.mauchly_p is None:
        return Sentence("Mauchly's test could not be computed: it needs more people than waves.")
    return Sentence("Mauchly's test that they do spread alike: {p}.", {"p": _p(anova.mauchly_p, found)})


def _tests(data: StudyData, found: AllWaves) -> Iterator[TestRun]:
    runs: list[tuple[str, str, float | None]] = []
    if found.anova is not None:
        runs = [
            ("greenhouse_geisser", "analysis of variance, Greenhouse-Geisser", found.anova.p_greenhouse_geisser),
            ("huynh_feldt", "analysis of variance, Huynh-Feldt", found.anova.p_huynh_feldt),
            ("mauchly", "Mauchly's test of equal spread", found.anova.mauchly_p),
        ]
    if found.ranks is not None:
        runs.append(("friedman", "Friedman's test", found.ranks.p))
    for id_, name, p in runs:
        if p is not None:
            yield TestRun(
                id=f"all_waves.{found.outcome.id}.{id_}",
                label=f"{capital(data.label(found.outcome))}, all waves: {name}",
                p=p,
                n_key=found.key,
                role=Role.DESCRIPTIVE if id_ == "mauchly" else Role.EXPLORATORY,
            )
