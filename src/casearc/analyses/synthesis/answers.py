"""What this study can say to each question of a reporting guideline; None where only the authors can."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from casearc.analyses.dataset import StudyData
from casearc.findings import Cell, Finding, Role, Section, SectionRef, Sentence, Tally
from casearc.study import Design, Family, ModelKind, in_time
from casearc.study.wording import model_label

Answer = Callable[[StudyData, Sequence[Finding]], Cell | None]

_DESIGNS = {
    Design.DOUBLE_PRETEST: "one group with a double pretest",
    Design.PRETEST_POSTTEST: "one group measured before and after",
}
_KINDS = {
    ModelKind.LINEAR: "linear regression",
    ModelKind.MULTINOMIAL: "multinomial logistic regression",
    ModelKind.ORDINAL: "ordinal logistic regression",
    ModelKind.COUNT: "count regression",
    ModelKind.MIXED: "mixed models",
}


def _design(data: StudyData, _: Sequence[Finding]) -> Cell:
    waves = ", ".join(wave.name.replace("_", " ") for wave in in_time(data.plan.waves))
    return Sentence(
        f"Design for the title: {_DESIGNS[data.plan.design]}, measured at {waves}; nobody was assigned to a dose. "
        "The abstract is the authors'."
    )


def _theory(data: StudyData, findings: Sequence[Finding]) -> Cell | None:
    return _see(Section.MAP, "Where each measure stands in theory: see {section}. The rest is the authors'.")(
        data, findings
    )


def _eligibility(data: StudyData, _: Sequence[Finding]) -> Cell:
    return Sentence(
        f"Everybody with an enrollment in the records of {data.plan.program}; the first enrollment of each. How people "
        "came to the program is the authors' to say."
    )


def _setting(data: StudyData, _: Sequence[Finding]) -> Cell:
    sites = data.people["site"].drop_nulls().n_unique()
    where = "{sites} sites" if sites > 1 else "one site"
    slots: dict[str, Cell] = {"sites": Tally(sites)} if sites > 1 else {}
    return Sentence(f"{data.plan.program}, {where}. Dates are the authors' to say.", slots)


def _doses(data: StudyData, findings: Sequence[Finding]) -> Cell | None:
    return _see(Section.DOSE, "What was delivered, how often and for how long: see {section}.")(data, findings)


def _questions(data: StudyData, _: Sequence[Finding]) -> Cell | None:
    if not data.plan.models:
        return None
    labels = "; ".join(model_label(model) for model in data.plan.models)
    return Sentence(f"As planned: {labels}. Hypotheses are the authors'.")


def _outcomes(data: StudyData, findings: Sequence[Finding]) -> Cell:
    named = {
        word: [data.label(outcome) for outcome in data.plan.outcomes if outcome.role is role]
        for role, word in ((Role.PRIMARY, "primary"), (Role.SECONDARY, "secondary"), (Role.EXPLORATORY, "exploratory"))
    }
    told = "; ".join(f"{word}: {', '.join(labels)}" for word, labels in named.items() if labels)
    return Sentence(f"{told[:1].upper()}{told[1:]}. Their quality: see {{section}}.", _at(Section.INSTRUMENTS))


def _measures(data: StudyData, findings: Sequence[Finding]) -> Cell:
    names = ", ".join(dict.fromkeys(instrument.title for instrument in data.instruments))
    return Sentence(f"{names}; services from the program's own records. See {{section}}.", _at(Section.INSTRUMENTS))


def _variables(data: StudyData, findings: Sequence[Finding]) -> Cell:
    return Sentence(
        "Outcomes, doses and covariates with their definitions: see the plan, said back, at the end of the report."
    )


def _groupings(data: StudyData, findings: Sequence[Finding]) -> Cell:
    return Sentence(
        "Numbers enter as they are; levels by the plan, merged where too few people are at one; each merging is told "
        "under its result."
    )


def _sample_size(data: StudyData, findings: Sequence[Finding]) -> Cell | None:
    power = getattr(data.plan, "power", None)
    if power is None:
        return None
    return Sentence("Everybody enrolled in the time of the study; what that can show: casearc power, on the same plan.")


def _assignment(data: StudyData, findings: Sequence[Finding]) -> Cell:
    return Sentence(
        "Nothing was assigned: all received services, and how much followed from need, engagement and staff. What was "
        "done against that: see {section}.",
        _at(Section.THREATS),
    )


def _unit(data: StudyData, findings: Sequence[Finding]) -> Cell:
    clusters = sorted({model.cluster.replace("_", " ") for model in data.plan.models if model.cluster})
    if clusters:
        return Sentence(f"The participant; likeness within {' and '.join(clusters)} is allowed for in models.")
    return Sentence("The participant; likeness within workers or sites is not allowed for.")


def _methods(data: StudyData, findings: Sequence[Finding]) -> Cell:
    kinds = list(dict.fromkeys(_KINDS[model.kind] for model in data.plan.models))
    confirm = any(model.family is Family.CONFIRMATORY for model in data.plan.models)
    told = f" and {', '.join(kinds)}" if kinds else ""
    planned = " Confirmatory models were named beforehand." if confirm else ""
    return Sentence(f"Paired tests of change{told}, as the plan, said back, tells in full.{planned}")


def _models(data: StudyData, findings: Sequence[Finding]) -> Cell | None:
    return _see(Section.DOSE_RESPONSE, "Each model with what it is adjusted for: see {section}.")(data, findings)


def _summary(data: StudyData, findings: Sequence[Finding]) -> Cell:
    return Sentence("The first page of this report.")


def _at(section: Section) -> dict[str, Cell]:
    return {"section": SectionRef(section)}


def _see(section: Section, template: str = "See {section}.") -> Answer:
    """Point at a section, if it holds a result."""

    def answer(data: StudyData, findings: Sequence[Finding]) -> Cell | None:
        told = any(finding.section is section and finding.bodies for finding in findings)
        return Sentence(template, _at(section)) if told else None

    return answer


ANSWERS: Mapping[str, Answer] = {
    "analyzed": _see(Section.FLOW, "Everybody enrolled is counted: see {section}. Each result says its n."),
    "assignment": _assignment,
    "baseline": _see(Section.PARTICIPANTS),
    "design": _design,
    "doses": _doses,
    "eligibility": _eligibility,
    "equivalence": _see(Section.ATTRITION, "There is one group; those lost beside those kept: see {section}."),
    "estimates": _see(Section.CHANGE),
    "flow": _see(Section.FLOW),
    "groupings": _groupings,
    "harms": _see(Section.CHANGE, "Those who got worse are told beside those who got better: see {section}."),
    "measures": _measures,
    "methods": _methods,
    "models": _models,
    "outcomes": _outcomes,
    "questions": _questions,
    "sample_size": _sample_size,
    "setting": _setting,
    "summary": _summary,
    "tests": _see(Section.TESTS),
    "theory": _theory,
    "threats": _see(Section.THREATS),
    "unit": _unit,
    "variables": _variables,
}
