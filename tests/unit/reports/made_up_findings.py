"""Made-up findings, one of every kind; the release around them stands in `made_up_release`."""

from __future__ import annotations

import math

from casearc.disclosure import Edition, ReleasedFinding
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountBars,
    CountRef,
    Curve,
    Curves,
    Dots,
    Figure,
    Flows,
    Forest,
    ForestRow,
    Hidden,
    Interval,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    Sentence,
    ShareRef,
    Table,
    Tally,
    Text,
)

STAGES = ("precontemplation", "contemplation", "action", "maintenance")
Q = Quantity
URICA_CAUTION = (
    "Stages from readiness are a research convention, not a diagnosis. They may describe a group in an evaluation; "
    "they must not decide about a participant's services, housing or legal standing."
)


def num(value: float, quantity: Quantity, unit: str = "") -> Number:
    """A number that rests on the paired."""
    return Number(value, quantity, "paired", unit)


def interval(low: float | None, high: float | None, quantity: Quantity, level: float = 0.95) -> Interval:
    """An interval that rests on the paired."""
    return Interval(low, high, level, quantity, "paired")


def every_finding(edition: Edition) -> tuple[ReleasedFinding, ...]:
    """One finding of every kind, some sections more than once, two without any."""
    changes = (
        ("mspss_total", "perceived social support", Role.PRIMARY, 0.4127),
        ("cop_se_total", "coping self-efficacy", Role.SECONDARY, 11.3062),
        ("mspss_family", "support from family", Role.EXPLORATORY, -0.0312),
    )
    return (
        flow(),
        participants(edition),
        reliability(),
        *(change(*entry, edition=edition) for entry in changes),
        stages(),
        stage_models(),
        stage_models_refused(),
        dose(edition),
        support_by_months(),
        attrition(edition),
    )


def flow() -> ReleasedFinding:
    return ReleasedFinding(
        id="flow",
        section=Section.FLOW,
        title="From enrollment to the last wave",
        plan_item="study.waves",
        role=Role.DESCRIPTIVE,
        body=Body(
            headline=Sentence(
                "Of {enrolled} young people enrolled, {later} ({share}) were measured at six months.",
                {"enrolled": CountRef("enrolled"), "later": CountRef("later"), "share": ShareRef("later", "enrolled")},
            ),
            sentences=(
                Sentence("{intake} were measured at intake, {start} at the start of service and {later} at six months.",
                         {k: CountRef(k) for k in ("intake", "start", "later")}),
            ),
            tables=(Table(
                id="flow",
                title="Participants at each wave",
                columns=(Column("wave", "Wave"), Column("day", "Target day"), Column("n", "Measured"),
                         Column("share", "Of enrolled"), Column("contacts", "Contacts until then")),
                rows=tuple(
                    Row((Text(label), Number(day, Q.LEVEL), CountRef(key), ShareRef(key, "enrolled"), Tally(tally)))
                    for label, day, key, tally in (
                        ("Intake", -45.0, "intake", 310), ("Start of service", 0.0, "start", 1204),
                        ("Six months", 183.0, "later", 12402))
                ),
            ),),
        ),
    )  # fmt: skip


def participants(edition: Edition) -> ReleasedFinding:
    def level(label: str, key: str) -> Row:
        return Row((Text(label), CountRef(key), ShareRef(key, "enrolled"), Blank(), Blank()), indent=1)

    rows = (
        Row((Text("Age at enrollment, years"), CountRef("enrolled"), Blank(), num(16.4321, Q.MEAN), num(1.5012, Q.SD))),
        Row((Text("Gender"),), heading=True),
        level("Female", "female"), level("Male", "male"), level("Nonbinary or another gender", "nonbinary"),
        Row((Text("Race and ethnicity"),), heading=True),
        level("Black, Hispanic, Indigenous, Asian or of more than one race", "minority"), level("White", "white"),
        Row((Text("Trafficking status"),), heading=True),
        level("Confirmed", "confirmed"), level("Presumed", "presumed"), level("Not identified", "unknown"),
    )  # fmt: skip
    told = () if edition is Edition.IN_HOUSE else (
        "Seven groups of race and ethnicity were merged into two: finer groups would be too small to be shown.",
        "Small counts, and some larger ones beside them, are not shown.",
    )  # fmt: skip
    return ReleasedFinding(
        id="participants",
        section=Section.PARTICIPANTS,
        title="Participants at enrollment",
        plan_item="covariates",
        role=Role.DESCRIPTIVE,
        told=told,
        body=Body(
            tables=(Table(
                id="participants",
                title="Participants at enrollment",
                columns=(Column("characteristic", "Characteristic"), Column("n", "n"), Column("share", "Share"),
                         Column("mean", "Mean"), Column("sd", "SD")),
                rows=rows,
                notes=(Sentence("Participants could name more than one race or ethnicity."),),
            ),),
        ),
    )  # fmt: skip


def reliability() -> ReleasedFinding:
    names = ("Perceived social support, total", "Support from family", "Support from friends",
             "Support from a significant other", "Coping self-efficacy, total")  # fmt: skip
    rows = tuple(
        Row((Text(name), Tally(12 - 2 * i), num(0.93 - 0.041 * i, Q.RELIABILITY),
             interval(0.91 - 0.05 * i, 0.95 - 0.03 * i, Q.RELIABILITY), num(0.02 * i, Q.PROPORTION),
             num(0.07 + 0.031 * i, Q.PROPORTION)))
        for i, name in enumerate(names)
    )  # fmt: skip
    return ReleasedFinding(
        id="reliability",
        section=Section.INSTRUMENTS,
        title="Consistency of the instruments at intake",
        plan_item="outcome.mspss_total",
        role=Role.DESCRIPTIVE,
        body=Body(
            sentences=(
                Sentence("Cronbach's alpha of perceived social support was {alpha} ({interval}).",
                         {"alpha": num(0.93, Q.RELIABILITY), "interval": interval(0.91, 0.95, Q.RELIABILITY)}),
            ),
            tables=(Table(
                id="reliability",
                title="Internal consistency, floor and ceiling",
                columns=(Column("score", "Score"), Column("items", "Items"), Column("alpha", "Alpha"),
                         Column("conf", "95 % interval"), Column("floor", "At the floor"),
                         Column("ceiling", "At the ceiling")),
                rows=rows,
            ),),
        ),
    )  # fmt: skip


def change(name: str, label: str, role: Role, by: float, *, edition: Edition) -> ReleasedFinding:
    scale = abs(by)
    pairs = ("intake to start", "start to six months", "intake to six months")
    sentence = Sentence(
        f"From start to six months, {label} was on average {{difference}} points {'higher' if by > 0 else 'lower'} "
        "(change {interval}; {p}; d_z = {effect}; n = {n}).",
        {
            "difference": num(scale, Q.DIFFERENCE),
            "interval": interval(by - 0.4 * scale, by + 0.4 * scale, Q.DIFFERENCE),
            "p": num(0.0134 if by > 0 else 0.71, Q.P_VALUE),
            "effect": num(0.31, Q.EFFECT_SIZE),
            "n": CountRef("paired"),
        },
    )
    groups = ("much worse", "worse", "a little down", "same or a little up", "better", "much better")
    keys = ("worse2", "worse", "down", "up", "better", "better2")
    figures = [Figure(
        id=f"change_distribution_{name}",
        title=f"{label.capitalize()}: who changed how much, start to six months",
        drawing=CountBars(labels=groups, keys=keys, axis_label="People", highlight=(2, 3)),
        alt=Sentence("Number of people by amount of change: much worse {a}, same or a little up {b}.",
                     {"a": CountRef("worse2"), "b": CountRef("up")}),
    )]  # fmt: skip
    if edition is Edition.IN_HOUSE and role is Role.PRIMARY:
        xs = tuple(1.5 + 0.08 * i for i in range(60))
        figures.append(Figure(
            id=f"change_dots_{name}",
            title=f"{label.capitalize()}: each participant, start to six months",
            drawing=Dots(x=xs, y=tuple(math.sin(7.3 * x) * 1.4 + 0.4 for x in xs),
                         x_label="Perceived social support at start (1 to 7)", y_label="Change", band=(-1.1, 1.1)),
            alt=Sentence("One dot a participant: the score at the start against its change."),
        ))  # fmt: skip
    return ReleasedFinding(
        id=f"change.{name}",
        section=Section.CHANGE,
        title=f"Change in {label}",
        plan_item=f"outcome.{name}",
        role=role,
        body=Body(
            headline=sentence,
            sentences=(sentence,),
            tables=(_change_table(name, label, pairs, by), _test_table(name, label, pairs, by)),
            figures=tuple(figures),
        ),
    )


def _change_table(name: str, label: str, pairs: tuple[str, ...], by: float) -> Table:
    return Table(
        id=f"change_{name}",
        title=f"{label.capitalize()}: change between waves",
        columns=(Column("interval", "Between"), Column("n", "n"), Column("mean_before", "Mean before"),
                 Column("sd_before", "SD"), Column("mean_after", "Mean after"), Column("sd_after", "SD"),
                 Column("estimate", "Change"), Column("conf", "95 % interval")),
        rows=tuple(
            Row((Text(pair), CountRef("paired"), num(4.31, Q.MEAN), num(1.333, Q.SD), num(4.31 + by * k, Q.MEAN),
                 num(1.29, Q.SD), num(by * k, Q.DIFFERENCE),
                 interval(by * k - 0.4 * abs(by), by * k + 0.4 * abs(by), Q.DIFFERENCE)))
            for pair, k in zip(pairs, (0.02, 1.0, 1.02), strict=True)
        ),
        notes=(Sentence("Unit: mean of items, 1 to 7. Each row holds those measured at both waves."),),
    )  # fmt: skip


def _test_table(name: str, label: str, pairs: tuple[str, ...], by: float) -> Table:
    return Table(
        id=f"change_tests_{name}",
        behind=True,
        title=f"{label.capitalize()}: tests of change",
        columns=(Column("interval", "Between"), Column("statistic", "t"), Column("df", "df"),
                 Column("p_value", "p (t test)"), Column("signed_rank", "V"), Column("p_wilcoxon", "p (Wilcoxon)"),
                 Column("hodges_lehmann", "Typical change"), Column("d_z", "d_z"),
                 Column("d_z_conf", "Interval of d_z")),
        rows=tuple(
            Row((Text(pair), num(2.53 * k, Q.STATISTIC), Hidden("df"), num(p, Q.P_VALUE), Hidden("v"),
                 num(p * 1.2, Q.P_VALUE), num(by * k, Q.DIFFERENCE), num(0.31 * k, Q.EFFECT_SIZE),
                 interval(0.31 * k - 0.25, 0.31 * k + 0.25, Q.EFFECT_SIZE)))
            for pair, k, p in zip(pairs, (0.02, 1.0, 1.02), (0.81, 0.0134, 0.0002), strict=True)
        ),
        notes=(Sentence("Paired t test; Wilcoxon signed-rank test (exact); typical change is the Hodges-Lehmann "
                        "estimate; d_z is the mean change over the SD of the changes, with its exact interval."),),
    )  # fmt: skip


def stages() -> ReleasedFinding:
    rows = tuple(
        Row((Text(stage.capitalize()), *(CountRef(f"f{i}{j}") for j in range(4)), ShareRef(f"f{i}{i}", "paired")))
        for i, stage in enumerate(STAGES)
    )
    return ReleasedFinding(
        id="stages.transitions",
        section=Section.STAGES,
        title="Movements between stages of change",
        plan_item="outcome.urica_stage_habits",
        role=Role.SECONDARY,
        warnings=(URICA_CAUTION,),
        told=("Small movements are not shown.",),
        body=Body(
            headline=Sentence("Movements between stages were not symmetric (Bowker {x}, df {df}; {p}).",
                              {"x": num(21.4, Q.STATISTIC), "df": num(6, Q.DF), "p": num(0.0004, Q.P_VALUE)}),
            sentences=(Sentence("{a} moved from contemplation to action, {b} the other way.",
                                {"a": CountRef("f12"), "b": CountRef("f21")}),),
            tables=(Table(
                id="transitions",
                title="Stage at the start (rows) and at six months (columns)",
                columns=(Column("from", "From"), *(Column(s, s.capitalize()) for s in STAGES), Column("same", "Same")),
                rows=rows,
            ),),
            figures=(Figure(
                id="stage_flows",
                title="Movements between stages, start to six months",
                drawing=Flows(from_label="Start of service", to_label="Six months", from_stages=STAGES,
                              to_stages=STAGES,
                              flows=tuple(tuple(f"f{i}{j}" for j in range(4)) for i in range(4))),
                alt=Sentence("From contemplation to action {a}; from precontemplation to contemplation {b}.",
                             {"a": CountRef("f12"), "b": CountRef("f01")}),
            ),),
        ),
    )  # fmt: skip


def stage_models() -> ReleasedFinding:
    terms = ("Intercept", "Months of service", "Contacts with caregivers, a month", "Age, years",
             "Trafficking status: confirmed (against not identified)")  # fmt: skip
    rows: list[Row] = []
    forest: list[ForestRow] = []
    for k, stage in enumerate(STAGES[1:], 1):
        rows.append(Row((Text(f"{stage.capitalize()} against precontemplation"),), heading=True))
        for i, term in enumerate(terms):
            b = 0.31 * k - 0.171 * i
            cells: tuple[Cell, ...] = (
                num(b, Q.COEFFICIENT), num(0.18 + 0.03 * i, Q.STANDARD_ERROR), num(b / 0.2, Q.STATISTIC),
                num(min(0.97, math.exp(-abs(b) * 6)), Q.P_VALUE), num(math.exp(b), Q.RATIO),
                interval(math.exp(b - 0.4 - i * 0.5), math.exp(b + 0.4 + i * 0.9), Q.RATIO))  # fmt: skip
            rows.append(Row((Text(term), *cells), indent=1))
            if i:
                forest.append(ForestRow(label=term, estimate=math.exp(b), low=math.exp(b - 0.4 - i * 0.5),
                                        high=math.exp(b + 0.4 + i * 0.9), rests_on="paired",
                                        group=f"{stage.capitalize()} against precontemplation"))  # fmt: skip
    xs = tuple(1 + 0.25 * i for i in range(21))
    curves = []
    for k, stage in enumerate(STAGES):
        ys = tuple(
            max(0.02, 0.35 - 0.25 * k + 0.16 * k * x / (3 + 0.4 * k) - (0.04 * x if k < 2 else 0)) / 1.3 for x in xs
        )
        curves.append(Curve(x=xs, y=ys, low=tuple(y * 0.75 for y in ys), high=tuple(y * 1.25 for y in ys),
                            x_label="Months of service before the wave",
                            y_label="Probability of the stage at six months", level=0.95,
                            rests_on="paired", series=stage))  # fmt: skip
    return ReleasedFinding(
        id="model.stage_by_months",
        section=Section.DOSE_RESPONSE,
        title="Stage of change at six months by months of service",
        plan_item="model.stage_by_months",
        role=Role.SECONDARY,
        warnings=(URICA_CAUTION,),
        body=Body(
            sentences=(Sentence("Each further month went with {or} times the odds of action ({interval}; {p}).",
                                {"or": num(1.57, Q.RATIO), "interval": interval(1.004, 2.1, Q.RATIO),
                                 "p": num(0.0496, Q.P_VALUE)}),),
            tables=(Table(
                id="stage_by_months",
                title="Multinomial regression of the stage at six months, with Firth's penalty",
                columns=(Column("term", "Term"), Column("estimate", "Estimate"), Column("std_error", "SE"),
                         Column("statistic", "z"), Column("p_value", "p"), Column("odds_ratio", "Odds ratio"),
                         Column("conf", "95 % interval")),
                rows=tuple(rows),
            ),),
            figures=(
                Figure(id="stage_curves", title="Probability of each stage by months of service",
                       drawing=Curves(curves=tuple(curves)),
                       alt=Sentence("Four curves; the one of action rises with months of service.")),
                Figure(id="stage_forest", title="Odds ratios of the stage model",
                       drawing=Forest(rows=tuple(forest), x_label="Odds ratio", reference=1.0, log_scale=True),
                       alt=Sentence("Twelve odds ratios with intervals, most of which cross one.")),
            ),
        ),
    )  # fmt: skip


def stage_models_refused() -> ReleasedFinding:
    return ReleasedFinding(
        id="model.stage_by_contacts",
        section=Section.DOSE_RESPONSE,
        title="Stage of change at six months by number of contacts",
        plan_item="model.stage_by_contacts",
        role=Role.EXPLORATORY,
        warnings=(URICA_CAUTION,),
        refusal="Too few participants stood at the rarer stages for this model to be shown outside the house.",
        body=Body(),
    )


def dose(edition: Edition) -> ReleasedFinding:
    measures = (("Months served", "months"), ("Contacts with the participant, a month", "contacts"),
                ("Crisis response, hours", "hours"), ("Different services", ""))  # fmt: skip
    extreme: Cell = num(23.0, Q.EXTREME) if edition is Edition.IN_HOUSE else Hidden("extreme")
    return ReleasedFinding(
        id="dose",
        section=Section.DOSE,
        title="What was delivered between start and six months",
        plan_item="dose.months",
        role=Role.DESCRIPTIVE,
        body=Body(
            tables=(Table(
                id="dose",
                title="Dose delivered",
                columns=(Column("dose", "Dose"), Column("unit", "Unit"), Column("mean", "Mean"), Column("sd", "SD"),
                         Column("maximum", "Maximum"), Column("records", "Records counted")),
                rows=tuple(Row((Text(a), Text(b) if b else Blank(), num(5.4321 - i, Q.MEAN), num(2.2 + i, Q.SD),
                                extreme, Tally(4210 * (i + 1)))) for i, (a, b) in enumerate(measures)),
            ),),
        ),
    )  # fmt: skip


def support_by_months() -> ReleasedFinding:
    terms = ("Intercept", "Months of service", "Support at the start", "Age, years")
    estimates = ((1.204, 0.4), (0.0712, 0.031), (0.61, 0.09), (-0.004, 0.052))
    xs = tuple(1 + 0.25 * i for i in range(21))
    ys = tuple(4.1 + 0.0712 * x for x in xs)
    sentence = Sentence(
        "Each further month of service was associated with {b} points more support at six months "
        "({interval}; p = {p}; n = {n}).",
        {"b": num(0.0712, Q.COEFFICIENT), "interval": interval(0.0092, 0.1332, Q.COEFFICIENT),
         "p": num(0.0249, Q.P_VALUE), "n": CountRef("paired")},
    )  # fmt: skip
    return ReleasedFinding(
        id="model.support_by_months",
        section=Section.DOSE_RESPONSE,
        title="Support at six months by months of service",
        plan_item="model.support_by_months",
        role=Role.PRIMARY,
        body=Body(
            headline=sentence,
            sentences=(sentence,),
            tables=(Table(
                id="support_by_months",
                title="Linear regression of support at six months, robust (HC3) standard errors",
                columns=(Column("term", "Term"), Column("estimate", "Estimate"), Column("std_error", "SE"),
                         Column("statistic", "t"), Column("p_value", "p"), Column("conf", "95 % interval")),
                rows=tuple(Row((Text(term), num(b, Q.COEFFICIENT), num(se, Q.STANDARD_ERROR), num(b / se, Q.STATISTIC),
                                num(0.0249, Q.P_VALUE), interval(b - 2 * se, b + 2 * se, Q.COEFFICIENT)))
                           for term, (b, se) in zip(terms, estimates, strict=True)),
                notes=(Sentence("R2 {r2}; adjusted for support at the start and age.", {"r2": num(0.412, Q.FIT)}),),
            ),),
            figures=(
                Figure(id="support_curve", title="Support at six months by months of service",
                       drawing=Curves(curves=(Curve(
                           x=xs, y=ys, low=tuple(y - 0.3 - 0.01 * (x - 3) ** 2 for x, y in zip(xs, ys, strict=True)),
                           high=tuple(y + 0.3 + 0.01 * (x - 3) ** 2 for x, y in zip(xs, ys, strict=True)),
                           x_label="Months of service before the wave",
                           y_label="Perceived social support at six months (1 to 7)", level=0.95,
                           rests_on="paired"),)),
                       alt=Sentence("A line that rises by {b} points a month.", {"b": num(0.0712, Q.COEFFICIENT)})),
                Figure(id="support_forest", title="Coefficients of the support model",
                       drawing=Forest(rows=tuple(ForestRow(label=term, estimate=b, low=b - 2 * se, high=b + 2 * se,
                                                           rests_on="paired")
                                                 for term, (b, se) in list(zip(terms, estimates, strict=True))[1:]),
                                      x_label="Points of support", reference=0.0),
                       alt=Sentence("Three coefficients with intervals.")),
            ),
        ),
    )  # fmt: skip


def attrition(edition: Edition) -> ReleasedFinding:
    names = ("Age at enrollment", "Support at intake", "Coping self-efficacy at intake")
    return ReleasedFinding(
        id="attrition",
        section=Section.ATTRITION,
        title="Those measured at six months and those lost",
        plan_item=None,
        body=Body(
            tables=(Table(
                id="attrition",
                title="Baseline of those who stayed and those who were lost",
                columns=(Column("characteristic", "Characteristic"), Column("kept", "Stayed, mean"),
                         Column("lost", "Lost, mean"), Column("smd", "Standardized difference"),
                         Column("conf", "Interval")),
                rows=tuple(Row((Text(name), num(16.2 - 4 * i, Q.MEAN), num(16.9 - 4.2 * i, Q.MEAN),
                                num(-0.21 + 0.1 * i, Q.EFFECT_SIZE),
                                interval(-0.66 + 0.1 * i, 0.25 + 0.1 * i, Q.EFFECT_SIZE)))
                           for i, name in enumerate(names)),
                notes=(Sentence("{kept} stayed and {lost} were lost.",
                                {"kept": CountRef("kept"), "lost": CountRef("lost")}),),
            ),),
        ),
    )  # fmt: skip
