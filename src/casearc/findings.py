"""Findings: the frozen results that analyses return, disclosure passes and reports print.

Two rules make disclosure control structural instead of a matter of care:

* **A count of people is never a bare number.** It is a `CountRef` to a key; the keys and how they add up
  (`Partition`) travel with the finding. The same key always means the same set of people, so the gate can see
  every published count at once, solve for the hidden ones as an attacker would, and decide per key what is shown.
* **A number never stands inside a text.** A `Sentence` is a template with slots; each slot is a cell like those
  of a table. What is hidden in a table is therefore hidden in the text, the figure and results.json alike.

Nothing here is rounded and nothing here knows how it will look: that is the reports' business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Section(StrEnum):
    """The questions a report answers, in its order: findings, what they are worth, what they rest on."""

    TRUST = "trust"  # on the first page: how far the findings carry
    ACTION = "action"  # on the first page: what somebody can do about them
    CHANGE = "change"  # did the scores change between waves
    STAGES = "stages"  # did stages of change move
    DOSE_RESPONSE = "dose_response"  # does dose go with outcome
    DESIGN = "design"  # was it the program, or only time
    ALL_ENROLLED = "all_enrolled"  # would those who left change the answer
    ROBUSTNESS = "robustness"  # could something unmeasured explain it
    THREATS = "threats"  # what could be wrong with these conclusions
    MAP = "map"  # what was measured in theory's terms, and what was not
    FLOW = "flow"  # who is in this evaluation, and who fell out where
    PARTICIPANTS = "participants"  # who is here (Table 1)
    INSTRUMENTS = "instruments"  # can the measures be trusted here
    DOSE = "dose"  # what was delivered
    ATTRITION = "attrition"  # who was lost
    TESTS = "tests"  # every test that was run
    DATA = "data"  # rows read, kept, refused; ambiguities
    CHECKLISTS = "checklists"  # what reporting guidelines ask, and where it stands


class Threat(StrEnum):
    """What could make a conclusion from one group, measured over time, wrong."""

    TIME = "time"  # history, maturation, being measured again: change that needs no program
    REGRESSION = "regression"  # people who enroll at their worst score better next time
    ENDOGENOUS_DOSE = "endogenous_dose"  # who does better, or engages, gets more service
    TIME_ZERO = "time_zero"  # dose and outcome counted from different starts; immortal time
    CONFOUNDING = "confounding"  # something nobody measured drives dose and outcome
    ATTRITION = "attrition"  # those who left differ from those who stayed
    MEASUREMENT = "measurement"  # scores that are unreliable, or answered alike
    CLUSTERING = "clustering"  # people of one worker or site are alike
    FORM = "form"  # a line, or a distribution, that does not fit
    PRECISION = "precision"  # too few people for what is asked
    MULTIPLICITY = "multiplicity"  # many tests, some striking by chance


class Verdict(StrEnum):
    """What the evidence says about a threat, from bad to good."""

    FOUND = "found"  # it is there, and the conclusion suffers
    OPEN = "open"  # this study cannot rule it out
    WEAKENED = "weakened"  # something was done against it, not everything
    CLEAR = "clear"  # looked for, and no sign of it


class Role(StrEnum):
    """How much weight the plan gave a result before anyone saw it."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    EXPLORATORY = "exploratory"  # also everything the plan did not name
    DESCRIPTIVE = "descriptive"


class Quantity(StrEnum):
    """What a number is, which decides how it is printed and whether it may leave the house."""

    MEAN = "mean"
    SD = "sd"
    DIFFERENCE = "difference"
    COEFFICIENT = "coefficient"
    STANDARD_ERROR = "standard_error"
    RATIO = "ratio"  # odds ratios
    EFFECT_SIZE = "effect_size"
    RELIABILITY = "reliability"  # alpha, kappa: 0 to 1
    PROPORTION = "proportion"  # 0 to 1, printed as a percentage, of responses or time, never of people
    STATISTIC = "statistic"  # t, F, chi-square, V
    DF = "df"  # in the house only where it would give a hidden n away
    P_VALUE = "p_value"
    FIT = "fit"  # R2, log-likelihood, pseudo R2
    LEVEL = "level"  # days, months, minutes, thresholds: a setting or a scale point, not a person's value
    EXTREME = "extreme"  # minimum or maximum: in the house only
    ORDER = "order"  # median or quartile: one person's value, in the house only


@dataclass(frozen=True, slots=True)
class Text:
    """Words in a cell."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is not a count of people. `rests_on` is the key of the n behind it (None: a setting)."""

    value: float
    quantity: Quantity
    rests_on: str | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval; `level` is e.g. 0.95. An open limit is None."""

    low: float | None
    high: float | None
    level: float
    quantity: Quantity
    rests_on: str | None = None


@dataclass(frozen=True, slots=True)
class CountRef:
    """A count of people, by key. The value stands in `Body.counts`."""

    key: str


@dataclass(frozen=True, slots=True)
class ShareRef:
    """A share of people: count of `part` over count of `whole`. Shown only where both counts are."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of records that are not people (rows, contacts, items): never hidden."""

    value: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """What stands where the gate took something away. `reason` is for the one sentence under the table."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """A cell that has no value because there is none to have (the reference level of a factor)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement with its numbers in slots: `Sentence("Support rose by {difference}", {"difference": Number(…)})`.

    Slot names are identifiers. Statements say what was found and "associated with", never a cause. It may stand in a
    cell of a table; if the gate hides one of its numbers, the whole cell is hidden.
    """

    template: str
    slots: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectionRef:
    """The heading of a section of the report, for "see …"."""

    section: Section


Cell = Text | Number | Interval | CountRef | ShareRef | Tally | Hidden | Blank | Sentence | SectionRef


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: machine name (broom-like where there is a convention), heading, unit."""

    id: str
    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells in the order of the columns. `indent` 1 marks a level under a heading row."""

    cells: tuple[Cell, ...]
    indent: int = 0
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: `id` is unique in the report and names the CSV file. What only those who check read stands `behind`."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Sentence, ...] = ()
    behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountBars:
    """Figure: counts of people over ordered bins (distribution of change, stages). One key a bar."""

    labels: tuple[str, ...]
    keys: tuple[str, ...]
    axis_label: str
    highlight: tuple[int, ...] = ()  # indices of bars inside the reliable-change band


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Figure: people moving between stages. `flows[i][j]` is the key of from-stage i to to-stage j."""

    from_label: str
    to_label: str
    from_stages: tuple[str, ...]
    to_stages: tuple[str, ...]
    flows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Figure: a fitted line with its interval. `rests_on` is the key of the n; x never passes the 5th-95th
    percentile outside the house, so no single participant's dose can be read off its ends."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    x_label: str
    y_label: str
    level: float
    rests_on: str
    series: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Figure: one or more curves in one frame (one a stage for multinomial models)."""

    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One line of a forest plot."""

    label: str
    estimate: float
    low: float
    high: float
    rests_on: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Figure: coefficients with intervals. `reference` is the line of no association (0, or 1 for ratios)."""

    rows: tuple[ForestRow, ...]
    x_label: str
    reference: float
    log_scale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots:
    """Figure: one dot a participant. In the house only; the gate takes it out of the outside edition."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    x_label: str
    y_label: str
    band: tuple[float, float] | None = None  # reliable-change band on y


Drawing = CountBars | Flows | Curves | Forest | Dots


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure: what is drawn, the caption and the words for those who cannot see it."""

    id: str
    title: str
    drawing: Drawing
    alt: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRun:
    """One test that was run, for the table of all of them. `label` says what was tested and how; `n_key` is the n;
    `supports` are keys that must reach the threshold for its p to leave the house, which a table's p may tell of."""

    __test__ = False  # pytest takes the name for a test

    id: str
    label: str
    p: float
    n_key: str
    role: Role
    confirmatory: bool = False
    supports: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an analysis found about a threat. `said` is a whole sentence that can stand on the first page."""

    threat: Threat
    verdict: Verdict
    said: Sentence


@dataclass(frozen=True, slots=True)
class Partition:
    """`whole` = sum of `parts`: how counts of people add up. Keys not shown anywhere are still protected."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One way to tell a finding, at one level of detail.

    counts
        Every key used here or in `partitions`, with its true value.
    partitions
        How these keys add up, up to a key that other findings share (usually ``enrolled``).
    bases
        Keys that are only the n behind numbers: outside the house they may be shown as a band ("85 to 95").
    supports
        Keys that must reach the threshold for this body to leave the house at all: the rarer side of each
        indicator in a model, each cell mean's n.
    headline
        The one sentence for the report's summary; None where the finding is not worth a summary line.
    told
        One sentence on what was merged or left out to get here; empty for the finest body.
    tests, evidence, actions
        What this body adds to the table of all tests, to the threats to validity and to what can be done about it.
        They are material for findings that look at all others; the gate hands none of them on.
    """

    headline: Sentence | None = None
    sentences: tuple[Sentence, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    partitions: tuple[Partition, ...] = ()
    bases: frozenset[str] = frozenset()
    supports: frozenset[str] = frozenset()
    told: str = ""
    tests: tuple[TestRun, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    actions: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer to one question of the plan.

    bodies
        From the finest to the coarsest. In the house the first is shown; outside, the first that passes the gate.
    plan_item
        What of the plan it answers (``model.support_by_months``); None means the plan did not ask: exploratory.
    warnings
        What a reader must know to read it rightly (permitted use of a score, a refused label).
    refusal
        Why there is no result; then the bodies are empty.
    """

    id: str
    section: Section
    title: str
    bodies: tuple[Body, ...] = ()
    plan_item: str | None = None
    role: Role = Role.EXPLORATORY
    warnings: tuple[str, ...] = ()
    refusal: str = ""
