"""The ledger of what has been made public, and the audit each new entry must pass.

The attacker of this audit knows every published count and band, how counts add up, and the rule of the gate. He
is even told which withheld counts are small and which only shield them, though one mark stands for both. That
makes the audit strict on purpose: the gate's own choices (what to hide beside a small count) then rest on
nothing but public facts and on which counts are small, so they tell him nothing more.

Two sets of intervals are kept:

* the *strict* one, in which a small count lies in 0 … threshold-1 and a shield is threshold or more. Each hidden
  count keeps at least `threshold` values;
* the *wide* one, in which a small count might also be `threshold`. Each small count keeps `threshold` + 1 values.
  Without this margin, that a narrower hiding had been rejected would itself rule out the largest small value.

A count nobody withheld (an n that is only shown as a band, a group no table prints) is in order when it keeps
`threshold` values or when it certainly reaches the threshold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from casearc.disclosure.knowledge import UNBOUNDED, ContradictionError, Knowledge, Solved
from casearc.disclosure.programs import Bounds
from casearc.disclosure.structure import Structure


class Claim(Enum):
    """What is said about a count."""

    EXACT = auto()
    BAND = auto()
    REACHES = auto()  # nothing is printed, but numbers rest on it, so it reaches the threshold
    SMALL = auto()  # withheld, below the threshold
    SHIELD = auto()  # withheld, at or above the threshold
    VEILED = auto()  # withheld, and nothing gives away which of the two


@dataclass(frozen=True, slots=True)
class Entry:
    """One count, what is said about it, and the bounds of a band."""

    count: int
    claim: Claim
    low: int = 0
    high: int = UNBOUNDED


@dataclass(frozen=True, slots=True)
class Trial:
    """How the ledger would stand.

    failing
        Counts too many values of which would be ruled out.
    narrow
        Counts in order only because they certainly reach the threshold, though few values are left for them.
    """

    ledger: Ledger
    failing: frozenset[int]
    narrow: frozenset[int] = frozenset()

    @property
    def passes(self) -> bool:
        """Whether every hidden count keeps enough values."""
        return not self.failing

    @property
    def roomy(self) -> bool:
        """Whether it passes, and still would if any of it were told less exactly: every count keeps many values."""
        return self.passes and not self.narrow


WITHHOLDING = frozenset({Claim.SMALL, Claim.SHIELD, Claim.VEILED})


class Ledger:
    """What is public so far. Ledgers are not changed: `trial` returns the one that would follow."""

    __slots__ = ("_claims", "_strict", "_wide", "structure", "threshold")

    def __init__(self, structure: Structure, threshold: int) -> None:
        solved: Solved = {}
        self.structure = structure
        self.threshold = threshold
        self._claims: dict[int, Entry] = {}
        self._strict = Knowledge(structure, room=threshold + 1, solved=solved)
        self._wide = Knowledge(structure, room=threshold + 1, solved=solved)

    def claim(self, count: int) -> Entry | None:
        """Return what is said about a count, if anything."""
        return self._claims.get(count)

    def derivable(self, count: int) -> Bounds:
        """Return the interval an attacker is left with, at the least."""
        return self._strict.low[count], self._strict.high[count]

    def trial(self, entries: Iterable[Entry]) -> Trial:
        """Return the ledger with these entries, and the counts that would then be too well known."""
        entries = tuple(entries)
        after = self._copy()
        after._claims.update((entry.count, entry) for entry in entries)
        try:
            changed = after._strict.learn({e.count: self._bounds(e, wide=False) for e in entries})
            changed |= after._wide.learn({e.count: self._bounds(e, wide=True) for e in entries})
        except ContradictionError:
            return Trial(after, frozenset(entry.count for entry in entries))
        changed |= {entry.count for entry in entries}
        return Trial(
            after,
            failing=frozenset(count for count in changed if not after._in_order(count)),
            narrow=frozenset(count for count in changed if after._is_narrow(count)),
        )

    def _copy(self) -> Ledger:
        twin = Ledger.__new__(Ledger)
        twin.structure, twin.threshold = self.structure, self.threshold
        twin._claims = dict(self._claims)
        twin._strict, twin._wide = self._strict.copy(), self._wide.copy()
        return twin

    def _bounds(self, entry: Entry, *, wide: bool) -> Bounds:
        k = self.threshold
        match entry.claim:
            case Claim.SMALL:
                return 0, k if wide else k - 1
            case Claim.SHIELD | Claim.REACHES:
                return k, UNBOUNDED
            case _:
                return entry.low, entry.high

    def _in_order(self, count: int) -> bool:
        entry = self._claims.get(count)
        claim = entry.claim if entry is not None else None
        if claim is Claim.EXACT:
            return True
        strict = self._values(self._strict, count)
        if claim is Claim.SMALL:
            return strict >= self.threshold and self._values(self._wide, count) > self.threshold
        if claim in WITHHOLDING:
            return strict >= self.threshold
        return strict >= self.threshold or self._strict.low[count] >= self.threshold

    def _is_narrow(self, count: int) -> bool:
        entry = self._claims.get(count)
        exact = entry is not None and entry.claim is Claim.EXACT
        return not exact and self._values(self._strict, count) < self.threshold

    @staticmethod
    def _values(knowledge: Knowledge, count: int) -> int:
        return knowledge.high[count] - knowledge.low[count] + 1


def exact(counts: Iterable[int], values: Mapping[int, int]) -> tuple[Entry, ...]:
    """Return entries that show counts as they are."""
    return tuple(Entry(c, Claim.EXACT, values[c], values[c]) for c in counts)
