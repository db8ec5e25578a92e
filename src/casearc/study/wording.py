"""How sentences about a plan call what it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casearc.dose.definitions import DoseDefinition
from casearc.study.plan import Model, Outcome

if TYPE_CHECKING:
    from casearc.instruments import ScoreDefinition


def outcome_label(outcome: Outcome, score: ScoreDefinition | None) -> str:
    """How sentences call an outcome: the plan's label, the score's, or the id in words."""
    return outcome.label or (score.label if score is not None else words(outcome.id))


def dose_label(dose: DoseDefinition) -> str:
    """How sentences call a dose."""
    return dose.label or words(dose.id)


def model_label(model: Model) -> str:
    """How sentences call a model."""
    return model.label or words(model.id)


def window_in_words(dose: DoseDefinition) -> str:
    """From which day to which, in words."""
    start = f"day {dose.start}" if isinstance(dose.start, int) else f"the day of {words(dose.start)}"
    if isinstance(dose.end, int):
        return f"from {start} up to, not including, day {dose.end} after the start of the enrollment"
    return f"from {start} up to, not including, that of {words(dose.end)}"


def words(name: str) -> str:
    """A name as words: ``six_months`` is six months."""
    return name.replace("_", " ")


def listed(parts: Sequence[str]) -> str:
    """Several things in one phrase: a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
