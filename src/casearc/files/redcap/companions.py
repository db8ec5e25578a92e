"""The other files of a REDCap project: events, arms, forms, which form belongs to which event, and project settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from casearc.files.redcap.choices import parse_choices, plain
from casearc.files.redcap.dictionary import is_dictionary
from casearc.files.sheet import MissingCode, Sheet
from casearc.tables import FaultLog

CODES_COLUMN = "missing_data_codes"


def _has(*columns: str) -> Callable[[Sheet], bool]:
    return lambda sheet: set(columns) <= set(sheet.frame.columns)


COMPANIONS: Mapping[str, Callable[[Sheet], bool]] = MappingProxyType(
    {
        "dictionary": is_dictionary,
        "events": _has("event_name", "unique_event_name"),
        "arms": lambda sheet: set(sheet.frame.columns) == {"arm_num", "name"},
        "form_events": _has("arm_num", "unique_event_name", "form"),
        "instruments": _has("instrument_name", "instrument_label"),
        "project": _has("project_title", CODES_COLUMN),
    }
)
"""Role -> whether a sheet plays it, by the columns REDCap gives it.

``events``, ``arms``, ``form_events`` and ``instruments`` are what Designate Instruments for My Events and Define My
Events download; ``project`` is the project information of the programming interface, where the codes for missing stand.
"""


def event_labels(companions: Mapping[str, Sheet]) -> dict[str, str]:
    """Unique name of an event -> what it is called: ``Enrollment``, and with several arms ``Enrollment (Arm 1: A)``,
    as an export of labels writes it."""
    events = companions.get("events")
    if events is None:
        return {}
    frame = events.frame
    numbers = frame["arm_num"].to_list() if "arm_num" in frame.columns else [None] * frame.height
    arms = _pairs(companions.get("arms"), "arm_num", "name")
    several = len(set(numbers)) > 1
    found: dict[str, str] = {}
    for name, unique, arm in zip(frame["event_name"], frame["unique_event_name"], numbers, strict=True):
        words = plain(name)
        if unique and several:
            words += f" (Arm {arm}: {arms[arm]})" if arm in arms else f" (Arm {arm})"
        if unique:
            found[unique] = words
    return found


def form_labels(companions: Mapping[str, Sheet], forms: Sequence[str]) -> dict[str, str]:
    """Name of a form -> its title; a form nobody titled here is called by its name."""
    titles = _pairs(companions.get("instruments"), "instrument_name", "instrument_label")
    return {form: titles.get(form) or form for form in forms}


def _pairs(sheet: Sheet | None, key: str, value: str) -> dict[str, str]:
    if sheet is None:
        return {}
    return {
        code: plain(label) for code, label in zip(sheet.frame[key], sheet.frame[value], strict=True) if code and label
    }


def missing_codes(companions: Mapping[str, Sheet], log: FaultLog) -> tuple[MissingCode, ...]:
    """The project's codes for missing, from its settings; () where the file is not there, or has faults."""
    project = companions.get("project")
    if project is None:
        return ()
    cells = [cell for cell in project.frame[CODES_COLUMN] if cell]
    codes, problems = parse_choices(cells[0]) if cells else ({}, [])
    for problem, remedy in problems:
        log.add(problem, remedy, file=project.in_words, row=2, column=CODES_COLUMN)
    return tuple(MissingCode(code=code, name=label) for code, label in codes.items())


def twice(labels: Mapping[str, str]) -> set[str]:
    """Labels that more than one name has: an export of labels cannot be told back by them."""
    return {label for label, count in Counter(labels.values()).items() if count > 1}
