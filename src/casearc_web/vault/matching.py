"""Finding identities by keyed digests: by what somebody types, and those whose details are like a new one's."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum

from django.db.models import Q, QuerySet

from casearc_web.vault.models import SearchDigest, SearchKind
from casearc_web.vault.search import beginnings, digest, way_text, whole_name, words_of

_ENOUGH_DIGITS = 7
_INITIAL = 2
"""Letters of a name that must agree where the birth date does."""


class Likeness(StrEnum):
    """In what an identity is like another."""

    NAME = "name"
    BIRTH = "birth"
    WAY = "way"


def by_names(agency_id: uuid.UUID, typed: str) -> Q | None:
    """Identities with names that begin with every typed word, as a condition on `identity`; None if too short."""
    digests = beginnings(agency_id, typed)
    if not digests:
        return None
    condition = Q()
    for one in digests:
        condition &= Q(identity__in=_with(agency_id, SearchKind.PREFIX, [one]))
    return condition


def by_way(agency_id: uuid.UUID, typed: str) -> Q | None:
    """Identities that are reached by a number, an address or an account; None where it is none."""
    if "@" not in typed and sum(c.isdigit() for c in typed) < _ENOUGH_DIGITS:
        return None
    return Q(identity__in=_with(agency_id, SearchKind.WAY, [digest(agency_id, SearchKind.WAY, way_text(typed))]))


def by_name_and_birth(agency_id: uuid.UUID, *, name: str, birth_date: str) -> Q:
    """Identities with this whole name, in any order of its words, born on this day."""
    named = digest(agency_id, SearchKind.NAME, whole_name(name))
    born = digest(agency_id, SearchKind.BIRTH, birth_date)
    return Q(identity__in=_with(agency_id, SearchKind.NAME, [named])) & Q(
        identity__in=_with(agency_id, SearchKind.BIRTH, [born])
    )


def alike(
    agency_id: uuid.UUID, *, names: Iterable[str], birth_date: str, ways: Iterable[str]
) -> Mapping[uuid.UUID, frozenset[Likeness]]:
    """Identities of the agency that may be the same person, each with what is alike.

    The same whole name in any order of its words; the same birth date and how a name begins; the same contact way.
    """
    named = {digest(agency_id, SearchKind.NAME, whole_name(name)) for name in names if words_of(name)}
    begun = {
        digest(agency_id, SearchKind.PREFIX, word[:_INITIAL])
        for name in names
        for word in words_of(name)
        if len(word) >= _INITIAL
    }
    reached = {digest(agency_id, SearchKind.WAY, way_text(way)) for way in ways if way_text(way)}
    found: dict[uuid.UUID, set[Likeness]] = defaultdict(set)
    for likeness, identities in (
        (Likeness.NAME, _with(agency_id, SearchKind.NAME, named)),
        (Likeness.BIRTH, _born(agency_id, birth_date, begun)),
        (Likeness.WAY, _with(agency_id, SearchKind.WAY, reached)),
    ):
        for identity in identities:
            found[identity].add(likeness)
    return {identity: frozenset(kinds) for identity, kinds in found.items()}


def _born(agency_id: uuid.UUID, birth_date: str, begun: set[bytes]) -> Iterable[uuid.UUID]:
    if len(birth_date) != len("2010-03-14") or not begun:
        return ()
    same_day = _with(agency_id, SearchKind.BIRTH, [digest(agency_id, SearchKind.BIRTH, birth_date)])
    return _with(agency_id, SearchKind.PREFIX, begun).filter(identity__in=same_day).distinct()


def _with(agency_id: uuid.UUID, kind: SearchKind, digests: Iterable[bytes]) -> QuerySet[SearchDigest, uuid.UUID]:
    held = SearchDigest.objects.filter(agency_id=agency_id, kind=kind, digest__in=list(digests))
    return held.values_list("identity", flat=True)
