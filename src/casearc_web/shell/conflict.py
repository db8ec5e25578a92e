"""Two people edited one record: both versions on one page, and what was chosen put together.

A view that meets a version conflict renders `shell/conflict.html` with a `Conflict` under the name `conflict`. The page
posts to the same address: everything typed, the saved version's number, and for each field which side to keep.

>>> data = QueryDict("housing=shelter&keep-housing=saved&keep=chosen")
>>> merged({"housing": "shelter", "school": "none"}, {"housing": "family", "school": "10th"}, data)
{'housing': 'family', 'school': 'none'}
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

MINE, SAVED, CHOSEN = "mine", "saved", "chosen"
NOT_TYPED = ("csrfmiddlewaretoken", "version", "keep")


@dataclass(frozen=True)
class Difference:
    """One field of which there are two versions, in words as a reader sees them, and which is chosen to begin with."""

    name: str
    label: str
    mine: str = field(repr=False)
    saved: str = field(repr=False)
    prefer: str = MINE  # SAVED where the reader left the field as it was, so that nobody's change is undone by default


@dataclass(frozen=True)
class Conflict:
    """What the page needs. `typed` is `typed_in(request.POST)`; `version` is the saved record's."""

    differences: tuple[Difference, ...]
    typed: tuple[tuple[str, str], ...] = field(repr=False)
    version: int
    saved_by: str = ""
    saved_at: datetime.datetime | None = None


def typed_in(data: QueryDict) -> tuple[tuple[str, str], ...]:
    """Everything a form sent, in order, without token, version and earlier choices."""
    return tuple(
        (name, value)
        for name, values in data.lists()
        for value in values
        if name not in NOT_TYPED and not name.startswith("keep-")
    )


def is_answer(data: QueryDict) -> bool:
    """Whether a form comes from the page of both versions."""
    return data.get("keep") in {MINE, SAVED, CHOSEN}


def merged(mine: Mapping[str, Any], saved: Mapping[str, Any], data: QueryDict) -> dict[str, Any]:
    """The fields as chosen: `mine` are the form's cleaned values, `saved` the record's, by the same names.

    What the record does not know (a form's `submission`) stays as sent.
    """
    if data.get("keep") == SAVED:
        return {name: saved.get(name, value) for name, value in mine.items()}
    keep_saved = {name for name in mine if data.get("keep") == CHOSEN and data.get(f"keep-{name}") == SAVED}
    return {name: saved[name] if name in keep_saved else value for name, value in mine.items()}
