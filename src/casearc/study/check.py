"""Checks of a plan that need no data: everything it refers to exists, and nothing runs against time."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from casearc.change import Wave, overlapping
from casearc.dose import DoseDefinition, dose_problems
from casearc.findings import Role
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
                problem = f"Number {names.index(name) + 1} has the same {key}."
                faults.add(Entry(section, number, name), problem, "Give each its own.", key=key)
    doses = draft.declared.get("dose", ())
    entries = [(each.entry, each.item.id) for each in draft.doses]
    for entry, name in [*entries, *((each.entry, each.item.id) for each in draft.covariates)]:
        if name in RESERVED:
            faults.add(entry, "Casearc uses this name for a column of its own.", "Choose another.", key="id")
    for covariate in draft.covariates:
        if covariate.item.id in doses:
            faults.add(covariate.entry, "A dose has the same id.", "Give each its own.", key="id")


def _check_waves(draft: Draft, faults: PlanFaults) -> None:
    declared = draft.declared.get("wave", ())
    if draft.design is not None and len(declared) < NEEDED_WAVES[draft.design]:
        needed = NEEDED_WAVES[draft.design]
        problem = f"The design {draft.design} needs {needed} waves, and the plan has {len(declared)}."
        remedy = "Add a [[wave]]"
        if draft.design is Design.DOUBLE_PRETEST:
            remedy = "Add one (two waves stand before services start, one after), or use pretest-posttest"
        faults.add(Entry("study"), problem, f"{remedy}.", key="design")
    for placed in draft.waves:
        first, last = placed.item.window
        if not first <= 0 <= last:
            problem = "The target day lies outside its own window: window counts days from target_day."
            faults.add(placed.entry, problem, "Write, for example, window = [-30, 45].", key="window")
    for earlier, later in pairwise(draft.waves):
        if later.item.target_day <= earlier.item.target_day:
            problem = f'The wave does not come after "{earlier.item.name}", which stands before it.'
            faults.add(later.entry, problem, "List the waves in the order of time.", key="target_day")
    entries = {id(placed.item): placed.entry for placed in draft.waves}
    for one, other in overlapping([placed.item for placed in draft.waves]):
        problem = (
            f'Its window (days {other.first_day} to {other.last_day}) shares days with that of "{one.name}" '
            f"(days {one.first_day} to {one.last_day}), so an administration could belong to both."
        )
        faults.add(entries[id(other)], problem, "Narrow one of them.", key="window")


def _check_outcomes(draft: Draft, faults: PlanFaults) -> None:
    if not draft.declared.get("outcome"):
        faults.add(None, "The plan has no outcome.", "Add an [[outcome]] with id, score, role and direction.")
    primary = [placed for placed in draft.outcomes if placed.item.role is Role.PRIMARY]
    for placed in primary[1:]:
        problem = f'The outcome "{primary[0].item.id}" is primary already, and a plan has one primary outcome at most.'
        faults.add(placed.entry, problem, 'Make this one "secondary".', key="role")
    scores: dict[str, str] = {}
    for placed in draft.outcomes:
        other = scores.setdefault(placed.item.score, placed.item.id)
        if other != placed.item.id:
            faults.add(placed.entry, f'The outcome "{other}" follows the same score.', "Remove one.", key="score")


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
            remedy = suggestion(edge, waves) or f"Waves: {', '.join(waves)}; or a day as a whole number."
            faults.add(placed.entry, f'There is no wave "{edge}".', remedy, key=key)
    return all(isinstance(edge, int) or draft.wave(edge) for edge in (placed.item.start, placed.item.end))


def _check_order(draft: Draft, placed: Placed[DoseDefinition], faults: PlanFaults) -> None:
    """Note a window that is empty for everybody."""
    start, end = placed.item.start, placed.item.end
    first, last = draft.wave(start), draft.wave(end)
    if _days(start, first)[0] >= _days(end, last)[1]:
        problem = "The window ends before it starts, whenever the waves take place."
        faults.add(placed.entry, problem, "Dose runs from an earlier wave to a later one.", key="to")


def _days(edge: str | int, wave: Wave | None) -> tuple[int, int]:
    if isinstance(edge, int) or wave is None:
        return int(edge), int(edge)
    return wave.first_day, wave.last_day
