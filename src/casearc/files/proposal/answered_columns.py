"""Columns that hold answers on a scale, whatever they are called: numbers of few points, or words of a scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casearc.files.proposal.answer_scales import all_said, are_of_a_scale, is_number, number_beside, points_of
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import REASONS
from casearc.files.proposal.words import meaning_of
from casearc.instruments import Instrument

_HIGHEST, _WIDEST = 10, 100
_MOST = 11
_CORE = 0.8
"""Share of the cells that must be answers; what lies beside may be codes for missing."""
_AMPLE = 200
"""So many answers use nearly all of a scale."""
_FEWEST_POINTS = 3
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What columns hold: numbers, words that have none beside them, and how many cells."""

    numbers: frozenset[int] = frozenset()
    words: frozenset[str] = frozenset()
    filled: int = 0

    @property
    def distinct(self) -> int:
        """How many different answers."""
        return len(self.numbers) + len(self.words)

    @property
    def kind(self) -> str:
        """What neighbours must have in common."""
        if not self.numbers:
            return "words" if self.words else ""
        return "wide" if max(self.numbers) > _HIGHEST + 1 else "numbers"


def answered(column: Profile) -> Answered | None:
    """What a column holds, where it could be answers on a scale; an empty one could be."""
    if column.is_box or column.dated or column.field.identifier:
        return None
    if column.filled == 0:
        return Answered()
    if column.numbers < 1.0 and not column.codes:
        return None
    counts = dict(column.cells.value_counts().iter_rows())
    declared = {label: code for code, label in column.field.choices.items()}
    read = {cell: _number_of(cell, declared) for cell in counts}
    words = frozenset(
        cell for cell, number in read.items() if number is None and not meaning_of(cell, "", REASONS).code
    )
    if any(not is_number(number) or float(number) != int(float(number)) for number in read.values() if number):
        return None
    numbers = _core({int(float(number)): 0 for number in read.values() if number}, counts, read)
    if numbers is None or len(words) > _MOST or any(len(word) > _LONGEST_WORD for word in words):
        return None
    return Answered(numbers=numbers, words=words, filled=column.filled)


def _number_of(cell: str, declared: dict[str, str]) -> str | None:
    """The number that a cell is, or that stands beside its words; None where it has none."""
    return cell if is_number(cell) else declared.get(cell) or number_beside(cell) or None


def _core(numbers: dict[int, int], counts: dict[str, int], read: dict[str, str | None]) -> frozenset[int] | None:
    """The numbers of a scale among these, strays left out; None where too few of the cells are on one."""
    for cell, number in read.items():
        if number is not None:
            numbers[int(float(number))] += counts[cell]
    total = sum(numbers.values())
    for highest in (_HIGHEST, _WIDEST):
        kept = {number: count for number, count in numbers.items() if 0 <= number <= highest}
        if sum(kept.values()) >= _CORE * total:
            return frozenset(kept) if highest == _WIDEST or len(numbers) <= _MOST + 4 else None
    return frozenset() if not total else None


def together(columns: Iterable[Answered]) -> Answered:
    """What several columns hold between them."""
    listed = list(columns)
    return Answered(
        numbers=frozenset().union(*(each.numbers for each in listed)),
        words=frozenset().union(*(each.words for each in listed)),
        filled=sum(each.filled for each in listed),
    )


def fits(held: Answered, instrument: Instrument, *, whole: bool = False) -> bool:
    """Whether answers could be those to an instrument.

    Parameters
    ----------
    held
        What its columns hold between them.
    instrument
        Its range tells.
    whole
        Whether all of the scale must be in use.

    Returns
    -------
    bool
        Official codes, as many points begun elsewhere, percentages for scales of eleven points; words of a scale of as
        many points, or as many words as there are points.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> held = Answered(numbers=frozenset(range(1, 8)), filled=480)
    >>> fits(held, load("mspss")), fits(held, load("urica")), fits(held, load("cop_se"))
    (True, False, False)
    """
    if held.distinct < _FEWEST_POINTS:
        return False
    numbers = not held.numbers or _numbers_fit(held, instrument, whole=whole)
    return numbers and (not held.words or _words_fit(held, instrument))


def _numbers_fit(held: Answered, instrument: Instrument, *, whole: bool) -> bool:
    low, high, width = min(held.numbers), max(held.numbers), instrument.high - instrument.low
    narrow = high - low < width - 1 if held.filled >= _AMPLE else False
    if whole and not held.words and high - low != width:
        return False
    official = instrument.low <= low and high <= instrument.high
    moved = high - low <= width and high <= instrument.high + 1
    wide = width >= _HIGHEST and instrument.high + 1 < high <= _WIDEST
    return wide or ((official or moved) and (not narrow or bool(held.words)))


def _words_fit(held: Answered, instrument: Instrument) -> bool:
    if are_of_a_scale(held.words):
        told, ample = points_of(held.words), held.filled >= _AMPLE
        other = ample and any(all_said(list(held.words), points=points) for points in told - {instrument.points})
        return instrument.points in told and (not other or all_said(list(held.words), points=instrument.points))
    return not held.numbers and len(held.words) == instrument.points
