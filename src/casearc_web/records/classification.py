"""What kind of secret a field is. Every field of every model says it, and a test finds the one that does not."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db import models


class Privacy(StrEnum):
    """Decides what export, purge and hiding do with a field; `retention` and `analysis_export` read it."""

    IDENTITY = "identity"
    """Tells who somebody is: names, birth date."""
    LOCATING = "locating"
    """Tells where or how somebody can be reached."""
    SENSITIVE = "sensitive"
    """What was done to somebody, or their health, in codes."""
    SUBSTANCE_USE = "substance_use"
    """Under 42 CFR Part 2: apart from everything else, and hidden unless a role says otherwise."""
    DEMOGRAPHIC = "demographic"
    """Describes somebody in codes."""
    CASEWORK = "casework"
    """What was done for somebody, in codes, numbers and dates."""
    TEXT = "text"
    """Free words about somebody. Never exported, always sealed."""
    STAFF = "staff"
    """Who of the agency did it."""
    OPERATIONAL = "operational"
    """Keys, versions, settings: tells nothing about a young person."""


def privacy_of(model: type[models.Model]) -> Mapping[str, Privacy]:
    """Each concrete field of a model with its class, those of abstract parents included; undeclared fields are
    absent.
    """
    declared: dict[str, Privacy] = {}
    for parent in reversed(model.__mro__):
        declared.update(parent.__dict__.get("privacy", {}))
    return declared
