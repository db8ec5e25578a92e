"""Whether a resource is valid FHIR, asked of the library that has the specification's models.

Only the parts that are read are asked about: a Patient's name in a reference, a narrative, who typed the answers never
get as far as the library. What the library says is put in plain words, without the values it quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from casearc.errors import MissingExtraError
from casearc.files.fhir.names import (
    ABSENT,
    CHOICE_VALUES,
    MAX_VALUE,
    MIN_VALUE,
    NULL_FLAVOR,
    R4,
    R5,
    RELATIVE,
    SECURITY,
    TRANSLATION,
)
from casearc.language import say, to_say

_MODULES = {R4: "fhir.resources.R4B", R5: "fhir.resources"}
"""R4B differs from R4 in neither of the two resources that are read and written."""
_READ = {
    "Questionnaire": ("resourceType", "url", "version", "title", "_title", "status", "language", "item"),
    "QuestionnaireResponse": (
        *("resourceType", "questionnaire", "_questionnaire", "status", "_status", "language"),
        *("authored", "_authored", "item"),
    ),
}
_EXTENSIONS = (
    *(ABSENT, NULL_FLAVOR, TRANSLATION, MIN_VALUE, MAX_VALUE, RELATIVE, SECURITY, *CHOICE_VALUES),
    *("lang", "content", "target", "targetPath", "relationship", "offset"),
)
"""Extensions that are read, and the parts they have."""
_MODIFIERS = ("modifierExtension", "implicitRules")
_TOO_DEEP = to_say("Parts lie inside parts deeper than any questionnaire does.")
_WORDS = {
    "extra_forbidden": to_say("It has an element that FHIR {version} does not have at this place."),
    "missing": to_say("It lacks the element {element}, which FHIR {version} requires."),
    "list_type": to_say("The element {element} is not a list, and must be one."),
    "json_invalid": to_say("The element {element} is a plain text where FHIR {version} has an object."),
}


class _Model(Protocol):
    """A model of the library."""

    def model_validate(self, content: object) -> object:
        """The resource; ValueError where it is not valid."""


class _Refusal(Protocol):
    """What the library raises: it lists what is wrong."""

    def errors(self, *, include_url: bool, include_context: bool, include_input: bool) -> list[dict[str, Any]]:
        """Each thing wrong: `loc`, `type`, `msg`."""


@cache
def model(kind: str, version: str) -> _Model:
    """The library's model of a kind of resource; MissingExtraError where the library is not installed."""
    try:
        module = import_module(f"{_MODULES[version]}.{kind.lower()}")
    except ModuleNotFoundError as missing:
        if not (missing.name or "").startswith(("fhir", "pydantic")):
            raise
        raise MissingExtraError(purpose="FHIR", extra="fhir") from None
    return cast("_Model", getattr(module, kind))


def invalid(content: dict[str, Any], *, kind: str, version: str) -> tuple[tuple[str, str], ...]:
    """What is not valid in the parts of a resource that are read: the linkId it belongs to, and what is wrong."""
    try:
        part = {
            name: _pruned(content[name], version) for name in _READ[kind] if content.get(name) not in (None, [], {})
        }
    except RecursionError:
        return (("", say(_TOO_DEEP)),)
    part = {name: each for name, each in part.items() if each not in ([], {})}
    if kind == "Questionnaire":
        part.setdefault("status", "unknown")  # many leave it out, and nothing here rests on it
    return refusals(part, kind=kind, version=version)


def refusals(content: dict[str, Any], *, kind: str, version: str) -> tuple[tuple[str, str], ...]:
    """What the library says against a whole resource: the linkId it belongs to, and what is wrong."""
    try:
        model(kind, version).model_validate(content)
    except RecursionError:
        return (("", say(_TOO_DEEP)),)
    except ValueError as error:
        if not hasattr(error, "errors"):
            return (("", say("It is not a {kind} of FHIR {version}.", kind=kind, version=version)),)
        listed = cast("_Refusal", error).errors(include_url=False, include_context=False, include_input=False)
        return tuple(dict.fromkeys(_said(content, each, version) for each in listed))
    except (TypeError, AttributeError, OverflowError):
        return (("", say("It is not a {kind} of FHIR {version}.", kind=kind, version=version)),)
    return ()


def _said(content: dict[str, Any], error: dict[str, Any], version: str) -> tuple[str, str]:
    loc: Sequence[str | int] = error["loc"]
    kind = str(error["type"]).rsplit(".", 1)[-1]
    element = next((each for each in reversed(loc) if isinstance(each, str)), "")
    words = _WORDS.get(kind, to_say("What stands in the element {element} is not what FHIR {version} has there."))
    if "Any of one" in error["msg"]:
        words = to_say("An answer has two values.")
    elif "Expect any of" in error["msg"]:
        words = to_say("An answer has no value, which FHIR {version} requires.")
    return _link_id(content, loc), say(words, element=element, version=version)


def _link_id(content: object, loc: Sequence[str | int]) -> str:
    """The linkId nearest above a place in a resource."""
    found = ""
    for step in loc:
        if isinstance(content, dict) and isinstance(step, str):
            content = content.get(step)
        elif isinstance(content, list) and isinstance(step, int) and step < len(content):
            content = content[step]
        else:
            break
        link = content.get("linkId") if isinstance(content, dict) else None
        found = link if isinstance(link, str) else found
    return found


def _pruned(element: object, version: str) -> object:
    """An element without what is not read: extensions of other makers, values to begin with.

    In R5 also without answers that hold nothing but a reason for their absence: the specification allows them, and
    the library does not.
    """
    if isinstance(element, list):
        kept = (each for each in element if version != R5 or not _is_bare(each))
        return [_pruned(each, version) for each in kept]
    if not isinstance(element, dict):
        return element
    pruned: dict[str, Any] = {}
    for name, part in element.items():
        if name.startswith("initial"):
            continue
        known = _known(part) if name == "extension" and isinstance(part, list) else part
        pruned[name] = _pruned(known, version)
    return {name: part for name, part in pruned.items() if part not in ([], {})}


def _known(extensions: list[object]) -> list[object]:
    return [each for each in extensions if not isinstance(each, dict) or each.get("url") in _EXTENSIONS]


def _is_bare(answer: object) -> bool:
    names = set(answer) - {"id", "extension"} if isinstance(answer, dict) else {"item"}
    return bool(names) and all(name.startswith("_value") for name in names)


def is_older(content: dict[str, Any]) -> bool:
    """Whether a resource has the shape of STU3 or before, whose elements have other names."""
    if isinstance(content.get("questionnaire"), dict) or "context" in content or "group" in content:
        return True
    return any("option" in item or "options" in item for item in _items(content))


def modified(content: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Elements that may turn the meaning of a resource or an item into another: linkId and the element's name."""
    found = [("", name) for name in _MODIFIERS if content.get(name)]
    links = (str(item.get("linkId")) for item in _items(content) if item.get("modifierExtension"))
    return (*found, *((link, "modifierExtension") for link in links))


def _items(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every item, however deep, those under answers too."""
    open_: list[object] = [content.get("item")]
    while open_:
        each = open_.pop()
        if isinstance(each, list):
            open_.extend(each)
        elif isinstance(each, dict):
            if "linkId" in each:
                yield each
            open_.extend((each.get("item"), each.get("answer")))
