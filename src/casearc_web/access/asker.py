"""Who asks: the one object that every query and action takes as `by`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from casearc_web.access.roles import Reach, reach_of
from casearc_web.access.verbs import Verb

Found = TypeVar("Found")


@dataclass(slots=True)
class Trail:
    """What a request has read or touched so far and is not yet logged; the log takes it and it is empty again."""

    clients: set[uuid.UUID] = field(default_factory=set)
    kind: str = ""
    record_id: str = ""
    words: list[str] = field(default_factory=list)
    route: str = ""

    def saw(self, clients: Iterable[uuid.UUID | None]) -> None:
        """Note clients whose records were read."""
        self.clients.update(client for client in clients if client is not None)

    def about(self, kind: str, record_id: object) -> None:
        """Note the one record that the request is about."""
        self.kind, self.record_id = kind, str(record_id)

    def say(self, words: str) -> None:
        """Note words for the log: a reason, names of changed fields. Never a client's value."""
        self.words.append(words)

    def clear(self) -> None:
        """Start again, after what was noted is logged."""
        self.clients, self.words, self.kind, self.record_id = set(), [], "", ""


@dataclass(slots=True)
class Known:
    """What was read about somebody when their request came in, so that no page asks for it again.

    None is not known: then the database is asked. A write makes all of it unknown.
    """

    cares_for: Mapping[uuid.UUID, uuid.UUID] | None = None
    """Within the reach of a caseload: each enrollment with its client."""
    closes: Mapping[uuid.UUID, datetime] | None = None
    """When the glass closes again that was broken for each client."""
    unseen: int | None = None
    """How many notices wait."""
    last_event: datetime | None = None
    """When the agency's log was last written to."""
    kept: dict[object, Any] | None = None
    """What parts of one page share."""

    def once(self, key: object, ask: Callable[[], Found]) -> Found:
        """What `ask` answers, asked once in a request; each time where nothing is kept."""
        if self.kept is None:
            return ask()
        if key not in self.kept:
            self.kept[key] = ask()
        found: Found = self.kept[key]
        return found

    def forget(self) -> None:
        """Know nothing any more but how many notices wait: only marking them as seen changes that."""
        self.cares_for = self.closes = self.last_event = self.kept = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A staff member as far as access is concerned.

    `opened` are clients whose glass they broke and that are still open.
    """

    staff_id: uuid.UUID | None
    agency_id: uuid.UUID
    role: str
    team_id: uuid.UUID | None = None
    program_ids: frozenset[uuid.UUID] = frozenset()
    opened: frozenset[uuid.UUID] = frozenset()
    language: str = "en"
    name: str = ""
    trail: Trail = field(default_factory=Trail, compare=False, repr=False)
    known: Known = field(default_factory=Known, compare=False, repr=False)

    def reach(self, verb: Verb) -> Reach:
        """How far this person reaches with a verb."""
        return reach_of(self.role, verb)
