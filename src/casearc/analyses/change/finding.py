"""Did the scores change between waves? One finding for each outcome measured as a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casearc.analyses.change import groups
from casearc.analyses.change.criterion import Criterion, criterion_of
from casearc.analyses.change.direction import direction_table, direction_tests, note_directions
from casearc.analyses.change.measure import PairedChange, measure, wave_pairs
from casearc.analyses.change.methods import counted_by_method, method_sentence, method_table
from casearc.analyses.change.tables import bootstrap_table, change_table, size_table, test_table
from casearc.analyses.change.telling import change_sentence, change_tests, dots, shape_evidence, size_sentence
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.findings import Body, Figure, Finding, Role, Section, Sentence, Table, TestRun
from casearc.instruments import find_score
from casearc.study import Direction, Outcome

FINEST = 0


def change_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each numeric outcome of the plan, and for each score that must be set beside one of them."""
    for outcome in data.plan.outcomes:
        if not data.is_levels(outcome):
            yield _finding(data, outcome, planned=True)
    for outcome in set_beside(data):
        yield _finding(data, outcome, planned=False)


def set_beside(data: StudyData) -> tuple[Outcome, ...]:
    """Scores that an instrument's permitted use wants shown beside an outcome, where the plan does not name them.

    Readiness, for instance, is not a measure of progress; Action and Maintenance are read beside it.
    """
    planned = {outcome.score for outcome in data.plan.outcomes}
    uses = [data.score_definition(outcome).permitted_use for outcome in data.plan.outcomes]
    wanted = dict.fromkeys(score for use in uses if use is not None for score in use.show_beside)
    definitions = [find_score(data.instruments, score)[1] for score in wanted if score not in planned]
    return tuple(
        Outcome(
            id=definition.id,
            score=definition.id,
            role=Role.EXPLORATORY,
            direction=Direction(definition.direction),
        )
        for definition in definitions
    )


def _finding(data: StudyData, outcome: Outcome, *, planned: bool) -> Finding:
    changes = [measure(data, outcome, pair) for pair in wave_pairs(data)]
    usable = [change for change in changes if len(change.before) > 1]
    refusal = "" if usable else "Nobody has this score at two waves, so no change can be measured."
    return Finding(
        id=f"change.{outcome.id}",
        section=Section.CHANGE,
        title=f"Change in {data.label(outcome)}",
        plan_item=f"outcome.{outcome.id}" if planned else None,
        role=outcome.role,
        warnings=data.cautions(outcome),
        refusal=refusal,
        bodies=() if refusal else tuple(_bodies(data, outcome, usable)),
    )


def _bodies(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> Iterator[Body]:
    """From all counts of people to none of them."""
    main = changes[-1]
    criterion = criterion_of(data, outcome, main.before, main.first)
    details = range(len(groups.MEMBERS)) if criterion is not None else (FINEST,)
    for detail in (*details, None):
        yield _Telling(data, outcome, changes, criterion).body(detail)


class _Telling:
    """One body while it is written."""

    def __init__(
        self, data: StudyData, outcome: Outcome, changes: Sequence[PairedChange], criterion: Criterion | None
    ) -> None:
        self.data, self.outcome, self.changes, self.criterion = data, outcome, changes, criterion
        self.main = changes[-1]
        self.ledger = Ledger(data)
        for change in changes:
            self.ledger.base(self.ledger.paired(outcome, change.first, change.second))
        self.sentences: list[Sentence] = [change_sentence(data, outcome, change) for change in changes]
        self.headline = self.sentences[-1]
        self.tables: list[Table] = [make(data, outcome, changes) for make in (change_table, test_table, size_table)]
        self.figures: list[Figure] = []
        self.tests: list[TestRun] = [test for change in changes for test in self._tests_of(change)]

    def _tests_of(self, change: PairedChange) -> Iterator[TestRun]:
        return change_tests(self.data, self.outcome, change, leads=change is self.main)

    def body(self, detail: int | None) -> Body:
        """The body at one level of detail; None leaves all counts of people by change out."""
        self.sentences += size_sentence(self.main)
        if self.data.plan.inference.bootstrap:
            self.tables.append(bootstrap_table(self.data, self.outcome, self.changes))
        if self.criterion is not None and detail is not None:
            self._add_groups(self.criterion, detail)
        if detail == FINEST:
            self._add_directions()
            self.figures.append(dots(self.data, self.outcome, self.main, self.criterion))
        if self.criterion is not None and detail == FINEST:
            self._add_methods(self.criterion)
        return self.ledger.close(
            Body(
                headline=self.headline,
                sentences=tuple(self.sentences),
                tables=tuple(self.tables),
                figures=tuple(self.figures),
                told=groups.told(self.outcome, detail),
                tests=tuple(self.tests),
                evidence=shape_evidence(self.data, self.outcome, self.main),
            )
        )

    def _add_groups(self, criterion: Criterion, detail: int) -> None:
        grouped = groups.group_by_change(
            self.data,
            self.outcome,
            self.ledger,
            pair=(self.main.first, self.main.second),
            difference=self.main.difference,
            criterion=criterion,
            detail=detail,
        )
        self.tables.append(groups.table(grouped))
        self.figures.append(groups.figure(grouped))
        self.sentences.append(groups.sentence(grouped))
        self.headline = groups.joined(self.headline, grouped)

    def _add_directions(self) -> None:
        for change in self.changes:
            note_directions(self.ledger, change)
        if self.criterion is not None:
            groups.tie_to_direction(self.ledger, self.outcome, self.main.key)
        self.tables.append(direction_table(self.data, self.outcome, self.changes))
        self.tests += direction_tests(self.data, self.outcome, self.changes)

    def _add_methods(self, criterion: Criterion) -> None:
        counted = counted_by_method(self.outcome, self.main, criterion, self.ledger)
        self.tables.append(
            method_table(self.data, self.outcome, self.main, criterion, counted=counted, ledger=self.ledger)
        )
        self.sentences.append(method_sentence(self.outcome, self.main, counted))
