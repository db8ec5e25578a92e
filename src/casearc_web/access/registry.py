"""How each model is reached. An app registers its models; what is not registered is reached by nobody.

A record is reached through the enrollment it belongs to, or, where it belongs to a client as such, through any of the
client's enrollments. `enrollments` tells which enrollments lie within a reach: the one predicate behind every list,
page, form and export.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models

from casearc_web.access.asker import Asker
from casearc_web.access.roles import Reach


class UnregisteredError(Exception):
    """A model that no app registered: a fault of ours, and access is denied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Lookups from a model to its enrollment (empty where it has none) and its client; both empty: the agency's own."""

    enrollment: str = ""
    client: str = ""


class Reaching(Protocol):
    """What `enrollments` offers."""

    def enrollments(self, by: Asker, reach: Reach) -> models.QuerySet[Any, Any]:
        """Ids of the enrollments within a reach."""
        ...

    def clients(self, by: Asker, reach: Reach) -> models.QuerySet[Any, Any]:
        """Ids of the clients with an enrollment within a reach."""
        ...

    def pairs(self, by: Asker, reach: Reach) -> models.QuerySet[Any, Any]:
        """Rows with `enrollment_reached` and `client_reached`; for the reach of a caseload."""
        ...


_paths: dict[type[models.Model], Path] = {}
_reaching: list[Reaching] = []


def register(model: type[models.Model], *, enrollment: str = "", client: str = "") -> None:
    """Say how a model is reached: ``client="client_id"``, ``enrollment="goal__enrollment_id"``.

    A record with an enrollment names its client too.
    """
    _paths[model] = Path(enrollment=enrollment, client=client)


def set_reaching(reaching: Reaching) -> None:
    """`enrollments` says who reaches what."""
    _reaching[:] = [reaching]


def path_of(model: type[models.Model]) -> Path:
    """How a model is reached."""
    if model not in _paths:
        raise UnregisteredError(f"{model._meta.label} says nowhere who may see it: register it in its app's access.py")
    return _paths[model]


def registered() -> dict[type[models.Model], Path]:
    """Every registered model."""
    return dict(_paths)


def reaching() -> Reaching:
    """The predicate itself."""
    if not _reaching:
        raise UnregisteredError("no app has said which enrollments lie within a reach")
    return _reaching[0]
