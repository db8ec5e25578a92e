"""The decisions: may somebody do this at all, to which records, and which of their fields do they see."""

from __future__ import annotations

import operator
import uuid
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from casearc_web.access.asker import Asker
from casearc_web.access.registry import path_of, reaching
from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.records.among import among

AnyModel = TypeVar("AnyModel", bound=Model)

OPENED_BY_GLASS = frozenset(
    (
        *(Verb.VIEW_CLIENT, Verb.VIEW_IDENTITY, Verb.VIEW_SENSITIVE),
        *(Verb.VIEW_CASEWORK, Verb.WRITE_CASEWORK, Verb.VIEW_NOTES),
    )
)
"""What broken glass opens: enough to help in an emergency.

Not substance use, not edits of identity, not authorizations.
"""


class Denied(Exception):  # noqa: N818 - a denial is an answer, not an error
    """Not allowed, or not there: whoever asks is not told which. Logged, and answered by one page."""

    def __init__(self, verb: Verb, *, kind: str = "", record_id: object = "") -> None:
        super().__init__(f"{verb} denied")
        self.verb, self.kind, self.record_id = verb, kind, str(record_id)


def may(by: Asker, verb: Verb) -> bool:
    """Whether somebody may do this to anything at all."""
    return by.reach(verb) > Reach.NOBODY


def require(by: Asker, verb: Verb) -> None:
    """Raise `Denied` unless `may`."""
    if not may(by, verb):
        raise Denied(verb)


def visible(by: Asker, verb: Verb, records: QuerySet[AnyModel]) -> QuerySet[AnyModel]:
    """Those of the records to which somebody may do this."""
    own = records.filter(agency_id=by.agency_id) if _has_agency(records.model) else records
    return own.filter(_within(by, verb, records.model))


def find(by: Asker, verb: Verb, records: QuerySet[AnyModel], record_id: uuid.UUID | str) -> AnyModel:
    """One record to which somebody may do this; noted for the log. Raises `Denied` where there is none."""
    record = visible(by, verb, records).filter(pk=record_id).first()
    if record is None:
        raise Denied(verb, kind=records.model._meta.label_lower, record_id=record_id)
    by.trail.about(record._meta.label_lower, record.pk)
    note(by, [record])
    return record


def read(by: Asker, verb: Verb, records: QuerySet[AnyModel], *, most: int | None = None) -> list[AnyModel]:
    """The visible records as a list, noted for the log."""
    found = list(visible(by, verb, records)[:most] if most else visible(by, verb, records))
    note(by, found)
    return found


def note(by: Asker, records: Iterable[Model]) -> None:
    """Note whose records were read."""
    by.trail.saw(client_of(record) for record in records)


def client_of(record: Model) -> uuid.UUID | None:
    """The client that a record is about, None where it is about none."""
    path = path_of(type(record)).client
    if not path:
        return None
    found = reduce(getattr, path.split("__"), record)
    return found if isinstance(found, uuid.UUID) or found is None else uuid.UUID(str(found))


def _within(by: Asker, verb: Verb, model: type[Model]) -> Q:
    path, reach = path_of(model), by.reach(verb)
    if reach == Reach.AGENCY:
        return Q()  # apart from the rest: "or" with an empty condition is no condition
    if not path.client:
        return Q() if reach > Reach.NOBODY else _nothing()
    ways: list[Q] = []
    if reach > Reach.NOBODY:
        ways.append(_through(by, reach, enrollment=path.enrollment, client=path.client))
    if by.opened and verb in OPENED_BY_GLASS and may(by, Verb.BREAK_GLASS):
        ways.append(among(path.client, by.opened))
    return reduce(operator.or_, ways, _nothing()) if ways else _nothing()


def _through(by: Asker, reach: Reach, *, enrollment: str, client: str) -> Q:
    if reach == Reach.AGENCY:
        return Q()
    known = by.known.cares_for if reach == Reach.CASELOAD else None
    if known is not None:
        return among(enrollment, known) if enrollment else among(client, known.values())
    if enrollment:
        return Q(**{f"{enrollment}__in": reaching().enrollments(by, reach)})
    return Q(**{f"{client}__in": reaching().clients(by, reach)})


def _nothing() -> Q:
    return Q(pk__in=())


def _has_agency(model: type[Model]) -> bool:
    return any(field.name == "agency" for field in model._meta.concrete_fields)


def all_of(records: Sequence[Any]) -> frozenset[uuid.UUID]:
    """The clients that records are about."""
    return frozenset(client for client in (client_of(record) for record in records) if client is not None)
