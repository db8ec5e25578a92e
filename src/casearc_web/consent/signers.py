"""Who must sign. Rules are data (`rules/`); this file only reads them and applies them to the facts of one client.

>>> rules = [load_rules("vawa")]
>>> sorted(signers_needed(rules, Facts(age=16)).signs)
['client', 'parent_or_guardian']
>>> sorted(signers_needed(rules, Facts(age=16, services_alone=True)).signs)
['client']
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from casearc_web import configuration
from casearc_web.consent.codes import AuthorizationKind, ConsentKind, Purpose, Relation

_FOLDER = Path(__file__).parent / "rules"
OWN_FOLDER = "consent-rules"
"""In the agency's folder: its own rules."""

MAJORITY = 18
PARENT_OR_GUARDIAN = "parent_or_guardian"
_MEETS = {PARENT_OR_GUARDIAN: {Relation.PARENT, Relation.GUARDIAN, Relation.COURT_GUARDIAN}}
FACTS = frozenset({"adult", "minor", "emancipated", "services_alone", "court_guardian", "waived"})
STRICTEST = "vawa"
"""What an agency follows whose funding streams have no rules of their own."""


class RulesError(Exception):
    """A file of rules says something that cannot be applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules ask about. `services_alone`: staff state that the law lets this minor be served alone."""

    age: int | None = None
    emancipated: bool = False
    services_alone: bool = False
    court_guardian: bool = False
    waived: bool = False

    def hold(self) -> frozenset[str]:
        """The facts that hold, as the rules name them. An unknown age is a minor's."""
        minor = self.age is None or self.age < MAJORITY
        stated = {
            "emancipated": self.emancipated and minor,
            "services_alone": self.services_alone and minor,
            "court_guardian": self.court_guardian,
            "waived": self.waived,
        }
        return frozenset({"minor" if minor else "adult", *(name for name, holds in stated.items() if holds)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule: when it holds, who signs, where it is written and how it reads."""

    when: frozenset[str]
    signs: tuple[str, ...]
    source: str
    says: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one funding stream or law."""

    id: str
    name: str
    version: int
    source: str
    covers: frozenset[str]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """From which age a state lets minors receive services alone: {what: (age, source)}."""

    id: str
    name: str
    version: int
    alone_from: Mapping[str, tuple[int, str]] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Who must sign, and why."""

    signs: frozenset[str]
    because: tuple[tuple[Rules, Row], ...]

    def missing(self, relations: Collection[str]) -> frozenset[str]:
        """Those who have not signed yet."""
        return frozenset(who for who in self.signs if not _MEETS.get(who, {who}) & set(relations))


def signers_needed(rules: Sequence[Rules], facts: Facts, *, state: State | None = None, covers: str = "") -> Needed:
    """Everybody whom any of the rules asks for. A state's least age overrules what staff state about services alone."""
    known = facts.hold()
    if state is not None and covers in state.alone_from and not _old_enough(facts, state.alone_from[covers][0]):
        known -= {"services_alone"}
    because = tuple((one, _deciding(one, known)) for one in rules)
    return Needed(signs=frozenset(who for _, row in because for who in row.signs), because=because)


def rules_for(kind: AuthorizationKind | ConsentKind, funding_streams: Collection[str]) -> list[Rules]:
    """The rules that cover a kind of authorization or consent at an agency with these funding streams."""
    covers = covered(kind)
    if covers != "release":
        return [load_rules(covers)]
    own = [load_rules(stream) for stream in sorted({one.casefold() for one in funding_streams}) if _known(stream)]
    covering = [one for one in own if covers in one.covers]
    return covering or [load_rules(STRICTEST)]


def covered(kind: AuthorizationKind | ConsentKind) -> str:
    """What the rules call a kind."""
    if isinstance(kind, AuthorizationKind):
        return str(kind.value)
    return "service" if kind in (ConsentKind.SERVICE, ConsentKind.SERVICE_ASSENT) else "research"


@cache
def load_rules(rules_id: str) -> Rules:
    """The rules of a funding stream or law, the agency's own file first."""
    read = _read(rules_id)
    if read is None:
        raise RulesError(f"There is no file of rules {rules_id}.toml.")
    rows = tuple(_row(rules_id, row) for row in read["row"])
    return Rules(
        id=read["id"],
        name=read["name"],
        version=read["version"],
        source=read["source"],
        covers=frozenset(read["covers"]),
        rows=rows,
    )


@cache
def load_state(name: str) -> State | None:
    """A state's overlay by its name; None where there is no file for it."""
    stem = "-".join(name.casefold().split())
    read = _read(f"states/{stem}") if stem and stem.replace("-", "").isalpha() else None
    if read is None:
        return None
    ages = {
        what: (part["alone_from"], part["source"])
        for what, part in read.items()
        if isinstance(part, dict) and "alone_from" in part
    }
    return State(id=read["id"], name=read["name"], version=read["version"], alone_from=ages)


def lasting(purpose: Purpose) -> tuple[int, int]:
    """How many months an authorization for a purpose lasts: as proposed, and at most."""
    read = _lasting()[purpose.value]
    return read["proposed"], read["most"]


@cache
def _lasting() -> Mapping[str, Mapping[str, int]]:
    read = _read("lasting")
    if read is None:
        raise RulesError("There is no file lasting.toml.")
    for purpose in Purpose:
        most = read.get(purpose.value, {}).get("most", 0)
        if not 0 < read.get(purpose.value, {}).get("proposed", 0) <= most <= 12:
            raise RulesError(f"lasting.toml: {purpose.value} needs proposed and most, up to 12 months.")
    return read


def _known(stream: str) -> bool:
    return stream.isidentifier() and "covers" in (_read(stream) or {})


def _read(stem: str) -> dict[str, Any] | None:
    own = configuration.current().folder / OWN_FOLDER / f"{stem}.toml"
    for file in (own, _FOLDER / f"{stem}.toml"):
        if file.is_file():
            return tomllib.loads(file.read_text(encoding="utf-8"))
    return None


def _row(rules_id: str, row: Mapping[str, Any]) -> Row:
    signs = tuple(row["signs"])
    unknown = (set(row["when"]) - FACTS) | (set(signs) - {PARENT_OR_GUARDIAN, *Relation.values})
    if unknown or not signs:
        raise RulesError(f"{rules_id}.toml: a row names {', '.join(sorted(unknown)) or 'nobody who signs'}.")
    return Row(when=frozenset(row["when"]), signs=signs, source=row["source"], says=dict(row["says"]))


def _deciding(rules: Rules, known: frozenset[str]) -> Row:
    for row in rules.rows:
        if row.when <= known:
            return row
    raise RulesError(f"{rules.id}.toml has no row for these facts.")


def _old_enough(facts: Facts, least: int) -> bool:
    return facts.age is not None and facts.age >= least
