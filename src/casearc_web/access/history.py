"""What a record was before: versions side by side, in words; what the reader may not see stays hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any

from casearc_web.access.asker import Asker
from casearc_web.access.decide import note
from casearc_web.access.fields import HIDDEN, Hidden, hidden_in
from casearc_web.records.base import Record
from casearc_web.records.changes import content_of
from casearc_web.records.history import earlier
from casearc_web.records.words import in_words, label_of

Saying = Mapping[str, Callable[[Any], str]]
"""Words for a field's value, by the field's name."""

_OWN = frozenset({"id", "agency", "version", "created_at", "created_by", "changed_at", "changed_by"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after."""

    label: str
    before: str | Hidden = field(repr=False)
    after: str | Hidden = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, by whom, and what it changed."""

    at: datetime
    who: str
    fields: tuple[FieldChange, ...]


def history(by: Asker, record: Record, said: Saying | None = None) -> list[Change]:
    """Changes of a record that the asker has been allowed to see, the newest first.

    said
        How fields are put into words whose names only the agency's own settings know.
    """
    note(by, [record])
    kept, hidden = earlier(record), hidden_in(by, record)
    states = pairwise([record, *(version.record for version in kept)])
    return [
        Change(
            at=version.replaced_at,
            who=version.replaced_by,
            fields=_changed(before=before, after=after, hidden=hidden, said=said or {}),
        )
        for version, (after, before) in zip(kept, states, strict=True)
    ]


def _changed(*, before: Record, after: Record, hidden: frozenset[str], said: Saying) -> tuple[FieldChange, ...]:
    model, was_all = type(after), content_of(before)
    found = []
    for name, value in content_of(after).items():
        say = said.get(name, partial(in_words, model, name))
        was, now = say(was_all[name]), say(value)
        if name not in _OWN and was != now:
            shown = (HIDDEN, HIDDEN) if name in hidden else (was, now)
            found.append(FieldChange(label_of(model, name), *shown))
    return tuple(found)
