"""From `study.toml` to a `StudyPlan`, or to a list of everything wrong in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from casearc.errors import PlanRefusedError, UsageError
from casearc.findings import Role
from casearc.language import say
from casearc.study import entries, settings
from casearc.study.check import FLOOR, check_draft
from casearc.study.digest import digest
from casearc.study.draft import Draft, Placed
from casearc.study.faults import Entry, PlanFaults, refusal
from casearc.study.lines import lines_of_keys
from casearc.study.plan import Disclosure, Inference, Missing, Placement, Power, StudyPlan
from casearc.study.reader import Section
from casearc.study.vocabulary import Design
from casearc.tables import suggestion

T = TypeVar("T")

_ONCE = ("study", "service", "missing", "inference", "disclosure", "selection", "power", "coding")
_MANY = ("wave", "outcome", "dose", "covariate", "model", "profiles")


def read_plan(path: str | Path, *, floor: int = FLOOR) -> StudyPlan:
    """Read a study plan and check everything that can be checked without data.

    Parameters
    ----------
    path
        A `study.toml`. Instrument folders it names are taken relative to it.
    floor
        The agency's disclosure floor; the plan may only raise it.

    Raises
    ------
    PlanRefusedError
        With every fault of the plan, each with its place.
    UsageError
        There is no such file.

    Examples
    --------
    >>> read_plan("study.toml").outcomes[0].role  # doctest: +SKIP
    <Role.PRIMARY: 'primary'>
    """
    file = Path(path)
    if not file.is_file():
        is_folder = say("The plan {file} is a folder; name the plan in it, for example study.toml.", file=file.name)
        is_absent = say("The plan {file} is not there, for example study.toml.", file=file.name)
        raise UsageError(is_folder if file.is_dir() else is_absent)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PlanRefusedError(say("The plan {file} is not UTF-8 text. Save it as UTF-8.", file=file.name)) from None
    return parse_plan(text, source=file.name, folder=file.parent, floor=floor)


def parse_plan(text: str, *, source: str = "study.toml", folder: Path | None = None, floor: int = FLOOR) -> StudyPlan:
    """Read a plan from its text; `source` names it in messages, `folder` is where its instrument folders stand.

    Raises
    ------
    PlanRefusedError
        With every fault of the plan, each with its place.
    """
    values = _toml(text, source)
    faults = PlanFaults(file=source, lines=lines_of_keys(text, values))
    _refuse_unknown_sections(values, faults)
    study = _once(values, "study", faults)
    if "study" not in values:
        faults.add(
            None, say("The section [study] is missing."), say("Begin the plan with [study], title, program and design.")
        )
    title = study.text("title", required="study" in values)
    program = study.text("program", required="study" in values)
    design = study.choice("design", Design, required="study" in values)
    folders = study.texts("instruments") or ()
    seed = study.whole("seed", low=0)
    which = study.word("enrollments", ("first", "last", "each"))
    study.close()
    resolved = _folders(folders, folder, study)
    service = _once(values, "service", faults)
    starts = service.text("starts")
    service.close()
    coding = _once(values, "coding", faults).words()
    draft = _draft(values, faults, design=design, enrollments=which or "first")
    check_draft(draft, faults, floor=floor)
    faults.raise_if_any()
    if title is None or program is None or design is None:  # each has its fault, so this cannot be
        raise refusal(source, faults.found)
    plan = StudyPlan(
        title=title,
        program=program,
        design=design,
        waves=_items(draft.waves),
        outcomes=_items(draft.outcomes),
        instrument_folders=resolved,
        seed=seed or 0,
        service_starts=starts or "first_service_day",
        enrollments=draft.enrollments,
        doses=_items(draft.doses),
        dose_placements=draft.dose_placements,
        covariates=_items(draft.covariates),
        models=_items(draft.models),
        profiles=_items(draft.profiles),
        missing=draft.missing,
        inference=draft.inference,
        disclosure=draft.disclosure,
        coding=coding,
        selection=draft.selection,
        power=draft.power,
        instruments=folders,
        source=source,
    )
    return replace(plan, digest=digest(plan))


def _toml(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        reason = re.sub(r" *[(]at .*[)]$", "", str(error))
        where = say("line {line}, column {column}", line=at[1], column=at[2]) if at else say("at its end")
        raise PlanRefusedError(
            say(
                "The plan {file} is not valid TOML ({where}): {reason}. Texts stand in quotes, lists in square "
                "brackets, and no key comes twice in a section.",
                file=source,
                where=where,
                reason=reason,
            )
        ) from None


def _refuse_unknown_sections(values: Mapping[str, Any], faults: PlanFaults) -> None:
    for name, value in values.items():
        if name in (*_ONCE, *_MANY):
            continue
        near = suggestion(name, (*_ONCE, *_MANY))
        if isinstance(value, dict | list):
            known = ", ".join([*(f"[{each}]" for each in _ONCE), *(f"[[{each}]]" for each in _MANY)])
            faults.add(
                None, say('There is no section "{name}".', name=name), near or say("Sections: {known}.", known=known)
            )
        else:
            faults.add(
                None, say("The key stands outside every section."), near or say("Move it under its section."), key=name
            )


def _once(values: Mapping[str, Any], name: str, faults: PlanFaults) -> Section:
    value = values.get(name, {})
    if isinstance(value, dict):
        return Section(value, Entry(name), faults)
    faults.add(Entry(name), say("This section comes once."), say("Write [{name}] with single brackets.", name=name))
    return Section({}, Entry(name), faults)


def _draft(values: Mapping[str, Any], faults: PlanFaults, *, design: Design | None, enrollments: str) -> Draft:
    waves = _many(values, "wave", faults, entries.wave)
    in_time = [placed.item.name for placed in sorted(waves, key=lambda placed: placed.item.target_day)]
    doses = _many(values, "dose", faults, entries.dose)
    outcomes = _many(values, "outcome", faults, entries.outcome)
    primary = next((placed.item.id for placed in outcomes if placed.item.role is Role.PRIMARY), "")

    def once(name: str, read: Callable[[Section], T], usual: T) -> T:
        return read(_once(values, name, faults)) if name in values else usual

    return Draft(
        design=design,
        waves=waves,
        outcomes=outcomes,
        doses=tuple(Placed(placed.entry, placed.item[0]) for placed in doses),
        dose_placements={dose.id: place for dose, place in _items(doses) if place != Placement()},
        covariates=_many(values, "covariate", faults, entries.covariate),
        models=_many(values, "model", faults, lambda section: entries.model(section, in_time)),
        profiles=_many(values, "profiles", faults, entries.profiles),
        enrollments=enrollments,
        missing=once("missing", settings.missing, Missing()),
        inference=once("inference", settings.inference, Inference()),
        disclosure=once("disclosure", settings.disclosure, Disclosure()),
        selection=once("selection", lambda section: settings.selection(section, primary), None),
        power=once("power", settings.power, Power()),
        declared={name: tuple(_name(each) for each in _listed(values.get(name))) for name in _MANY},
    )


def _many(
    values: Mapping[str, Any], name: str, faults: PlanFaults, read: Callable[[Section], T | None]
) -> tuple[Placed[T], ...]:
    if name in values and not isinstance(values[name], list):
        faults.add(
            None,
            say("[{name}] may come several times.", name=name),
            say("Write [[{name}]] with double brackets.", name=name),
        )
    placed: list[Placed[T]] = []
    for number, each in enumerate(_listed(values.get(name)), start=1):
        entry = Entry(name, number, _name(each))
        item = read(Section(each, entry, faults))
        if item is not None:
            placed.append(Placed(entry, item))
    return tuple(placed)


def _listed(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _name(values: Mapping[str, Any]) -> str:
    name = values.get("id", values.get("name"))
    return name.strip() if isinstance(name, str) else ""


def _items(placed: tuple[Placed[T], ...]) -> tuple[T, ...]:
    return tuple(each.item for each in placed)


def _folders(written: tuple[str, ...], folder: Path | None, study: Section) -> tuple[str, ...]:
    base = folder or Path()
    for name in written:
        if not (base / name).is_dir():
            study.fault(
                say('There is no folder "{name}" beside the plan.', name=name),
                say("Instrument folders are named relative to the plan's file; those Casearc ships need no mention."),
                key="instruments",
            )
    return tuple(str((base / name).resolve()) for name in written)
