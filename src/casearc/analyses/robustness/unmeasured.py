"""Could something nobody measured explain it: robustness values, E-values, and covariates to hold them against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.analyses.model_frame import ModelFrame, coarsened, finest, register, separated
from casearc.analyses.wording import capital
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Body,
    Cell,
    Column,
    Evidence,
    Finding,
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
from casearc.statistics.categorical import average_contrast, multinomial
from casearc.statistics.linear import linear
from casearc.statistics.sensitivity import (
    EValue,
    RobustnessValue,
    e_value,
    e_value_mean_difference,
    robustness_value,
)
from casearc.study import Model, ModelKind
from casearc.study.wording import model_label

Floats = npt.NDArray[np.float64]

SMALL = 0.1
"""Something that explains a tenth of what is left of dose and outcome is easily imagined in such a program."""

WHAT_IT_SAYS = (
    "These numbers say how strong something unmeasured would have to be, not whether there is such a thing; and they "
    "say nothing of how people were selected or measured."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """A covariate to hold an unmeasured one against: what it explains of what is left of dose and outcome."""

    label: str
    of_dose: float
    of_outcome: float


def unmeasured_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each linear and multinomial model with a dose."""
    for model in data.plan.models:
        if model.doses and model.kind in (ModelKind.LINEAR, ModelKind.MULTINOMIAL):
            yield _finding(data, model)


def _finding(data: StudyData, model: Model) -> Finding:
    bodies = tuple(_bodies(data, model))
    return Finding(
        id=f"robustness.unmeasured.{model.id}",
        section=Section.ROBUSTNESS,
        title=f"Something unmeasured: {model_label(model)}",
        plan_item=f"model.{model.id}",
        role=Role.EXPLORATORY,
        bodies=bodies,
        refusal="" if bodies else "The model was not fitted, so there is nothing to explain away.",
    )


def _bodies(data: StudyData, model: Model) -> Iterator[Body]:
    coarse = coarsened(data, model)
    tell = _linear if model.kind is ModelKind.LINEAR else _multinomial
    for frame in (finest(data, model), coarse if coarse is not None and coarse.told else None):
        if frame is None or frame.n == 0 or not frame.dose_positions():
            continue
        try:
            yield tell(data, frame)
        except StatisticsRefusedError:
            continue


def _linear(data: StudyData, frame: ModelFrame) -> Body:
    position = frame.dose_positions()[0]
    names = [term.name for term in frame.terms]
    level = 1 - data.plan.inference.alpha
    honest = linear(frame.design, frame.outcome, terms=names, level=level)
    alpha = data.plan.inference.alpha
    robust = robustness_value(frame.design, frame.outcome, terms=names, term=names[position], alpha=alpha)
    found = e_value_mean_difference(
        float(honest.coefficients[position]),
        low=float(honest.low[position]),
        high=float(honest.high[position]),
        sd=float(np.std(frame.outcome, ddof=1)),
        contrast=float(np.std(frame.design[:, position], ddof=1)),
    )
    like = _strongest(frame, position)
    sentences = (_robust_sentence(frame, robust, like), _e_sentence(frame, found, "one SD more of the dose"))
    table = _linear_table(frame, robust, found, like)
    return _closed(data, frame, sentences, table, weak=robust.robustness_alpha < SMALL)


def _strongest(frame: ModelFrame, position: int) -> Like | None:
    """The covariate that explains most of what is left of the outcome, and what it explains of the dose."""
    names = [term.name for term in frame.terms]
    outcome = linear(frame.design, frame.outcome, terms=names, covariance="classical")
    others = [i for i, term in enumerate(frame.terms) if i and not term.is_dose]
    if not others:
        return None
    shares = {i: _partial(float(outcome.t[i]), outcome.df_residual) for i in others}
    best = max(shares, key=lambda i: shares[i])
    keep = [i for i in range(len(names)) if i != position]
    dose = linear(
        frame.design[:, keep], frame.design[:, position], terms=[names[i] for i in keep], covariance="classical"
    )
    of_dose = _partial(float(dose.t[keep.index(best)]), dose.df_residual)
    return Like(label=frame.terms[best].phrase, of_dose=of_dose, of_outcome=shares[best])


def _limit(found: EValue) -> float:
    """The E-value of the limit; 1, no confounding needed, where there is none."""
    return 1.0 if found.e_value_limit is None else found.e_value_limit


def _partial(t: float, df: int) -> float:
    return t**2 / (t**2 + df)


def _robust_sentence(frame: ModelFrame, robust: RobustnessValue, like: Like | None) -> Sentence:
    key = frame.key
    slots: dict[str, Cell] = {
        "rv": Number(robust.robustness, Quantity.PROPORTION, key),
        "rv_alpha": Number(robust.robustness_alpha, Quantity.PROPORTION, key),
    }
    text = (
        "Something unmeasured would have to explain {rv} of what is left of both dose and outcome to explain the whole "
        "association, and {rv_alpha} to bring its interval to hold none"
    )
    if like is None:
        return Sentence(f"{text}.", slots)
    slots |= {
        "of_dose": Number(like.of_dose, Quantity.PROPORTION, key),
        "of_outcome": Number(like.of_outcome, Quantity.PROPORTION, key),
    }
    return Sentence(
        f"{text}. For comparison, “{like.label}”, the strongest covariate measured, explains {{of_dose}} of the dose "
        "and {of_outcome} of the outcome.",
        slots,
    )


def _e_sentence(frame: ModelFrame, found: EValue, contrast: str) -> Sentence:
    return Sentence(
        f"E-value for {contrast}: {{e}} for the estimate, {{e_limit}} for the limit (risk ratios that something "
        "unmeasured would need with both dose and outcome; 1 means none is needed).",
        {
            "e": Number(found.e_value, Quantity.RATIO, frame.key),
            "e_limit": Number(_limit(found), Quantity.RATIO, frame.key),
        },
    )


def _linear_table(frame: ModelFrame, robust: RobustnessValue, found: EValue, like: Like | None) -> Table:
    key = frame.key
    entries: list[tuple[str, Cell]] = [
        ("Robustness value, whole association", Number(robust.robustness, Quantity.PROPORTION, key)),
        ("Robustness value, interval", Number(robust.robustness_alpha, Quantity.PROPORTION, key)),
        ("Partial R² of the dose", Number(robust.partial_r_squared, Quantity.FIT, key)),
        ("E-value, estimate (approximate)", Number(found.e_value, Quantity.RATIO, key)),
        ("E-value, limit (approximate)", Number(_limit(found), Quantity.RATIO, key)),
    ]
    if like is not None:
        entries += [
            (f"“{like.label}”: share of the dose", Number(like.of_dose, Quantity.PROPORTION, key)),
            (f"“{like.label}”: share of the outcome", Number(like.of_outcome, Quantity.PROPORTION, key)),
        ]
    return _measures(frame, entries)


def _measures(frame: ModelFrame, entries: list[tuple[str, Cell]]) -> Table:
    return Table(
        id=f"unmeasured_{frame.model.id}",
        title="How strong something unmeasured would have to be",
        columns=(Column("measure", "Measure"), Column("value", "Value")),
        rows=tuple(Row((Text(name), cell)) for name, cell in entries),
        notes=(Sentence(WHAT_IT_SAYS),),
    )


def _multinomial(data: StudyData, frame: ModelFrame) -> Body:
    """From risk ratios of marginal predictions at one SD above against one SD below the mean dose."""
    position = frame.dose_positions()[0]
    names = [term.name for term in frame.terms]
    firth = separated(frame) is not None
    fit = multinomial(
        frame.design,
        frame.outcome.astype(np.intp),
        terms=names,
        levels=frame.outcome_levels,
        penalty="firth" if firth else "none",
        level=1 - data.plan.inference.alpha,
        interval="wald",
    )
    dose = frame.design[:, position]
    low, high = frame.design.copy(), frame.design.copy()
    low[:, position] = dose.mean() - dose.std(ddof=1)
    high[:, position] = dose.mean() + dose.std(ddof=1)
    contrast = average_contrast(fit, low, high)
    values = [
        e_value(float(contrast.ratio[j]), low=float(contrast.ratio_low[j]), high=float(contrast.ratio_high[j]))
        for j in range(len(frame.outcome_levels))
    ]
    strongest = max(range(len(values)), key=lambda j: _limit(values[j]))
    label = frame.outcome_levels[strongest].replace("_", " ")
    said = _e_sentence(frame, values[strongest], f"{label}, dose one SD above against one SD below its mean")
    entries: list[tuple[str, Cell]] = []
    for j, name in enumerate(frame.outcome_levels):
        text = capital(name.replace("_", " "))
        entries += [
            (f"{text}: risk ratio", Number(float(contrast.ratio[j]), Quantity.RATIO, frame.key)),
            (f"{text}: E-value, estimate", Number(values[j].e_value, Quantity.RATIO, frame.key)),
            (f"{text}: E-value, limit", Number(_limit(values[j]), Quantity.RATIO, frame.key)),
        ]
    return _closed(
        data, frame, (said,), _measures(frame, entries), weak=_limit(values[strongest]) <= 1.0, separated_=firth
    )


def _closed(
    data: StudyData,
    frame: ModelFrame,
    sentences: tuple[Sentence, ...],
    table: Table,
    *,
    weak: bool,
    separated_: bool = False,
) -> Body:
    ledger = Ledger(data)
    register(frame, ledger)
    if separated_:  # as in the model itself: separation tells that a group is all alike
        ledger.support(f"{frame.key}:exceptions_to_separation", 0)
    title = model_label(frame.model)
    start = Sentence(f"“{title}”: {sentences[0].template}", sentences[0].slots)
    evidence = Evidence(threat=Threat.CONFOUNDING, verdict=Verdict.OPEN if weak else Verdict.WEAKENED, said=start)
    return ledger.close(Body(sentences=sentences, tables=(table,), told=frame.told, evidence=(evidence,)))
