"""What is told of a model of levels in the house only, since it counts people: whether there are enough of them at
each level, and how many the model puts at the level where they are."""

from __future__ import annotations

from dataclasses import replace

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.analyses.model_frame import ModelFrame, register
from casearc.analyses.stage_models.classified import classified
from casearc.analyses.stage_models.demand import demand
from casearc.findings import Body
from casearc.statistics.categorical import MultinomialFit, OrdinalFit


def in_house(data: StudyData, frame: ModelFrame, body: Body, fit: MultinomialFit | OrdinalFit) -> Body | None:
    """The finest telling: `body` with what counts people. None where nothing is to be added.

    Its n is printed as a count, since shares are; so it leaves the house only where every count may.
    """
    if len(frame.terms) < 2:
        return None
    ledger = Ledger(data)
    register(frame, ledger)
    said, evidence = demand(data, frame, ledger, fit)
    told = classified(data, frame, ledger, fit) if isinstance(fit, MultinomialFit) else None
    closed = ledger.close(Body())
    return replace(
        body,
        sentences=(*body.sentences, said, *(told.sentences if told else ())),
        tables=(*body.tables, *(told.tables if told else ())),
        counts={**body.counts, **closed.counts},
        partitions=tuple(dict.fromkeys((*body.partitions, *closed.partitions))),
        bases=body.bases - {frame.key},
        evidence=(*body.evidence, evidence),
    )
