"""A multinomial dose-response model told in sentences, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from casearc.analyses.dataset import StudyData
from casearc.analyses.dose_curve import average_rows, dose_grid
from casearc.analyses.dose_tests import dose_test
from casearc.analyses.ledger import Ledger
from casearc.analyses.model_frame import ModelFrame, one_more, register, replaced_references, separated
from casearc.analyses.stage_models import (
    FARTHEST,
    calibration_told,
    effect_sentences,
    effects_table,
    in_house,
    level_phrase,
    marginal_effects,
    odds_interval,
    outcome_phrase,
    redrawn_table,
)
from casearc.analyses.wording import capital
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Curve,
    Curves,
    Figure,
    Forest,
    ForestRow,
    Interval,
    Number,
    Quantity,
    Row,
    Sentence,
    Table,
    TestRun,
    Text,
)
from casearc.statistics.categorical import (
    MultinomialFit,
    PredictorTests,
    SeparationReport,
    likelihood_ratio_tests,
    multinomial,
    predicted_probability,
)
from casearc.statistics.model_tests import WaldTest, wald_test
from casearc.study import Penalty

COLUMNS = (
    Column("term", "Term"),
    Column("odds_ratio", "Odds ratio"),
    Column("conf", "95 % interval"),
    Column("estimate", "B"),
    Column("std_error", "SE"),
    Column("statistic", "z"),
    Column("p_value", "p"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fit, the separation found before it, and joint tests of each dose over all levels.

    `ratio` is the likelihood ratio, under Firth's penalty of the penalized likelihoods; None with clusters.
    """

    frame: ModelFrame
    fit: MultinomialFit
    apart: SeparationReport | None
    wald: tuple[WaldTest, ...]
    ratio: PredictorTests | None


def multinomial_body(data: StudyData, frame: ModelFrame) -> Body:
    """Fit the model of `frame` and tell it: by maximum likelihood, or by Firth's penalty where that has no answer."""
    fitted = fitted_multinomial(data, frame)
    ledger = Ledger(data)
    register(frame, ledger)
    if fitted.apart is not None:  # telling of separation tells that a group is all alike, so it stays in the house
        ledger.support(f"{frame.key}:exceptions_to_separation", 0)
    doses = frame.dose_positions()
    levels = range(1, len(frame.outcome_levels))
    sentences = tuple(_sentence(data, fitted, position, level) for position in doses for level in levels)
    tests = tuple(_test_sentence(fitted, number) for number in range(len(doses)))
    effects = marginal_effects(frame, fitted.fit)
    refused, redrawn = redrawn_table(data, frame, fitted.fit)
    calibrated = calibration_told(data, frame, fitted.fit)
    return ledger.close(
        Body(
            headline=sentences[0] if sentences else None,
            sentences=(
                *effect_sentences(data, frame, effects),
                *sentences,
                *tests,
                *_separation_sentence(fitted),
                *refused,
                *calibrated.sentences,
            ),
            tables=(
                *effects_table(data, frame, effects),
                _coefficients(data, fitted),
                *redrawn,
                _fit_table(data, fitted),
                *calibrated.tables,
            ),
            figures=(_forest(data, fitted), *(_curves(data, fitted, position) for position in doses)),
            told=frame.told,
            tests=(*_tests(data, fitted), *calibrated.tests),
        )
    )


def _tests(data: StudyData, fitted: Fitted) -> Iterator[TestRun]:
    for position, (how, p) in zip(fitted.frame.dose_positions(), dose_p_values(fitted), strict=True):
        yield dose_test(data, fitted.frame, position, how=how, p=p)


def dose_p_values(fitted: Fitted) -> Iterator[tuple[str, float]]:
    """How each dose was tested over all levels, and the p value: the likelihood ratio where there is one."""
    for place, wald in enumerate(fitted.wald):
        if fitted.ratio is None:
            yield "Wald test over all levels", wald.p
        else:
            yield "likelihood ratio over all levels", float(fitted.ratio.p[place])


def fitted_multinomial(data: StudyData, frame: ModelFrame) -> Fitted:
    """The fit of `frame`, made once a study. Raises StatisticsRefusedError where it cannot be fitted."""
    if len(frame.outcome_levels) < 2:
        raise StatisticsRefusedError("All people in this model are at the same level, so nothing can be compared.")
    return data.once(("multinomial", frame.model, frame.told), lambda: _fit(data, frame))


def multinomial_in_house(data: StudyData, frame: ModelFrame, body: Body) -> Body | None:
    """What is added to `body` in the house; None where nothing is."""
    return in_house(data, frame, body, fitted_multinomial(data, frame).fit)


def _fit(data: StudyData, frame: ModelFrame) -> Fitted:
    codes = frame.outcome.astype(np.intp)
    names = [term.name for term in frame.terms]
    apart = separated(frame)
    penalty = _penalty(frame, apart)
    level = 1 - data.plan.inference.alpha
    fit = multinomial(
        frame.design,
        codes,
        terms=names,
        levels=frame.outcome_levels,
        penalty=penalty,
        clusters=None if penalty == "firth" else frame.clusters,
        level=level,
    )
    doses = frame.dose_positions()
    ratio = None
    if fit.clusters is None and doses:
        ratio = likelihood_ratio_tests(
            frame.design,
            codes,
            terms=names,
            levels=frame.outcome_levels,
            predictors={names[position]: [names[position]] for position in doses},
            penalty=penalty,
        )
    return Fitted(
        frame=frame,
        fit=fit,
        apart=apart,
        wald=tuple(wald_test(fit, [names[position]]) for position in doses),
        ratio=ratio,
    )


def _penalty(frame: ModelFrame, apart: SeparationReport | None) -> Literal["firth", "none"]:
    """What the plan says; left to itself, Firth's where the levels are separated."""
    wanted = frame.model.penalty
    if wanted is Penalty.NONE and apart is not None:
        raise StatisticsRefusedError(
            "Maximum likelihood has no finite answer: some levels are told apart without exception.",
            alternative='Write penalty = "auto" or "firth" in the plan.',
        )
    return "firth" if wanted is Penalty.FIRTH or apart is not None else "none"


def _sentence(data: StudyData, fitted: Fitted, position: int, level: int) -> Sentence:
    frame, fit, key = fitted.frame, fitted.fit, fitted.frame.key
    return Sentence(
        f"{one_more(frame.terms[position])} was associated with {{ratio}} times the odds of "
        f"{level_phrase(data, frame, level)} rather than {level_phrase(data, frame, 0)} in "
        f"{outcome_phrase(data, frame)} ({{interval}}; {{p}}; n = {{n}}).",
        {
            "ratio": Number(float(np.exp(fit.coefficients[level - 1, position])), Quantity.RATIO, key),
            "interval": _interval(fit, level, position, key),
            "p": Number(float(fit.p[level - 1, position]), Quantity.P_VALUE, key),
            "n": CountRef(key),
        },
    )


def _test_sentence(fitted: Fitted, number: int) -> Sentence:
    frame, key = fitted.frame, fitted.frame.key
    term = frame.terms[frame.dose_positions()[number]]
    wald, ratio = fitted.wald[number], fitted.ratio
    slots: dict[str, Cell] = {
        "wald": Number(wald.statistic, Quantity.STATISTIC, key),
        "wald_df": Number(float(wald.df), Quantity.LEVEL),
        "wald_p": Number(wald.p, Quantity.P_VALUE, key),
    }
    named = "Wald χ²({wald_df})"
    if wald.df_denominator is not None:  # few clusters: F on clusters minus one
        named = "Wald F({wald_df}, {clusters_df})"
        slots["clusters_df"] = Number(float(wald.df_denominator), Quantity.LEVEL)
    text = f"Over all levels together, “{term.phrase}”: {named} = {{wald}}, {{wald_p}}"
    if ratio is not None:
        slots["ratio"] = Number(float(ratio.statistic[number]), Quantity.STATISTIC, key)
        slots["ratio_p"] = Number(float(ratio.p[number]), Quantity.P_VALUE, key)
        kind = "penalized likelihood ratio" if ratio.penalty == "firth" else "likelihood ratio"
        text += f"; {kind} χ²({{wald_df}}) = {{ratio}}, {{ratio_p}}"
    return Sentence(text + ".", slots)


def _separation_sentence(fitted: Fitted) -> tuple[Sentence, ...]:
    if fitted.apart is None:
        return ()
    terms = {term.name: term.label for term in fitted.frame.terms}
    named = ", ".join(terms.get(name, name) for name in fitted.apart.terms) or "a combination of terms"
    return (
        Sentence(
            "Maximum likelihood has no finite answer here: {terms} tells some levels apart without exception "
            "(separation). The estimates are Firth's, which stay finite, with intervals from the profile of the "
            "penalized likelihood.",
            {"terms": Text(named)},
        ),
    )


def _interval(fit: MultinomialFit, level: int, position: int, key: str) -> Interval:
    at = (level - 1, position)
    return odds_interval(float(fit.low[at]), float(fit.high[at]), level=fit.level, key=key)


def _coefficients(data: StudyData, fitted: Fitted) -> Table:
    frame = fitted.frame
    rows: list[Row] = []
    for level in range(1, len(frame.outcome_levels)):
        title = f"{capital(level_phrase(data, frame, level))}, against {level_phrase(data, frame, 0)}"
        rows.append(Row((Text(title), *(Blank() for _ in COLUMNS[1:])), heading=True))
        rows += [_row(fitted, level, position) for position in range(len(frame.terms))]
    return Table(
        id=f"model_{frame.model.id}",
        title=f"Multinomial logistic model of {outcome_phrase(data, frame)}",
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(Sentence(_note(fitted)), *(Sentence(note) for note in replaced_references(data, frame))),
    )


def _note(fitted: Fitted) -> str:
    method = "Firth's penalized likelihood" if fitted.fit.penalty == "firth" else "Maximum likelihood"
    clustered = fitted.frame.clusters is not None
    if clustered and fitted.fit.penalty == "none":
        return (
            f"{method}; standard errors clustered by {fitted.frame.model.cluster}; Wald intervals and p from t on the "
            f"number of clusters minus one, so the column z holds t."
        )
    ignored = f" The cluster {fitted.frame.model.cluster} is not accounted for in this fit." if clustered else ""
    profiled = fitted.fit.interval == "profile"
    return f"{method}; {'intervals and p from its profile' if profiled else 'Wald intervals and p'}.{ignored}"


def _row(fitted: Fitted, level: int, position: int) -> Row:
    fit, key = fitted.fit, fitted.frame.key
    at = (level - 1, position)

    def number(value: float, quantity: Quantity) -> Cell:
        return Number(float(value), quantity, key)

    return Row(
        (
            Text(fitted.frame.terms[position].label),
            Blank() if position == 0 else number(np.exp(fit.coefficients[at]), Quantity.RATIO),
            Blank() if position == 0 else _interval(fit, level, position, key),
            number(fit.coefficients[at], Quantity.COEFFICIENT),
            number(fit.standard_errors[at], Quantity.STANDARD_ERROR),
            number(fit.z[at], Quantity.STATISTIC),
            number(fit.p[at], Quantity.P_VALUE),
        ),
        indent=1,
    )


def _fit_table(data: StudyData, fitted: Fitted) -> Table:
    fit, key = fitted.fit, fitted.frame.key
    entries: Sequence[tuple[str, Cell]] = (
        ("n", CountRef(key)),
        ("Log-likelihood", Number(fit.log_likelihood, Quantity.DF, key)),  # with the null's it would give n away
        *_whole_model(fit, key),
        ("McFadden R²", Number(fit.mcfadden, Quantity.FIT, key)),
        ("Cox-Snell R²", Number(fit.cox_snell, Quantity.FIT, key)),
        ("Nagelkerke R²", Number(fit.nagelkerke, Quantity.FIT, key)),
    )
    return Table(
        id=f"model_{fitted.frame.model.id}-fit",
        behind=True,
        title=f"Fit of the multinomial model of {outcome_phrase(data, fitted.frame)}",
        columns=(Column("measure", "Measure"), Column("value", "Value")),
        rows=tuple(Row((Text(name), cell)) for name, cell in entries),
    )


def _whole_model(fit: MultinomialFit, key: str) -> tuple[tuple[str, Cell], ...]:
    """The likelihood-ratio test of the whole model; penalized and clustered fits have none."""
    if fit.lr_statistic is None or fit.lr_df is None or fit.lr_p is None:
        return (("Likelihood ratio χ², whole model", Text("not defined for this fit")),)
    return (
        ("Likelihood ratio χ², whole model", Number(fit.lr_statistic, Quantity.STATISTIC, key)),
        ("df", Number(float(fit.lr_df), Quantity.LEVEL)),
        ("p", Number(fit.lr_p, Quantity.P_VALUE, key)),
    )


def _forest(data: StudyData, fitted: Fitted) -> Figure:
    frame, fit = fitted.frame, fitted.fit
    rows = tuple(
        ForestRow(
            label=term.label,
            estimate=float(np.exp(fit.coefficients[level - 1, position])),
            low=float(np.exp(max(fit.low[level - 1, position], -FARTHEST))),
            high=float(np.exp(min(fit.high[level - 1, position], FARTHEST))),
            rests_on=frame.key,
            group=f"{capital(level_phrase(data, frame, level))}, against {level_phrase(data, frame, 0)}",
        )
        for level in range(1, len(frame.outcome_levels))
        for position, term in enumerate(frame.terms)
        if position
    )
    return Figure(
        id=f"forest_{frame.model.id}",
        title=f"What goes with {outcome_phrase(data, frame)}",
        drawing=Forest(rows=rows, x_label="Odds ratio, with its interval", reference=1.0, log_scale=True),
        alt=Sentence("Odds ratios with their intervals; the numbers stand in the table."),
    )


def _curves(data: StudyData, fitted: Fitted, position: int) -> Figure:
    frame, fit = fitted.frame, fitted.fit
    grid = dose_grid(frame, position)
    predicted = predicted_probability(fit, average_rows(frame, position, grid))
    term = frame.terms[position]
    curves = tuple(
        Curve(
            x=tuple(grid.tolist()),
            y=tuple(predicted.estimate[:, level].tolist()),
            low=tuple(predicted.low[:, level].tolist()),
            high=tuple(predicted.high[:, level].tolist()),
            x_label=term.label,
            y_label="Predicted share",
            level=fit.level,
            rests_on=frame.key,
            series=capital(level_phrase(data, frame, level)),
        )
        for level in range(len(frame.outcome_levels))
    )
    return Figure(
        id=f"dose_{frame.model.id}-{term.name}",
        title=f"{term.label} and {outcome_phrase(data, frame)}",
        drawing=Curves(curves=curves),
        alt=Sentence(
            f"Lines: predicted share of people at each level over {term.label}, everything else at its average."
        ),
    )
