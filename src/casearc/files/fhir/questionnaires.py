"""A Questionnaire as a sheet that defines questions, one row an item, and that sheet as a form."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from casearc.files.fhir.conditions import condition_text
from casearc.files.fhir.names import (
    CHOICE_VALUES,
    FORM_COLUMNS,
    MAX_VALUE,
    MIN_VALUE,
    SECURITY,
    TRANSLATION,
    last_part,
)
from casearc.files.fhir.resources import Resource
from casearc.files.fhir.values import extensions, number_text, value_of
from casearc.files.sheet import Sheet, places_of, text_cells
from casearc.language import say, to_say
from casearc.tables import FaultLog

_DEEPEST = 40
_BETWEEN = " / "
_PERSONAL_ELEMENTS = ("name", "telecom", "address", "birthDate", "identifier", "photo", "contact")
_PERSONAL_LABELS = {"DEMO", "DOB", "LOCIS", "PHOTO", "PHY", "SSP", "PDS"}


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a questionnaire and the texts of the groups around it."""

    content: Mapping[str, Any]
    section: tuple[str, ...]


def definition_sheets(resources: Sequence[Resource], *, name: str, log: FaultLog) -> tuple[Sheet, ...]:
    """One sheet a questionnaire, ``<file>#<id> (form)``; logs linkIds that stand twice."""
    ids = [_id(each.content) or f"resource-{each.number}" for each in resources]
    counts = Counter(ids)
    sheets = []
    for each, id_ in zip(resources, ids, strict=True):
        version = each.content.get("version")
        end = f" {version or each.number}" if counts[id_] > 1 else ""
        made = _sheet(each, f"{name}#{id_}{end} (form)", file=name, log=log)
        sheets.append(made)
    return tuple(each for each in sheets if each is not None)


def _sheet(resource: Resource, name: str, *, file: str, log: FaultLog) -> Sheet | None:
    content = resource.content
    items = list(_items(content.get("item"), (), 0))
    if not _sound(items, resource.number, file, log):
        return None
    languages = _languages(content, items)
    head = _head(content, languages)
    sets, notes = _value_sets(content), Counter[str]()
    rows = [{**head, **_row(each, languages, sets, notes)} for each in items]
    frame = text_cells(pl.DataFrame(rows, schema=dict.fromkeys(FORM_COLUMNS, pl.String)))
    said = [f"{say(words)}: {count:,}." for words, count in notes.items()]
    places = places_of(file, [resource.number] * frame.height)
    return Sheet(name=name, format="fhir", frame=frame, places=places, notes=tuple(said))


def _items(items: object, section: tuple[str, ...], depth: int) -> Iterator[_Item]:
    for item in items if isinstance(items, list) and depth <= _DEEPEST else []:
        yield _Item(item, section)
        label = str(item.get("text") or item.get("linkId")).strip()
        yield from _items(item.get("item"), (*section, label), depth + 1)


def _sound(items: Sequence[_Item], number: int, file: str, log: FaultLog) -> bool:
    counts = Counter(str(each.content.get("linkId")) for each in items)
    twice = [link for link, count in counts.items() if count > 1]
    for link in twice:
        log.add(
            say("Two items of the questionnaire have the same linkId, so answers cannot be told apart."),
            say("Give each item a linkId of its own where the questionnaire is made, and export it again."),
            file=file,
            row=number,
            column=link,
        )
    if not items:
        log.add(say("The questionnaire has no items."), say("Export it whole."), file=file, row=number)
    return bool(items) and not twice


def _head(content: Mapping[str, Any], languages: Sequence[str]) -> dict[str, str | None]:
    return {
        "questionnaire": content.get("url"),
        "id": _id(content),
        "version": content.get("version"),
        "title": content.get("title"),
        "languages": json.dumps(languages, ensure_ascii=False) if languages else None,
    }


def _id(content: Mapping[str, Any]) -> str:
    """The questionnaire's id; where FHIR's rules for ids changed what Casearc wrote, the one before."""
    own = str(content.get("id") or "")
    listed = content.get("identifier")
    for each in listed if isinstance(listed, list) else []:
        value = each.get("value") if isinstance(each, dict) else None
        if isinstance(value, str) and fhir_id(value) == own and each.get("use") == "official":
            return value
    return own or last_part(str(content.get("url") or ""))


def fhir_id(text: str) -> str:
    """An id as FHIR allows it: letters, digits, points and hyphens, at most 64."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-.") else "-" for sign in text)[:64]


def _row(item: _Item, languages: Sequence[str], sets: Mapping[str, Any], notes: Counter[str]) -> dict[str, str | None]:
    content = item.content
    options = _options(content, sets, notes)
    first = languages[0] if languages else ""
    texts = _texts(content, "text", first)
    return {
        "linkId": content.get("linkId"),
        "type": content.get("type"),
        "text": texts.get(first),
        "texts": _json({language: text for language, text in texts.items() if language != first}),
        "section": _BETWEEN.join(item.section) or None,
        "required": _truth(content.get("required")),
        "repeats": _truth(content.get("repeats")),
        "options": _json({code: found.get("", "") for code, found, _ in options}),
        "option_texts": _json(_other_texts(options, first)),
        "option_values": _json({code: value for code, _, value in options if value}),
        "low": _bound(content, MIN_VALUE),
        "high": _bound(content, MAX_VALUE),
        "shown_if": condition_text(content) or None,
        "identifier": _truth(_tells_who(content)),
    }


def _texts(element: Mapping[str, Any], name: str, first: str) -> dict[str, str]:
    """A text by language: the element itself in the first one, its translations in theirs."""
    found = {first: str(element[name]).strip()} if element.get(name) else {}
    for extension in extensions(element.get(f"_{name}"), TRANSLATION):
        parts = {str(each.get("url")): each for each in extensions(extension)}
        language, content = parts.get("lang", {}).get("valueCode"), parts.get("content", {})
        text = content.get("valueString") or content.get("valueMarkdown")
        if isinstance(language, str) and isinstance(text, str):
            found.setdefault(language, text.strip())
    return found


def _languages(content: Mapping[str, Any], items: Sequence[_Item]) -> list[str]:
    """The questionnaire's language, then those of its translations; none where only one is there and has no name."""
    own = str(content.get("language") or "")
    found: dict[str, None] = {own: None}
    for each in items:
        found.update(dict.fromkeys(_texts(each.content, "text", own)))
        for option in each.content.get("answerOption") or []:
            found.update(dict.fromkeys(_texts(option.get("valueCoding") or {}, "display", own)))
    return list(found) if own or len(found) > 1 else []


_Option = tuple[str, dict[str, str], str]
"""A choice: its code, its texts by language, the number it counts as."""


def _options(content: Mapping[str, Any], sets: Mapping[str, Any], notes: Counter[str]) -> list[_Option]:
    found: dict[str, _Option] = {}
    for option in [*(content.get("answerOption") or []), *_set_options(content, sets, notes)]:
        code = value_of(option).text
        coding = option.get("valueCoding") or {}
        if code is not None and code not in found:
            found[code] = (code, _texts(coding, "display", ""), _counts_as(option, coding))
        elif code is not None:
            notes[to_say("Choices left out because an earlier one of the same question has their code")] += 1
    return list(found.values())


def _set_options(content: Mapping[str, Any], sets: Mapping[str, Any], notes: Counter[str]) -> list[dict[str, Any]]:
    """Choices of a list that lies within the questionnaire. One that lies elsewhere is not fetched."""
    address = content.get("answerValueSet")
    if not address:
        return []
    if address not in sets:
        notes[to_say("Questions whose choices lie at another address, which is not fetched")] += 1
    return [{"valueCoding": each} for each in sets.get(address, [])]


def _value_sets(content: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    contained = content.get("contained")
    found = {}
    for each in contained if isinstance(contained, list) else []:
        if isinstance(each, dict) and each.get("resourceType") == "ValueSet":
            found[f"#{each.get('id')}"] = list(_concepts(each))
    return found


def _concepts(value_set: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Its expansion, or else what it is composed of."""
    expansion, compose = value_set.get("expansion"), value_set.get("compose")
    listed = expansion.get("contains") if isinstance(expansion, dict) else None
    if not isinstance(listed, list):
        parts = compose.get("include") if isinstance(compose, dict) else None
        within = [part.get("concept") for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
        listed = [concept for part in within if isinstance(part, list) for concept in part]
    yield from (each for each in listed if isinstance(each, dict) and each.get("code"))


def _counts_as(option: Mapping[str, Any], coding: Mapping[str, Any]) -> str:
    for element in (option, coding):
        for extension in extensions(element):
            if extension.get("url") in CHOICE_VALUES and "valueDecimal" in extension:
                return number_text(extension["valueDecimal"])
    return ""


def _other_texts(options: Sequence[_Option], first: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for code, texts, _ in options:
        for language, text in texts.items():
            if language not in (first, ""):
                found.setdefault(language, {})[code] = text
    return found


def _bound(content: Mapping[str, Any], url: str) -> str | None:
    for extension in extensions(content, url):
        found = value_of(extension)
        return found.text if found.kind in ("Integer", "Decimal") else None
    return None


def _tells_who(content: Mapping[str, Any]) -> bool:
    """Whether the item says that it asks who a person is: by a security label, or as an element of Patient."""
    labels = {(each.get("valueCoding") or {}).get("code") for each in extensions(content, SECURITY)}
    if not _PERSONAL_LABELS.isdisjoint(labels):
        return True
    path = str(content.get("definition") or "").rpartition("#")[2].split(".")
    return len(path) > 1 and path[0] in ("Patient", "RelatedPerson", "Person") and path[1] in _PERSONAL_ELEMENTS


def _truth(value: object) -> str | None:
    return "true" if value is True else None


def _json(value: Mapping[str, object]) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None
