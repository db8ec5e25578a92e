"""Responses as wide sheets, one a questionnaire: a row a response, a column a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from casearc.files.fhir.answers import Answers
from casearc.files.fhir.names import ABOUT, RELATIVE_COLUMNS, STATUSES, last_part
from casearc.files.fhir.people import encounter, participant, relative_day, response_id
from casearc.files.fhir.resources import Resource
from casearc.files.fhir.values import in_utc, moment_text
from casearc.files.limits import few_enough_cells
from casearc.files.sheet import Field, Holds, Sheet, places_of, text_cells
from casearc.language import say, to_say
from casearc.tables import FaultLog

ROWS_ARE_RESOURCES = to_say(
    "Rows are counted as the file's resources, the first being 1 (its lines, where each line is one)."
)
_MISTAKEN = "entered-in-error"
_LABELS = {
    "response_id": "Id of the response",
    "participant": "Id of the person the answers are about",
    "encounter": "Id of the encounter it was given in",
    "authored": to_say("When the answers were given or last changed"),
    "language": "Language of the answers",
    "status": "Whether it is finished",
    "questionnaire": "Address of the questionnaire",
    "version": "Version of the questionnaire",
    "enrollment": "Enrollment from whose start days are counted",
    "day": "Days since the enrollment's start",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Response:
    """A response with its id and questionnaire made out."""

    id: str
    resource: Resource
    address: str
    version: str

    @property
    def content(self) -> dict[str, Any]:
        return self.resource.content

    @property
    def age(self) -> tuple[int, str, int]:
        """Orders the versions of one response: by their number, the time they were stored, the place in the file."""
        meta = self.content.get("meta")
        told = meta if isinstance(meta, dict) else {}
        number = str(told.get("versionId") or "")
        return int(number) if number.isdecimal() else 0, str(told.get("lastUpdated") or ""), self.resource.number


def response_sheets(
    resources: Sequence[Resource], *, name: str, log: FaultLog, ids: Mapping[str, str]
) -> tuple[Sheet, ...]:
    """One wide sheet a questionnaire; () where there are no responses or after logging a fault."""
    counts: Counter[str] = Counter()
    kept = _current([_made_out(each, counts) for each in resources], counts)
    groups: dict[str, list[_Response]] = {}
    for each in kept:
        groups.setdefault(each.address, []).append(each)
    names = _names(name, groups, ids)
    sheets = [_sheet(groups[address], names[address], log=log, ids=ids) for address in groups]
    notes = tuple(say("Responses {what}: {count:,}.", what=say(words), count=count) for words, count in counts.items())
    return tuple(replace(each, notes=(say(ROWS_ARE_RESOURCES), *notes, *each.notes)) for each in sheets if each)


def _made_out(resource: Resource, counts: Counter[str]) -> _Response:
    found = response_id(resource.content, resource.address)
    if not found:
        counts[
            to_say("without an id; they are called after their place in the file, which another export may change")
        ] += 1
    address, _, version = str(resource.content.get("questionnaire") or "").partition("|")
    if not address:
        counts[to_say("that do not say which questionnaire they answer")] += 1
    return _Response(
        id=found or f"resource-{resource.number}",
        resource=resource,
        address=address.partition("#")[0].strip(),
        version=version.strip(),
    )


def _current(responses: Sequence[_Response], counts: Counter[str]) -> list[_Response]:
    """The latest version of each response, without those entered in error; in the file's order."""
    latest: dict[str, _Response] = {}
    for each in sorted(responses, key=lambda response: response.age):
        latest[each.id] = each
    if len(latest) < len(responses):
        counts[to_say("set aside because a later version of them is in the file")] = len(responses) - len(latest)
    sound = [each for each in responses if latest[each.id] is each and each.content.get("status") != _MISTAKEN]
    if len(sound) < len(latest):
        counts[to_say("set aside because they are marked as entered in error")] = len(latest) - len(sound)
    return sound


def _names(name: str, addresses: Iterable[str], ids: Mapping[str, str]) -> dict[str, str]:
    """What each questionnaire's sheet is called: the file's name, and the questionnaire's where there are several."""
    listed = list(addresses)
    if len(listed) == 1:
        return {listed[0]: name}
    short = {each: last_part(ids.get(each, each)) or "unnamed" for each in listed}
    taken = Counter(short.values())
    numbered: Counter[str] = Counter()
    names = {}
    for each in listed:
        numbered[short[each]] += 1
        end = f" {numbered[short[each]]}" if taken[short[each]] > 1 else ""
        names[each] = f"{name}#{short[each]}{end}"
    return names


def _sheet(responses: Sequence[_Response], name: str, *, log: FaultLog, ids: Mapping[str, str]) -> Sheet | None:
    answers = Answers()
    for row, each in enumerate(responses):
        answers.take(each.content.get("item"), row=row)
    if answers.too_deep:
        log.add(
            say("Questions lie inside questions deeper than any questionnaire does."),
            say("Export it again."),
            file=name,
        )
        return None
    about, counts = _about(responses, ids)
    found = answers.frame(len(responses))
    if not few_enough_cells(rows=found.height, columns=about.width + found.width, name=name, log=log):
        return None
    frame = text_cells(pl.concat([about, found], how="horizontal"))
    notes = [
        *(say("Responses {what}: {count:,}.", what=say(words), count=count) for words, count in counts.items()),
        *answers.notes(),
    ]
    if about["version"].n_unique() > 1:
        notes.append(say("The responses were given to several versions of the questionnaire (column version)."))
    return Sheet(
        name=name,
        format="fhir",
        frame=frame,
        places=places_of(name, [each.resource.number for each in responses]),
        fields=_about_fields(about) | answers.fields(),
        notes=tuple(notes),
    )


def _about(responses: Sequence[_Response], ids: Mapping[str, str]) -> tuple[pl.DataFrame, Counter[str]]:
    """The columns that are about a response, not in it."""
    counts: Counter[str] = Counter()
    rows = []
    for each in responses:
        who, days, authored = participant(each.content, ids), relative_day(each.content), each.content.get("authored")
        if who.why:
            counts[who.why] += 1
        if in_utc(authored):
            counts[to_say("whose moment is told in UTC, so that its day may not be the day it was locally")] += 1
        row = (
            *(each.id, who.id, encounter(each.content, ids), moment_text(authored) if authored else None),
            *(each.content.get("language"), each.content.get("status"), each.address, each.version),
        )
        rows.append((*row, *(days or (None, None))))
    schema = dict.fromkeys((*ABOUT, *RELATIVE_COLUMNS), pl.String) | {"day": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame if frame["day"].count() else frame.drop(RELATIVE_COLUMNS), counts


def _about_fields(about: pl.DataFrame) -> dict[str, Field]:
    fields = {name: Field(name=name, label=_LABELS[name], holds=Holds.TEXT) for name in about.columns}
    only_days = not about["authored"].str.contains(" ", literal=True).any()
    fields["authored"] = replace(fields["authored"], holds=Holds.DATE if only_days else Holds.MOMENT)
    fields["status"] = replace(fields["status"], holds=Holds.CHOICE, choices=dict(STATUSES))
    if "day" in fields:
        fields["day"] = replace(fields["day"], holds=Holds.INTEGER)
    return fields
