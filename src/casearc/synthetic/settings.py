"""What can be asked of a made-up program: what is true in it, who leaves it, and how dirty its files are."""

from __future__ import annotations

from dataclasses import dataclass, fields

from casearc.errors import UsageError

PROGRAM_NAME = "Harbor Light (made up)"

TRAITS = ("support", "coping", "readiness")
"""The three true levels behind the three instruments, in SD units of a program in which nothing is selected."""

WAVES = ("intake", "six_months", "twelve_months")
TARGET_DAYS = (0, 180, 360)
WINDOW = (-30, 45)
"""Days around a target day in which an administration that is not late falls; the demo's plan uses the same."""

DAYS_A_MONTH = 30.4375

MIDDLE_MONTHS = 3.0
"""Months served in the first interval at which `TraitEffect.by_six` and `by_twelve` hold; about the mean."""

RHO = 0.62
"""Correlation of one trait with itself at any other wave: the stable share of its variance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitEffect:
    """What moves one trait, in SD units of its level at intake.

    per_month
        What one month served between intake and six months adds to the level at twelve months, at equal
        level at six months: exactly the coefficient of a landmark model on true levels.
    same_interval
        What the same month adds to the level at six months already; the share `RHO` of it lasts.
    by_six, by_twelve
        Change since intake for a participant served for `MIDDLE_MONTHS`.
    """

    per_month: float = 0.0
    same_interval: float = 0.0
    by_six: float = 0.0
    by_twelve: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Everything true in a program. `age_on_support` is a year's, `confirmed_on_coping` that of confirmed
    trafficking against any other status, both in SD units and on the stable part of the level."""

    support: TraitEffect = TraitEffect()
    coping: TraitEffect = TraitEffect()
    readiness: TraitEffect = TraitEffect()
    age_on_support: float = 0.0
    confirmed_on_coping: float = 0.0

    def of(self, trait: str) -> TraitEffect:
        """The effects on one of `TRAITS`."""
        return {"support": self.support, "coping": self.coping, "readiness": self.readiness}[trait]


DEMO = Effects(
    support=TraitEffect(per_month=0.27, by_six=0.25, by_twelve=0.50),
    coping=TraitEffect(per_month=0.22, by_six=0.20, by_twelve=0.45),
    readiness=TraitEffect(per_month=0.15, by_six=0.40, by_twelve=0.55),
    age_on_support=-0.06,
    confirmed_on_coping=-0.20,
)
NOTHING = Effects()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attrition:
    """Who leaves. `by_six` and `by_twelve` are shares of all participants gone before these waves (the second
    includes the first). `on_worsening` is the log odds ratio of leaving for one SD of worsening since the wave
    before, over the three traits together; 0 means that leaving has nothing to do with the outcome."""

    by_six: float = 0.07
    by_twelve: float = 0.14
    on_worsening: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.by_six <= self.by_twelve < 1:
            raise UsageError("Attrition needs 0 <= by_six <= by_twelve < 1; by_twelve includes by_six.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dirt:
    """How untidy the files are. Every field is a share between 0 and 1.

    declined
        Items without an answer, for one of several reasons.
    broken_off
        Administrations that stop midway; the rest is ``not_reached``.
    straight_lined
        Administrations with one answer to every item.
    missed, late, doubled
        Later waves not administered at all, administered after the window, or twice in one window.
    reenrolled
        Participants who come back after leaving, with a second enrollment.
    attempted
        Contacts that were tried and did not come about.
    missing_minutes
        Completed contacts without minutes.
    missing_covariate
        Empty cells among the covariates that may be declined.
    """

    declined: float = 0.015
    broken_off: float = 0.02
    straight_lined: float = 0.01
    missed: float = 0.02
    late: float = 0.03
    doubled: float = 0.03
    reenrolled: float = 0.03
    attempted: float = 0.18
    missing_minutes: float = 0.06
    missing_covariate: float = 0.02

    def __post_init__(self) -> None:
        wrong = [field.name for field in fields(self) if not 0 <= getattr(self, field.name) < 1]
        if wrong:
            raise UsageError(f"Dirt is given in shares from 0 to below 1; out of range: {', '.join(wrong)}.")
        if self.missed + self.late >= 1:
            raise UsageError("Dirt: missed and late together must stay below 1.")


REALISTIC = Dirt()
CLEAN = Dirt(
    declined=0.0,
    broken_off=0.0,
    straight_lined=0.0,
    missed=0.0,
    late=0.0,
    doubled=0.0,
    reenrolled=0.0,
    attempted=0.0,
    missing_minutes=0.0,
    missing_covariate=0.0,
)
