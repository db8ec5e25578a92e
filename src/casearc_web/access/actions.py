"""Writes. An action is one transaction: check, change and audit event are kept together or lost together."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied, client_of, require, visible
from casearc_web.access.fields import hidden_fields
from casearc_web.access.registry import registered
from casearc_web.access.verbs import Verb
from casearc_web.audit.log import Entry, append
from casearc_web.audit.models import AuditEvent, Outcome
from casearc_web.records import changes
from casearc_web.records.base import AgencyRecord, Record

Params = ParamSpec("Params")
Result = TypeVar("Result")
AnyRecord = TypeVar("AnyRecord", bound=AgencyRecord)
Edited = TypeVar("Edited", bound=Record)


def action(verb: Verb) -> Callable[[Callable[Params, Result]], Callable[Params, Result]]:
    """Make a function of keyword arguments, `by` among them, an action.

    Before it runs, `by` must hold the verb, and every record among the arguments that belongs to a client must lie
    within their reach. After it ran, one event is logged: about the record it returned, else the first it was given.
    """

    def wrap(function: Callable[Params, Result]) -> Callable[Params, Result]:
        @wraps(function)
        def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
            if args:
                raise TypeError(f"{function.__name__} takes keyword arguments only")
            by = _asker(kwargs)
            by.known.forget()
            require(by, verb)
            _require_each(by, verb, kwargs)
            with transaction.atomic():
                before = (by.trail.kind, by.trail.record_id, list(by.trail.words))
                by.trail.words.clear()
                result = function(*args, **kwargs)
                _log(by, verb, kwargs, result)
                by.trail.kind, by.trail.record_id, by.trail.words = before
            return result

        setattr(run, "verb", verb)  # noqa: B010 - functions declare no such attribute
        return run

    return wrap


def store(record: AnyRecord, *, by: Asker) -> AnyRecord:
    """Store a new record within an action."""
    return changes.create(record, by=by)


def amend(record: Edited, *, by: Asker, version: int, values: Mapping[str, Any]) -> Edited:
    """Change a record within an action, if it is still the version that was edited. Hidden fields cannot be written."""
    unseen = sorted(hidden_fields(by, type(record)) & values.keys())
    if unseen:
        raise Denied(Verb.EDIT_CLIENT, kind=record._meta.label_lower, record_id=record.pk)
    by.trail.say(f"{record._meta.model_name}: {', '.join(sorted(values))}")
    return changes.change(record, by=by, version=version, values=values, client_id=client_of(record))


def log(
    by: Asker, verb: Verb, *, outcome: Outcome = Outcome.DONE, clients: frozenset[uuid.UUID] = frozenset()
) -> AuditEvent:
    """Log what the trail holds, and clear it. Used by reads and denials; actions log themselves."""
    event = append(
        Entry(
            agency_id=by.agency_id,
            staff_id=by.staff_id,
            role=by.role,
            verb=verb,
            outcome=outcome,
            route=by.trail.route,
            kind=by.trail.kind,
            record_id=by.trail.record_id,
            clients=frozenset(by.trail.clients) | clients,
            details="; ".join(by.trail.words),
        )
    )
    by.trail.clear()
    return event


def _asker(kwargs: Mapping[str, Any]) -> Asker:
    by = kwargs.get("by")
    if not isinstance(by, Asker):
        raise TypeError("an action needs by=, the asker")
    return by


def _records(kwargs: Mapping[str, Any]) -> list[models.Model]:
    known = registered()
    return [value for value in kwargs.values() if isinstance(value, models.Model) and type(value) in known]


def _require_each(by: Asker, verb: Verb, kwargs: Mapping[str, Any]) -> None:
    for record in _records(kwargs):
        if not visible(by, verb, type(record)._default_manager.filter(pk=record.pk)).exists():
            raise Denied(verb, kind=record._meta.label_lower, record_id=record.pk)


def _log(by: Asker, verb: Verb, kwargs: Mapping[str, Any], result: object) -> None:
    touched = _records({"result": result}) + _records(kwargs)
    if touched:
        by.trail.about(touched[0]._meta.label_lower, touched[0].pk)
    by.trail.saw(client_of(record) for record in touched)
    log(by, verb)
