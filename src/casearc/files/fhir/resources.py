"""The resources of a file, wherever they stand in it: alone, in a Bundle, in a list, one a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from casearc.files.fhir.names import R4, R5
from casearc.files.fhir.parse import Document, Documents, spoiled
from casearc.language import say
from casearc.tables import FaultLog

_DEEPEST_BUNDLE = 4
_KNOWN = ("Questionnaire", "QuestionnaireResponse")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource:
    """One resource. `number` is its place in the file counted from 1 (its line where there is one a line);
    `address` is the whole address its Bundle gives it."""

    number: int
    type: str
    content: dict[str, Any]
    address: str = ""


@dataclass(slots=True, kw_only=True)
class Found:
    """What a file holds. `ids` leads from addresses to the ids of resources in the same file."""

    questionnaires: list[Resource] = field(default_factory=list)
    responses: list[Resource] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    ids: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    fhir_versions: set[str] = field(default_factory=set)


class _Collector:
    """Walks the documents of one file and numbers their resources."""

    def __init__(self, documents: Documents, name: str, log: FaultLog) -> None:
        self.found = Found()
        self._documents = documents
        self._name = name
        self._log = log
        self._number = 0
        self._deleted = 0

    def collect(self) -> Found:
        for document in self._documents.each:
            self._take(document.value, document=document, address="", depth=0)
        if self._deleted:
            self.found.notes.append(
                say(
                    "Entries without a resource (such as deletions), which were left out: {deleted:,}.",
                    deleted=self._deleted,
                )
            )
        return self.found

    def _take(self, value: object, *, document: Document, address: str, depth: int) -> None:
        if isinstance(value, dict) and value.get("resourceType") == "Bundle":
            self._bundle(value, document=document, depth=depth)
            return
        if isinstance(value, list) and depth == 0:
            self.found.notes.append(say("The file is a list of resources rather than a Bundle; each was read."))
            for each in value:
                self._take(each, document=document, address="", depth=1)
            return
        self._number = document.line or self._number + 1
        self._resource(value, address)

    def _bundle(self, bundle: dict[str, Any], *, document: Document, depth: int) -> None:
        entries = bundle.get("entry", [])
        if depth > _DEEPEST_BUNDLE or not isinstance(entries, list):
            self._fault(say("A Bundle's entries are not a list, or lie too deep."), document.line)
            return
        if isinstance(bundle.get("link"), list) and any(
            isinstance(link, dict) and link.get("relation") == "next" for link in bundle["link"]
        ):
            self.found.notes.append(say("A Bundle says that further pages follow it: this file holds only a part."))
        for entry in entries:
            if not isinstance(entry, dict):
                self._number += 1
                self._fault(say("An entry of the Bundle is not an object."), document.line or self._number)
            elif "resource" not in entry:
                self._number += 1
                self._deleted += 1
            else:
                address = entry.get("fullUrl")
                text = address if isinstance(address, str) else ""
                self._take(entry["resource"], document=document, address=text, depth=depth + 1)

    def _resource(self, value: object, address: str) -> None:
        kind = value.get("resourceType") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(kind, str):
            self._fault(say("This is JSON, but no FHIR resource: it has no resourceType."), self._number)
            return
        self._learn(value, kind, address)
        if kind not in _KNOWN:
            self.found.others[kind] += 1
            return
        if self._documents.suspect and self._is_spoiled(value):
            return
        each = Resource(number=self._number, type=kind, content=value, address=address)
        (self.found.questionnaires if kind == "Questionnaire" else self.found.responses).append(each)

    def _learn(self, content: dict[str, Any], kind: str, address: str) -> None:
        """Versions of FHIR named anywhere in the file, and which id stands behind an address."""
        self.found.fhir_versions.update(_versions_named(content))
        if address and isinstance(content.get("id"), str):
            self.found.ids[address] = f"{kind}/{content['id']}"

    def _is_spoiled(self, value: dict[str, Any]) -> bool:
        problems = list(dict.fromkeys(spoiled(value)))
        for place, problem in problems:
            self._log.add(
                problem,
                say("Export the file again; if it stays so, ask who runs the system it came from."),
                file=self._name,
                row=self._number,
                column=place or None,
            )
        return bool(problems)

    def _fault(self, problem: str, row: int | None) -> None:
        self._log.add(problem, say("Export it again as FHIR in JSON (R4 or R5)."), file=self._name, row=row)


def resources_in(documents: Documents, *, name: str, log: FaultLog) -> Found:
    """The questionnaires and responses of a file, and how many of other kinds there are; logs what is neither."""
    return _Collector(documents, name, log).collect()


def _versions_named(content: dict[str, Any]) -> Iterator[str]:
    named = content.get("fhirVersion")
    if isinstance(named, str):
        yield named
    meta = content.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    for profile in profiles if isinstance(profiles, list) else []:
        if isinstance(profile, str) and profile.startswith("http://hl7.org/fhir/StructureDefinition/"):
            yield profile.partition("|")[2]


_NUMBERED = {"4.": R4, "5.": R5}
_R4_TYPES, _R5_TYPES = {"choice", "open-choice"}, {"coding"}
_R5_ELEMENTS = {"answerConstraint", "disabledDisplay"}


def version_of(found: Found, *, asked: str = "") -> tuple[str, str]:
    """R4 or R5, and a note where the file does not say.

    What the user asks for (``fhir-r4``, ``fhir-r5``) comes first, then what the file names, then the shape of its
    questionnaires: R4 has items of type ``choice``, R5 of type ``coding``.
    """
    if asked in ("fhir-r4", "fhir-r5"):
        return asked[-2:].upper(), ""
    named = {_NUMBERED[each[:2]] for each in found.fhir_versions if each[:2] in _NUMBERED}
    shapes = {shape for each in found.questionnaires for shape in _shapes(each.content.get("item"))}
    for evidence in (named, shapes):
        if len(evidence) == 1:
            return next(iter(evidence)), ""
        if evidence:
            return R4, say("The file has signs of FHIR R4 and of R5; it was read as R4.")
    return R4, say("The file does not say its version of FHIR; it was read as R4.")


def _shapes(items: object) -> Iterator[str]:
    open_ = list(items) if isinstance(items, list) else []
    while open_:
        item = open_.pop()
        if not isinstance(item, dict):
            continue
        kind = item.get("type")
        if isinstance(kind, str) and kind in _R4_TYPES:
            yield R4
        if (isinstance(kind, str) and kind in _R5_TYPES) or not _R5_ELEMENTS.isdisjoint(item):
            yield R5
        below = item.get("item")
        open_.extend(below if isinstance(below, list) else [])
