"""Hiding fields: a page shows what somebody may see and says that the rest is hidden. It does not fail."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import FunctionType, MethodType
from typing import Any

from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import OPENED_BY_GLASS, client_of
from casearc_web.access.roles import Reach, reach_of
from casearc_web.access.verbs import Verb
from casearc_web.records.classification import Privacy, privacy_of

NEEDED: Mapping[Privacy, Verb] = {
    Privacy.IDENTITY: Verb.VIEW_IDENTITY,
    Privacy.LOCATING: Verb.VIEW_IDENTITY,
    Privacy.SENSITIVE: Verb.VIEW_SENSITIVE,
    Privacy.SUBSTANCE_USE: Verb.VIEW_SUBSTANCE_USE,
    Privacy.TEXT: Verb.VIEW_NOTES,
}
"""What it takes to see a field of a class. Classes not named here are seen with the record."""


class Hidden:
    """Stands for a value that somebody may not see. False, so that templates can ask; says in words that it is
    hidden.
    """

    __slots__ = ()
    is_hidden = True

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return _("hidden: not part of your role")

    def __repr__(self) -> str:
        return "HIDDEN"


HIDDEN = Hidden()


class Redacted:
    """A record seen through somebody's role: attributes as usual, those not theirs `HIDDEN`."""

    __slots__ = ("_hidden", "_record")

    def __init__(self, record: Model, hidden: frozenset[str]) -> None:
        self._record, self._hidden = record, hidden

    def __getattr__(self, name: str) -> Any:
        plain = name.removeprefix("get_").removesuffix("_display")
        if name in self._hidden or plain in self._hidden:
            return HIDDEN
        return self._computed(name) if self._hidden else getattr(self._record, name)

    def _computed(self, name: str) -> Any:
        """What a model computes is computed from what may be seen."""
        made = getattr(type(self._record), name, None)
        if isinstance(made, property) and made.fget:
            return made.fget(self)
        if isinstance(made, cached_property):
            return made.func(self)
        return MethodType(made, self) if isinstance(made, FunctionType) else getattr(self._record, name)


def sees(by: Asker, privacy: Privacy) -> bool:
    """Whether somebody sees fields of this class on records that they see at all."""
    return _sees(by.role, bool(by.opened), privacy)


def _sees(role: str, glass: bool, privacy: Privacy) -> bool:
    verb = NEEDED.get(privacy)
    if verb is None:
        return True
    return reach_of(role, verb) > Reach.NOBODY or (glass and verb in OPENED_BY_GLASS)


def hidden_fields(by: Asker, model: type[Model]) -> frozenset[str]:
    """Fields of a model that somebody does not see, and therefore cannot write either."""
    return _hidden(by.role, bool(by.opened), model)


@cache
def _hidden(role: str, glass: bool, model: type[Model]) -> frozenset[str]:
    return frozenset(name for name, privacy in privacy_of(model).items() if not _sees(role, glass, privacy))


def hidden_in(by: Asker, record: Model) -> frozenset[str]:
    """As `hidden_fields`, for one record: broken glass shows less of its client than the role shows of others."""
    hidden = hidden_fields(by, type(record))
    if not by.opened or client_of(record) not in by.opened:
        return hidden
    closed = {kind for kind, verb in NEEDED.items() if verb not in OPENED_BY_GLASS}
    return hidden | {name for name, privacy in privacy_of(type(record)).items() if privacy in closed}


def redacted(by: Asker, record: Model) -> Redacted:
    """The record as this person may see it."""
    return Redacted(record, hidden_in(by, record))
