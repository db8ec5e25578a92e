"""Many ids are one parameter, and the answer is that of Django's own `in`."""

from __future__ import annotations

import uuid

import pytest

from casearc_web.clients.models import Client
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from casearc_web.records.among import among
from web.cast import Cast

WAYS = [
    # model          path to what                    ids of
    (Client, "pk", "client"),
    (Enrollment, "client_id", "client"),
    (Enrollment, "pk", "enrollment"),
    (CareTeamMember, "enrollment_id", "enrollment"),
    (CareTeamMember, "enrollment__client_id", "client"),
]


@pytest.mark.parametrize(("model", "path", "of"), WAYS)
def test_the_same_answer_as_in(cast: Cast, model: type, path: str, of: str) -> None:
    clients = [cast.acacia, cast.fern]
    ids = [one.pk if of == "client" else cast.enrollment_of(one).pk for one in clients]
    found = set(model.objects.filter(among(path, ids)))  # type: ignore[attr-defined]
    assert found == set(model.objects.filter(**{f"{path}__in": ids}))  # type: ignore[attr-defined]
    assert len(found) == 2
    assert set(model.objects.exclude(among(path, ids))) == set(model.objects.exclude(**{f"{path}__in": ids}))  # type: ignore[attr-defined]


def test_nobody_is_among_none(cast: Cast) -> None:
    assert list(Client.objects.filter(among("pk", []))) == []
    assert Client.objects.filter(among("pk", []) | among("pk", [cast.acacia.pk])).get() == cast.acacia


def test_more_ids_than_a_query_takes_parameters(cast: Cast) -> None:
    many = [uuid.uuid4() for _ in range(300_000)]
    assert Client.objects.filter(among("pk", [*many, cast.acacia.pk])).get() == cast.acacia


def test_as_one_of_several_conditions_and_within_another_query(cast: Cast) -> None:
    stays = Enrollment.objects.filter(among("client_id", [cast.acacia.pk, cast.birch.pk]), program=cast.north)
    assert set(Client.objects.filter(pk__in=stays.values("client_id"))) == {cast.acacia}
