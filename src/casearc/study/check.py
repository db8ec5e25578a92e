"""Checks of a plan that need no data: everything it refers to exists, and nothing runs against time."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from casearc.change import Wave, overlapping
from casearc.dose import DoseDefinition, dose_problems
from casearc.findings import Role
from casearc.language import say
from casearc.study.check_models import check_models
from casearc.study.check_profiles import check_profiles
from casearc.study.check_settings import check_settings
from casearc.study.draft import Draft, Placed
from casearc.study.faults import Entry, PlanFaults
from casearc.study.groupings import check_groupings
from casearc.study.limits import check_limits
from casearc.study.vocabulary import Design
from casearc.tables import suggestion

FLOOR = 11
"""The disclosure floor where the agency has set none; the same as that of `disclosure.Policy`."""

NEEDED_WAVES = {Design.DOUBLE_PRETEST: 3, Design.PRETEST_POSTTEST: 2}

RESERVED = frozenset(
    {
        *("participant_id", "enrollment_id", "site", "staff_id", "program", "first_service_day", "exit_day"),
        *("exit_reason", "outcome", "cluster", "level", "baseline"),
    }
)
"""Ids that a dose or covariate can't have, since analyses call other columns so."""


def check_draft(draft: Draft, faults: PlanFaults, *, floor: int) -> None:
    """Note every fault that shows without data."""
    _check_names(draft, faults)
    _check_waves(draft, faults)
    _check_outcomes(draft, faults)
    _check_doses(draft, faults)
    check_models(draft, faults)
    check_profiles(draft, faults)
    check_groupings(draft, faults)
    check_settings(draft, faults, floor=floor)
    check_limits(draft, faults)


def _check_names(draft: Draft, faults: PlanFaults) -> None:
    for section, names in draft.declared.items():
        seen: Counter[str] = Counter()
        for number, name in enumerate(names, start=1):
            seen[name] += 1
            if name and seen[name] > 1:
                key = "name" if section == "wave" else "id"
                problem = say("Number {number} has the same {key}.", number=names.index(name) + 1, key=key)
                faults.add(Entry(section, number, name), problem, say("Give each its own."), key=key)
    doses = draft.declared.get("dose", ())
    entries = [(each.entry, each.item.id) for each in draft.doses]
    for entry, name in [*entries, *((each.entry, each.item.id) for each in draft.covariates)]:
        if name in RESERVED:
            faults.add(entry, say("Casearc uses this name for a column of its own."), say("Choose another."), key="id")
    for covariate in draft.covariates:
        if covariate.item.id in doses:
            faults.add(covariate.entry, say("A dose has the same id."), say("Give each its own."), key="id")


def _check_waves(draft: Draft, faults: PlanFaults) -> None:
    declared = draft.declared.get("wave", ())
    if draft.design is not None and len(declared) < NEEDED_WAVES[draft.design]:
        needed = NEEDED_WAVES[draft.design]
        problem = say(
            "The design {design} needs {needed} waves, and the plan has {count}.",
            design=draft.design,
            needed=needed,
            count=len(declared),
        )
        remedy = say("Add a [[wave]].")
        if draft.design is Design.DOUBLE_PRETEST:
            remedy = say("Add one (two waves stand before services start, one after), or use pretest-posttest.")
        faults.add(Entry("study"), problem, remedy, key="design")
    for placed in draft.waves:
        first, last = placed.item.window
        if not first <= 0 <= last:
            problem = say("The target day lies outside its own window: window counts days from target_day.")
            faults.add(placed.entry, problem, say("Write, for example, window = [-30, 45]."), key="window")
    for earlier, later in pairwise(draft.waves):
        if later.item.target_day <= earlier.item.target_day:
            problem = say('The wave does not come after "{name}", which stands before it.', name=earlier.item.name)
            faults.add(later.entry, problem, say("List the waves in the order of time."), key="target_day")
    entries = {id(placed.item): placed.entry for placed in draft.waves}
    for one, other in overlapping([placed.item for placed in draft.waves]):
        problem = say(
            'Its window (days {first} to {last}) shares days with that of "{name}" (days {its_first} to {its_last}), '
            "so an administration could belong to both.",
            first=other.first_day,
            last=other.last_day,
            name=one.name,
            its_first=one.first_day,
            its_last=one.last_day,
        )
        faults.add(entries[id(other)], problem, say("Narrow one of them."), key="window")


def _check_outcomes(draft: Draft, faults: PlanFaults) -> None:
    if not draft.declared.get("outcome"):
        faults.add(None, say("The plan has no outcome."), say("Add an [[outcome]] with id, score, role and direction."))
    primary = [placed for placed in draft.outcomes if placed.item.role is Role.PRIMARY]
    for placed in primary[1:]:
        problem = say(
            'The outcome "{name}" is primary already, and a plan has one primary outcome at most.',
            name=primary[0].item.id,
        )
        faults.add(placed.entry, problem, say('Make this one "secondary".'), key="role")
    scores: dict[str, str] = {}
    for placed in draft.outcomes:
        other = scores.setdefault(placed.item.score, placed.item.id)
        if other != placed.item.id:
            faults.add(
                placed.entry,
                say('The outcome "{other}" follows the same score.', other=other),
                say("Remove one."),
                key="score",
            )


def _check_doses(draft: Draft, faults: PlanFaults) -> None:
    for placed in draft.doses:
        for problem in dose_problems(placed.item):
            faults.add(placed.entry, problem.problem, problem.remedy, key=problem.key)
        known = _check_edges(draft, placed, faults)
        if known and not dose_problems(placed.item):
            _check_order(draft, placed, faults)


def _check_edges(draft: Draft, placed: Placed[DoseDefinition], faults: PlanFaults) -> bool:
    """Note waves that do not exist; whether both ends of the window are known."""
    waves = draft.declared.get("wave", ())
    for key, edge in (("from", placed.item.start), ("to", placed.item.end)):
        if isinstance(edge, str) and edge not in waves:
            remedy = suggestion(edge, waves) or say(
                "Waves: {waves}; or a day as a whole number.", waves=", ".join(waves)
            )
            faults.add(placed.entry, say('There is no wave "{name}".', name=edge), remedy, key=key)
    return all(isinstance(edge, int) or draft.wave(edge) for edge in (placed.item.start, placed.item.end))


def _check_order(draft: Draft, placed: Placed[DoseDefinition], faults: PlanFaults) -> None:
    """Note a window that is empty for everybody."""
    start, end = placed.item.start, placed.item.end
    first, last = draft.wave(start), draft.wave(end)
    if _days(start, first)[0] >= _days(end, last)[1]:
        problem = say("The window ends before it starts, whenever the waves take place.")
        faults.add(placed.entry, problem, say("Dose runs from an earlier wave to a later one."), key="to")


def _days(edge: str | int, wave: Wave | None) -> tuple[int, int]:
    if isinstance(edge, int) or wave is None:
        return int(edge), int(edge)
    return wave.first_day, wave.last_day
