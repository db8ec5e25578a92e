"""A client with a row in every table about clients, each erasable field holding a marker that can be looked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from casearc_web.agencies.models import StaffMember
from casearc_web.clients.models import Client
from casearc_web.records.changes import content_of
from casearc_web.retention.fates import Fate, Plan, fate_of, plans

MARK = "planted-9f2c"


@dataclass
class Record:
    """The client, and one row of each model about them."""

    client: Client
    rows: dict[type[models.Model], models.Model] = field(default_factory=dict)


def whole_record(client: Client, staff: StaffMember) -> Record:
    """Fill every table about a client: what is there is marked, what is missing is made."""
    made = Record(client)
    for plan in reversed(plans()):
        standing = plan.model._default_manager.filter(**{plan.to_client: client.pk}).first()
        row = standing or _made(plan, made, staff)
        _mark(row)
        made.rows[plan.model] = row
    return made


def in_database(marker: str) -> list[str]:
    """Tables and columns in which a marker is found, sealed ones opened."""
    found = []
    for model in apps.get_models():
        for row in model._default_manager.all():
            said = content_of(row).items()
            found += [f"{model._meta.label}.{name}" for name, value in said if marker in repr(value)]
    return found


def sealed_bytes(record: Record) -> list[bytes]:
    """What the sealed markers look like in the file: the stored bytes of every erasable field, and the rest as text."""
    return [stored for row in record.rows.values() for stored in _stored(row)]


def _stored(row: models.Model) -> Iterator[bytes]:
    model = type(row)
    for one in model._meta.concrete_fields:
        if fate_of(model, one.name) is Fate.ERASE and isinstance(one, models.BinaryField):
            with connection.cursor() as cursor:
                table, column = model._meta.db_table, one.column
                key = model._meta.pk.get_db_prep_value(row.pk, connection)
                cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{model._meta.pk.column}" = %s', [key])
                (value,) = cursor.fetchone()
            if value and len(bytes(value)) > 12:
                yield bytes(value)


def _made(plan: Plan, made: Record, staff: StaffMember) -> models.Model:
    given: dict[str, Any] = {"agency": made.client.agency}
    for one in plan.model._meta.concrete_fields:
        if one.name in given or one.null or one.has_default() or one.primary_key:
            continue
        given[one.name] = _value(one, made, staff)
    if any(one.name == "client_id" for one in plan.model._meta.concrete_fields):
        given["client_id"] = made.client.pk
    if plan.model._meta.label in ("consent.Signature", "consent.Revocation"):
        given["authorization"] = next(row for model, row in made.rows.items() if model.__name__ == "Authorization")
    return plan.model._default_manager.create(**given)


def _value(one: models.Field[Any, Any], made: Record, staff: StaffMember) -> Any:
    """Something that fits the column."""
    if one.is_relation:
        return _related(one, made, staff)
    if isinstance(one, models.CharField) and one.blank:
        return ""
    if one.choices:
        return next(iter(one.flatchoices))[0]
    if one.name == "client_id":
        return made.client.pk
    return next(value for kind, value in PLAIN if isinstance(one, kind))


PLAIN: list[tuple[type[models.Field[Any, Any]], Any]] = [
    (models.DateTimeField, timezone.now()),
    (models.DateField, date(2026, 2, 1)),
    (models.UUIDField, uuid.uuid4()),
    (models.BinaryField, b"made-up digest 1"),
    (models.BooleanField, True),
    (models.IntegerField, 1),
    (models.DecimalField, 1),
    (models.Field, "made-up"),
]


def _related(one: models.Field[Any, Any], made: Record, staff: StaffMember) -> models.Model:
    model = one.related_model
    if model is StaffMember:
        return staff
    if model in made.rows:
        return made.rows[model]
    return model._default_manager.filter(agency=made.client.agency).first() or _made_other(one, made)


def _made_other(one: models.Field[Any, Any], made: Record) -> models.Model:
    """A row of the agency's own that a row about a client needs, such as a service of the catalog."""
    model = one.related_model
    given: dict[str, Any] = {"agency": made.client.agency}
    for other in model._meta.concrete_fields:
        if other.name not in given and not (other.null or other.has_default() or other.primary_key):
            given[other.name] = _value(other, made, made.client.created_by)
    return model._default_manager.create(**given)


def _mark(row: models.Model) -> None:
    """A marker in every field that a partial purge erases, as its type allows."""
    model, marked = type(row), {}
    for one in model._meta.concrete_fields:
        if fate_of(model, one.name) is Fate.ERASE:
            value = _marker(one)
            if value is not None:
                marked[one.name] = value
    if marked:
        model._default_manager.filter(pk=row.pk).update(**marked)


def _marker(one: models.Field[Any, Any]) -> Any:
    default = one.get_default() if one.has_default() else None
    if isinstance(default, list):
        return [MARK]
    if isinstance(default, dict):
        return {"said": MARK}
    if type(one) is models.BinaryField:
        return MARK.encode()
    if isinstance(one, models.CharField):
        return MARK[: one.max_length]
    if isinstance(one, models.BinaryField):  # sealed text
        return MARK
    return None
