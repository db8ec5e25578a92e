"""Are there kinds of people in several scores? Latent profiles, where the plan asks for them. Always exploratory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.wording import capital, wave_label
from casearc.errors import MissingExtraError, StatisticsRefusedError
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
    Sentence,
    Table,
    Text,
)
from casearc.instruments import find_score
from casearc.statistics.profiles import LatentProfiles, ProfileFit, latent_profiles
from casearc.study import Direction, Outcome, Profiles

Floats = npt.NDArray[np.float64]

NOT_INSTALLED = (
    "Latent profiles need an optional part of Casearc that is not installed: pip install 'casearc[profiles]'."
)
REFUSED = (
    "Latent profiles are not shown: fewer than a hundred people have all of these scores, a score takes too few "
    "values, or the number of profiles the plan asks for cannot be trusted (a profile of too few people, or one random "
    "start alone that finds it)."
)
WARNING = (
    "Exploratory. Profiles describe how scores lie together; scores that are merely skewed give profiles too, and a "
    "profile is no diagnosis."
)
FIT_COLUMNS = (
    Column("profiles", "Profiles"),
    Column("log_likelihood", "Log-likelihood"),
    Column("bic", "BIC"),
    Column("entropy", "Entropy"),
    Column("smallest", "Smallest share"),
    Column("usable", "May be read"),
)
COARSE_COLUMNS = (
    Column("profiles", "Profiles"),
    Column("bic_difference", "BIC, less that of one profile"),
    Column("entropy", "Entropy"),
    Column("usable", "May be read"),
)
NOTE = (
    "The lower BIC, the better a number of profiles pays for what it adds. Entropy: near one, everybody's profile is "
    "sure; near zero, nobody's. Not to be read: too few people in a profile, or a fit that only one random start found."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The profiles found, and the keys of those in each."""

    asked: Profiles
    labels: tuple[str, ...]
    found: LatentProfiles
    key: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the people of each profile."""
        return tuple(f"{self.key}:{label} of {len(self.found.labels)}" for label in self.found.labels)

    @property
    def title(self) -> str:
        """How headings call the question."""
        return capital(self.asked.label or self.asked.id.replace("_", " "))


def profile_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each [[profiles]] of the plan."""
    for asked in data.plan.profiles:
        yield _finding(data, asked)


def _finding(data: StudyData, asked: Profiles) -> Finding:
    bodies: tuple[Body, ...] = ()
    refusal = REFUSED
    try:
        found = _look(data, asked)
        bodies = tuple(_body(data, asked, found, detail=detail) for detail in range(3))
    except MissingExtraError:
        refusal = NOT_INSTALLED
    except StatisticsRefusedError:  # its message may count people, which no text of a report may
        pass
    return Finding(
        id=f"profiles.{asked.id}",
        section=Section.PARTICIPANTS,
        title=f"Profiles: {asked.label or asked.id.replace('_', ' ')}",
        plan_item=f"profiles.{asked.id}",
        role=Role.EXPLORATORY,
        warnings=(WARNING,),
        bodies=bodies,
        refusal="" if bodies else refusal,
    )


def _scores(data: StudyData, asked: Profiles) -> Floats:
    """Scores (n, p) of those who have all of them."""
    columns = [f"{score}@{asked.at}" for score in asked.scores]
    if not set(columns) <= set(data.people.columns):
        raise StatisticsRefusedError("A score was measured of nobody.")
    return data.people.select(pl.col(columns).cast(pl.Float64)).drop_nulls().to_numpy()


def _look(data: StudyData, asked: Profiles) -> LatentProfiles:
    return latent_profiles(
        _scores(data, asked),
        names=asked.scores,
        rng_or_seed=data.plan.seed,
        most=asked.most,
        profiles=asked.number,
    )


def _body(data: StudyData, asked: Profiles, found: LatentProfiles, *, detail: int) -> Body:
    """Finest: with how many are in each profile. Then without; then the fit alone."""
    ledger = Ledger(data)
    labels = tuple(find_score(data.instruments, score)[1].label for score in asked.scores)
    shown = Shown(asked=asked, labels=labels, found=found, key=_register(data, ledger, asked, found.n))
    people = np.bincount(found.assigned, minlength=len(found.labels))
    if detail < 2 and len(shown.keys) > 1:
        ledger.split(shown.key, {key: int(count) for key, count in zip(shown.keys, people, strict=True)})
        for key, count in zip(shown.keys, people, strict=True):
            ledger.support(key, int(count))
    tables = (_fit_table(shown, counted=detail == 0), *(() if detail == 2 else (_means(shown, counted=detail == 0),)))
    told = ("", "How many are in each profile is left out.", "What the profiles are like is left out.")
    return ledger.close(Body(sentences=(_sentence(data, shown),), tables=tables, told=told[detail]))


def _register(data: StudyData, ledger: Ledger, asked: Profiles, n: int) -> str:
    """Key of those with every score, tied to those measured by each."""
    key = f"all[{','.join(asked.scores)}@{asked.at}]"
    ledger.subset(ENROLLED, key, n, rest=f"not_{key}")
    for name in asked.scores:
        direction = Direction(find_score(data.instruments, name)[1].direction)
        outcome = Outcome(id=name, score=name, role=Role.EXPLORATORY, direction=direction)
        measured = ledger.measured(outcome, asked.at)
        ledger.subset(measured, key, n, rest=f"{measured}:not {key}")
    return ledger.base(key)


def _sentence(data: StudyData, shown: Shown) -> Sentence:
    named = ", ".join(label[:1].lower() + label[1:] for label in shown.labels)
    where = f"{capital(named)} at {wave_label(shown.asked.at)}"
    slots: dict[str, Cell] = {"n": CountRef(shown.key)}
    fit = shown.found.fit
    if fit.profiles == 1:
        return Sentence(
            f"{where}: one profile describes them best (n = {{n}}); nothing speaks for kinds of people.", slots
        )
    slots["profiles"] = Number(float(fit.profiles), Quantity.LEVEL)
    slots["entropy"] = Number(fit.entropy or 0.0, Quantity.RELIABILITY, shown.key)
    asked = "as the plan asks" if shown.asked.number else "the usable number of lowest BIC"
    return Sentence(f"{where}: {{profiles}} profiles, {asked} (entropy {{entropy}}; n = {{n}}).", slots)


def _fit_table(shown: Shown, *, counted: bool) -> Table:
    table = shown.found.table
    return Table(
        id=f"profiles_{shown.asked.id}-fit",
        behind=True,
        title=f"{shown.title}: how many profiles",
        columns=FIT_COLUMNS if counted else COARSE_COLUMNS,
        rows=tuple(_fit_row(shown, fit) if counted else _coarse_row(shown, fit, table[0]) for fit in table),
        notes=(Sentence(NOTE),),
    )


def _number(shown: Shown, value: float | None, quantity: Quantity) -> Cell:
    return Blank() if value is None else Number(value, quantity, shown.key)


def _fit_row(shown: Shown, fit: ProfileFit) -> Row:
    return Row(
        (
            Number(float(fit.profiles), Quantity.LEVEL),
            _number(shown, fit.log_likelihood, Quantity.DF),  # with BIC it gives n away
            _number(shown, fit.bic, Quantity.DF),
            _number(shown, fit.entropy, Quantity.RELIABILITY),
            _number(shown, fit.smallest_share, Quantity.EXTREME),
            Text("yes" if fit.usable else "no"),
        )
    )


def _coarse_row(shown: Shown, fit: ProfileFit, one: ProfileFit) -> Row:
    difference = None if fit.bic is None or one.bic is None else fit.bic - one.bic
    return Row(
        (
            Number(float(fit.profiles), Quantity.LEVEL),
            _number(shown, difference, Quantity.FIT),
            _number(shown, fit.entropy, Quantity.RELIABILITY),
            Text("yes" if fit.usable else "no"),
        )
    )


def _means(shown: Shown, *, counted: bool) -> Table:
    """Mean of each score in each profile."""
    found = shown.found
    keys = shown.keys if len(shown.keys) > 1 else (shown.key,)
    people = (Column("n", "People"),) if counted else ()
    scores = (
        Column(f"mean_{name}", capital(label)) for name, label in zip(found.indicators, shown.labels, strict=True)
    )
    rows = tuple(
        Row(
            (
                Text(capital(label)),
                *((CountRef(keys[i]),) if counted else ()),
                *(Number(float(mean), Quantity.MEAN, keys[i]) for mean in found.means[i]),
            )
        )
        for i, label in enumerate(found.labels)
    )
    return Table(
        id=f"profiles_{shown.asked.id}",
        title=f"{shown.title}: what the profiles are like, mean of each score",
        columns=(Column("profile", "Profile"), *people, *scores),
        rows=rows,
        notes=(
            Sentence("People: whose likeliest profile it is. Means weigh everybody by how likely they belong to it."),
        ),
    )
