"""The fingerprint of a plan: two plans that mean the same have the same one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any

from casearc.study.plan import StudyPlan

_FORM = "casearc-plan-1"
_NOT_MEANT = frozenset({"digest", "source", "instrument_folders"})


def canonical(plan: StudyPlan) -> str:
    """The plan as text, in one form: keys sorted, no spaces, defaults left out.

    Defaults are left out so that a plan registered today keeps its fingerprint when later versions of Casearc
    know more keys. A default's meaning never changes without a new form name.
    """
    return json.dumps(_plain(plan), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(plan: StudyPlan) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{_FORM}\n{canonical(plan)}".encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        meant = {each.name: each for each in fields(value) if each.name not in _NOT_MEANT}
        said = {name: getattr(value, name) for name, each in meant.items() if getattr(value, name) != _default(each)}
        return {name: _plain(each) for name, each in said.items()}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value


def _default(field: Field[Any]) -> object:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING
