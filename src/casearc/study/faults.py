"""Where in a plan something is wrong, and the list of everything wrong in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from casearc.errors import Fault, PlanRefusedError
from casearc.language import say, say_many

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a plan: ``[[dose]] number 2 "months"``. `number` is 0 for sections that come once."""

    section: str
    number: int = 0
    name: str = ""

    def __str__(self) -> str:
        if not self.number:
            return f"[{self.section}]"
        numbered = say("[[{section}]] number {number}", section=self.section, number=self.number)
        return f'{numbered} "{self.name}"' if self.name else numbered


@dataclass(slots=True)
class PlanFaults:
    """Faults of one plan, in the order they were found. `lines` gives the line of (section, number, key)."""

    file: str
    lines: Mapping[tuple[str, int, str], int] = field(default_factory=dict)
    found: list[Fault] = field(default_factory=list)

    def add(self, entry: Entry | None, problem: str, remedy: str = "", *, key: str = "") -> None:
        """Add one fault; the place is worked out from the entry and the key."""
        place = [self.file, str(entry) if entry else "", say('key "{key}"', key=key) if key else ""]
        self.found.append(
            Fault(
                problem=problem,
                remedy=remedy,
                file=", ".join(part for part in place if part),
                row=self._line(entry, key),
            )
        )

    def _line(self, entry: Entry | None, key: str) -> int | None:
        if entry is None:
            return self.lines.get(("", 0, key))
        at = (entry.section, entry.number)
        return self.lines.get((*at, key)) or self.lines.get((*at, ""))

    def raise_if_any(self) -> None:
        """Refuse the plan with every fault, at most fifty of them spelled out."""
        if not self.found:
            return
        raise refusal(self.file, self.found)


def refusal(file: str, faults: Sequence[Fault]) -> PlanRefusedError:
    """The error that refuses a plan, at most fifty faults spelled out."""
    shown = list(faults[:LIMIT])
    if len(faults) > LIMIT:
        more = len(faults) - LIMIT
        shown.append(
            Fault(
                problem=say("and {more:,} more.", more=more), remedy=say("Mend these first, then check the plan again.")
            )
        )
    count = say_many("{count:,} fault", "{count:,} faults", len(faults))
    return PlanRefusedError(say("The plan {file} is refused: {count}.", file=file, count=count), faults=shown)
