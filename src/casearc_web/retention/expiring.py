"""What goes by itself on a day of its own (`expires_at`): apps above say which of their models do."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Model, QuerySet

_models: list[type[Model]] = []


def let_expire(model: type[Model]) -> None:
    """Rows of this model are removed by the nightly run once their `expires_at` has passed."""
    if model not in _models:
        _models.append(model)


def expired(agency_id: uuid.UUID, now: datetime) -> Iterator[QuerySet[Model]]:
    """An agency's rows of each such model whose time has passed."""
    for model in _models:
        yield model._default_manager.filter(agency_id=agency_id, expires_at__lt=now)
