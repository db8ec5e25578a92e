"""Sections that come once, one function a section: a wrong key is noted, and its default kept meanwhile."""

from __future__ import annotations

from casearc.study.plan import Disclosure, Inference, Missing, Power, Selection
from casearc.study.reader import Section
from casearc.study.vocabulary import Multiplicity, Side, Waves


def missing(section: Section) -> Missing:
    """``[missing]``"""
    usual = Missing()
    items = section.word("items", ("house", "strict"))
    waves = section.choice("waves", Waves)
    imputations, iterations = section.whole("imputations"), section.whole("iterations")
    tipping = section.numbers("tipping")
    section.close()
    return Missing(
        items=items or usual.items,
        waves=waves or usual.waves,
        imputations=usual.imputations if imputations is None else imputations,
        iterations=usual.iterations if iterations is None else iterations,
        tipping=tipping or (),
    )


def inference(section: Section) -> Inference:
    """``[inference]``"""
    usual = Inference()
    alpha, bootstrap = section.number("alpha"), section.whole("bootstrap")
    multiplicity = section.choice("multiplicity", Multiplicity)
    section.close()
    return Inference(
        alpha=usual.alpha if alpha is None else alpha,
        multiplicity=multiplicity or usual.multiplicity,
        bootstrap=usual.bootstrap if bootstrap is None else bootstrap,
    )


def disclosure(section: Section) -> Disclosure:
    """``[disclosure]``"""
    threshold, edition = section.whole("threshold"), section.word("edition", ("outside", "in-house"))
    section.close()
    return Disclosure(threshold=threshold, edition=edition or Disclosure().edition)


def selection(section: Section, primary: str) -> Selection | None:
    """``[selection]``; `primary` is the id of the primary outcome, empty without one."""
    outcome = section.text("outcome", required=not primary)
    mean, sd = section.number("population_mean"), section.number("population_sd", required=True)
    retest, cut = section.number("retest", required=True), section.number("cut", required=True)
    enrolled = section.choice("enrolled", Side)
    if not section.close() or sd is None or retest is None or cut is None:
        return None
    return Selection(
        outcome=outcome or primary,
        population_sd=sd,
        retest=retest,
        cut=cut,
        population_mean=mean,
        enrolled=enrolled or Side.BELOW,
    )


def power(section: Section) -> Power:
    """``[power]``"""
    usual = Power()
    n, simulations = section.wholes("n"), section.whole("simulations")
    target, effect, effects = section.number("target"), section.number("effect"), section.named_numbers("effects")
    retest, attrition = section.number("retest"), section.number("attrition")
    missing_items, stages = section.number("missing_items"), section.named_numbers("stages")
    icc, clusters = section.number("icc"), section.whole("clusters")
    mean_count, overdispersion = section.number("mean_count"), section.number("overdispersion")
    section.close()
    return Power(
        n=n or usual.n,
        target=usual.target if target is None else target,
        simulations=usual.simulations if simulations is None else simulations,
        effect=usual.effect if effect is None else effect,
        effects=effects or {},
        retest=usual.retest if retest is None else retest,
        attrition=usual.attrition if attrition is None else attrition,
        missing_items=usual.missing_items if missing_items is None else missing_items,
        stages=stages or {},
        icc=usual.icc if icc is None else icc,
        clusters=usual.clusters if clusters is None else clusters,
        mean_count=usual.mean_count if mean_count is None else mean_count,
        overdispersion=usual.overdispersion if overdispersion is None else overdispersion,
    )
