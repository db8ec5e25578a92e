"""The contract's tables, one file a table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from casearc.tables.definitions.administrations import ADMINISTRATIONS
from casearc.tables.definitions.contacts import CONTACTS
from casearc.tables.definitions.enrollments import ENROLLMENTS
from casearc.tables.definitions.goals import GOALS
from casearc.tables.definitions.needs import NEEDS
from casearc.tables.definitions.participants import PARTICIPANTS
from casearc.tables.definitions.responses import RESPONSES
from casearc.tables.definitions.services import SERVICES
from casearc.tables.definitions.shared import MISSING_REASONS
from casearc.tables.schema import TableSchema

_ORDER = (PARTICIPANTS, ENROLLMENTS, CONTACTS, SERVICES, GOALS, NEEDS, ADMINISTRATIONS, RESPONSES)

TABLES: Mapping[str, TableSchema] = MappingProxyType({schema.name: schema for schema in _ORDER})
"""Every table of the contract by name, in an order in which each refers only to earlier ones."""

__all__ = ["MISSING_REASONS", "TABLES"]
