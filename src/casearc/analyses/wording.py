"""Small pieces of wording that several analyses share."""

from __future__ import annotations


def wave_label(name: str) -> str:
    """A wave's name as it stands in a sentence: ``six_months`` reads "six months"."""
    return name.replace("_", " ")


def level_label(code: str) -> str:
    """A code as it stands in a sentence or table: ``not_identified`` reads "not identified"."""
    return code.replace("non_", "non-", 1).replace("_", " ") if code.startswith("non_") else code.replace("_", " ")


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def interval_heading(level: float) -> str:
    """Heading of a column of intervals: ``95 % interval``."""
    return f"{100 * level:g} % interval"


def direction_word(difference: float) -> str:
    """Which way a difference goes, without a value judgment."""
    if difference > 0:
        return "higher"
    return "lower" if difference < 0 else "different"
