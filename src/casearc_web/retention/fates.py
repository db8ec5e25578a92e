"""What a purge does with each field of each model. Its privacy class decides, so that a new field is handled.

Lists say where records are: those about a client and how they lead to them, what somebody typed, the log, what is not
about a client, tables of other packages. What is on none of them stops every purge, and fails a test before that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from casearc_web.access.registry import registered
from casearc_web.records.classification import Privacy, privacy_of


class Fate(Enum):
    """What a partial purge does with a field. A full purge removes the row."""

    ERASE = "erase"
    KEEP = "keep"


AT_PARTIAL: Mapping[Privacy, Fate] = {
    Privacy.IDENTITY: Fate.ERASE,
    Privacy.LOCATING: Fate.ERASE,
    Privacy.TEXT: Fate.ERASE,
    Privacy.SUBSTANCE_USE: Fate.ERASE,
    Privacy.SENSITIVE: Fate.KEEP,
    Privacy.DEMOGRAPHIC: Fate.KEEP,
    Privacy.CASEWORK: Fate.KEEP,
    Privacy.STAFF: Fate.KEEP,
    Privacy.OPERATIONAL: Fate.KEEP,
}
"""Coded records stay under the client's code, so that what the program achieved can still be counted."""

SUBSTANCE_USE_MARK = "substance_use"
"""A yes-or-no field of this name marks a row that is about substance use as a whole, its codes included."""

_TELLS_NOTHING = frozenset({Privacy.STAFF, Privacy.OPERATIONAL})

UNREGISTERED: Mapping[str, str] = {
    "records.revision": "client_id",
    "access.notice": "client_id",
    "vault.searchdigest": "identity__client",
}
"""About a client, and reached by nobody through `access`: the way to the client."""

TYPED: Mapping[str, tuple[str, ...]] = {
    "drafts.draft": ("key", "fields"),
    "drafts.keptform": ("address", "fields"),
    "drafts.finished": ("address",),
}
"""What somebody typed: removed where it names an id of the client's records. All of it goes after seven days anyhow."""

THE_LOG: Mapping[str, str] = {
    "imports.importedrow": "that a row was imported, under keyed digests: who was erased does not come back",
    "audit.auditevent": "that something was done, by whom and when; it names ids only",
    "audit.auditedclient": "which id it concerned",
    "audit.auditdetail": "the words, which every purge erases",
    "audit.audithead": "where the chain ends",
    "retention.purge": "that a record was erased",
}
"""Kept, so that the log stays whole."""

NOT_ABOUT_A_CLIENT: Mapping[str, str] = {
    "agencies.agency": "the agency",
    "agencies.program": "the agency",
    "agencies.site": "the agency",
    "agencies.team": "the agency",
    "agencies.staffmember": "a staff member",
    "signin.signedin": "a staff member's session",
    "signin.invitation": "a staff member's account",
    "signin.counter": "tries of a staff member to sign in",
    "casework.servicekind": "the agency's catalog",
    "casework.contacttemplate": "the agency's templates",
    "casework.caseworkrules": "a program's rules",
    "needs.domainsetting": "the agency's list of domains",
    "analysis_export.rowexport": "an export of many, with the reasons of two staff members; rows are not kept",
    "outcomes.evaluationplan": "a plan",
    "outcomes.evaluationrun": "a run of a plan; rows are not kept",
    "outcomes.reportfile": "results about groups",
    "retention.policy": "a program's policy",
    "imports.import": "an import: its mapping, and counts",
    "imports.importwork": "who asked for what about an import, and when",
    "imports.importfile": "a file not imported yet; it goes with the import, and after seven days anyhow",
    "imports.filepart": "the same",
    "imports.digestsecret": "a secret of the agency's",
}

OTHER_PACKAGES: Mapping[str, str] = {
    "auth.permission": "not used",
    "auth.group": "not used",
    "contenttypes.contenttype": "names of models",
    "account.emailaddress": "a staff member's address",
    "account.emailconfirmation": "a staff member's address",
    "mfa.authenticator": "a staff member's second factor",
    "axes.accessattempt": "a staff member's failed sign-ins; the nightly run removes old ones",
    "axes.accessattemptexpiration": "the same",
    "axes.accesslog": "a staff member's sign-ins; the nightly run removes old ones",
    "axes.accessfailurelog": "a staff member's failed sign-ins; the nightly run removes old ones",
}
"""Tables that are not ours: none holds anything about a client."""


class UndecidedError(Exception):
    """Something of which nobody has said what a purge does with it. Nothing is purged until somebody does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What happens to one model's rows about a client."""

    model: type[models.Model]
    to_client: str
    """The lookup that leads to the client."""
    erases: Mapping[str, Any] = field(hash=False)
    """At a partial purge: fields, and what is written in place of what they hold."""
    removes_rows: bool
    """At a partial purge: nothing would be left in the row, so the row goes."""
    removes_marked: str = ""
    """At a partial purge: rows go in which this field marks that they are about substance use as a whole."""


@cache
def plans() -> tuple[Plan, ...]:
    """Every model about a client, those that point at others before those they point at.

    Raises
    ------
    UndecidedError
        Something is on no list.
    """
    undecided = [model._meta.label for model in apps.get_models() if not _is_decided(model)]
    if undecided:
        raise UndecidedError(f"Nobody has said what a purge does with: {', '.join(sorted(undecided))}.")
    return tuple(_plan(model, path) for model, path in _in_order(dict(_about_a_client())))


def fate_of(model: type[models.Model], name: str) -> Fate:
    """What a partial purge does with a field."""
    privacy = privacy_of(model).get(name)
    if privacy is None:
        raise UndecidedError(f"{model._meta.label}.{name} has no privacy class.")
    return AT_PARTIAL[privacy]


def blank_of(one: models.Field[Any, Any]) -> Any:
    """What is written in place of what an erased field holds."""
    if one.null:
        return None
    if one.has_default() and not one.unique:
        default = one.get_default()
        if default in ("", [], {}):
            return default
    if one.empty_strings_allowed and isinstance(one, models.CharField | models.TextField):
        return ""
    if isinstance(one, models.BinaryField):
        return b""
    raise UndecidedError(f"{one.model._meta.label}.{one.name} must be erased and has no empty value.")


def _is_decided(model: type[models.Model]) -> bool:
    label = model._meta.label_lower
    lists = (UNREGISTERED, TYPED, THE_LOG, NOT_ABOUT_A_CLIENT, OTHER_PACKAGES)
    known = registered().get(model)
    return any(label in one for one in lists) or (known is not None and bool(known.client))


def _about_a_client() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        label, known = model._meta.label_lower, registered().get(model)
        if label in UNREGISTERED:
            yield model, UNREGISTERED[label]
        elif known is not None and known.client:
            yield model, known.client


def _plan(model: type[models.Model], to_client: str) -> Plan:
    classes = privacy_of(model)
    erased = {one.name: one for one in model._meta.concrete_fields if fate_of(model, one.name) is Fate.ERASE}
    telling = {one.name for one in model._meta.concrete_fields if classes[one.name] not in _TELLS_NOTHING}
    removes_rows = bool(erased) and telling <= erased.keys()
    blanks = {} if removes_rows else {name: blank_of(one) for name, one in erased.items()}
    return Plan(
        model=model,
        to_client=to_client,
        erases=blanks,
        removes_rows=removes_rows,
        removes_marked=SUBSTANCE_USE_MARK if _is_marked(model) else "",
    )


def _is_marked(model: type[models.Model]) -> bool:
    return any(
        one.name == SUBSTANCE_USE_MARK and isinstance(one, models.BooleanField) for one in model._meta.concrete_fields
    )


def _in_order(found: dict[type[models.Model], str]) -> Iterator[tuple[type[models.Model], str]]:
    waiting = dict(found)
    while waiting:
        pointed_at = {
            one.related_model
            for model in waiting
            for one in model._meta.concrete_fields
            if one.is_relation and one.related_model is not model
        }
        free = [model for model in waiting if model not in pointed_at]
        if not free:
            raise UndecidedError(f"These point at each other: {', '.join(m._meta.label for m in waiting)}.")
        for model in free:
            yield model, waiting.pop(model)
