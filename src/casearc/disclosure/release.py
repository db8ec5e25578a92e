"""What the gate hands on: a `Release`, which holds nothing that is hidden.

Only the gate can make one. The reports' signature asks for a `Release`, so a finding that did not pass the gate
cannot be printed by mistake. (This is a wall against mistakes; it does not pretend to stop code that sets out
to go round it.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from types import MappingProxyType

from casearc.disclosure.policy import Edition
from casearc.errors import DisclosureRefusedError
from casearc.findings import Body, Partition, Role, Section

SEAL = object()
"""Known to the gate alone; a Release made without it is refused."""


@dataclass(frozen=True, slots=True)
class Exact:
    """A count shown as it is."""

    value: int


@dataclass(frozen=True, slots=True)
class Band:
    """A count shown as a range, both ends included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """A count not shown. It has no value and no reason: one mark for all of them."""


Shown = Exact | Band | Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFinding:
    """A finding as it may be printed.

    `body.counts` holds the counts that are shown exactly and no others: whoever prints a `CountRef` asks
    `Release.shown`, which also knows the bands. Cells that were taken away are `Hidden`. `told` says in plain
    sentences what was merged or hidden. Where nothing is left, `refusal` says why and the body is empty.
    """

    id: str
    section: Section
    title: str
    body: Body
    plan_item: str | None = None
    role: Role = Role.EXPLORATORY
    warnings: tuple[str, ...] = ()
    refusal: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """All that leaves the gate: the findings, and how each count of people is shown.

    Attributes
    ----------
    edition, threshold
        The edition and the threshold in force.
    findings
        In the order they came.
    shown
        For each key that a finding uses: Exact, Band or Withheld. A key means the same everywhere.
    partitions
        How the keys add up, for whoever wants to check that what is hidden stays hidden.

    Raises
    ------
    DisclosureRefusedError
        If anything but the gate tries to make one.
    """

    edition: Edition
    threshold: int
    findings: tuple[ReleasedFinding, ...]
    shown: Mapping[str, Shown]
    partitions: tuple[Partition, ...]
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not SEAL:
            raise DisclosureRefusedError(
                "A Release can only come from casearc.disclosure.gate: findings that did not pass the gate "
                "cannot be reported."
            )
        object.__setattr__(self, "shown", MappingProxyType(dict(self.shown)))

    def to_dict(self) -> dict[str, object]:
        """Return the `disclosure` part of results.json (see `release_counts_dict`)."""
        return release_counts_dict(self)


def release_counts_dict(release: Release) -> dict[str, object]:
    """Return threshold, edition, how each count is shown, and how counts add up, as plain data.

    Everything in it is public: exact counts, the ends of bands, and the names of what is withheld.

    Examples
    --------
    One entry of ``counts``: ``"enrolled": {"shown": "exact", "value": 95}``; of ``partitions``:
    ``{"whole": "enrolled", "parts": ["both_waves", "not_both_waves"]}``.
    """
    return {
        "threshold": release.threshold,
        "edition": str(release.edition),
        "counts": {key: _plain(shown) for key, shown in sorted(release.shown.items())},
        "partitions": [{"whole": p.whole, "parts": list(p.parts)} for p in release.partitions],
    }


def _plain(shown: Shown) -> dict[str, object]:
    match shown:
        case Exact(value):
            return {"shown": "exact", "value": value}
        case Band(low, high):
            return {"shown": "band", "low": low, "high": high}
        case _:
            return {"shown": "withheld"}
