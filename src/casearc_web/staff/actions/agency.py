"""What the agency is made of: settings, teams, programs, sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency
from casearc_web.records.base import Record

LOWEST_FLOOR = 11


@action(Verb.MANAGE_AGENCY)
def change_agency(*, by: Asker, agency: Agency, version: int, values: Mapping[str, Any]) -> Agency:
    """Change the agency's settings."""
    if agency.pk != by.agency_id:
        raise Denied(Verb.MANAGE_AGENCY, kind=agency._meta.label_lower, record_id=agency.pk)
    if values.get("disclosure_floor", LOWEST_FLOOR) < LOWEST_FLOOR:
        raise ValidationError({"disclosure_floor": _("The floor is never lower than 11.")})
    return cast(Agency, amend(cast(Any, agency), by=by, version=version, values=dict(values)))


@action(Verb.MANAGE_AGENCY)
def add_part(*, by: Asker, model: type[Record], values: Mapping[str, Any]) -> Record:
    """A new team, program or site."""
    _check_code(by, model, values)
    return store(model(**values), by=by)


@action(Verb.MANAGE_AGENCY)
def change_part(*, by: Asker, record: Record, version: int, values: Mapping[str, Any]) -> Record:
    """Change a team, program or site."""
    _check_code(by, type(record), values, but=record)
    return amend(record, by=by, version=version, values=dict(values))


def _check_code(by: Asker, model: type[Record], values: Mapping[str, Any], *, but: Record | None = None) -> None:
    if "code" in values:
        others: QuerySet[Any, Any] = model._default_manager.filter(agency_id=by.agency_id)
        same = others.filter(code__iexact=values["code"])
        if (same.exclude(pk=but.pk) if but else same).exists():
            raise ValidationError({"code": _("This code is taken. Choose another.")})
