"""Which fields the columns of an export of labels are, where labels alone do not tell: by the dictionary's order.

REDCap writes columns in the order of its dictionary, and after each form's fields its ``Complete?``. Forms and fields
may be left out of an export. So columns are matched with fields in ascending order, each form that is there ending with
its ``Complete?`` (where any does); only where one such matching is possible is it taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SEVERAL = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """A raw column that a label may stand for.

    place
        Where the dictionary's order has it.
    form
        The form it belongs to; empty for REDCap's own columns, which stand anywhere.
    ends_form
        It is the form's ``Complete?``.
    """

    name: str
    choices: Mapping[str, str]
    place: int = -1
    form: str = ""
    ends_form: bool = False


def by_order(candidates: Sequence[Sequence[Target]]) -> list[Target] | None:
    """The only way to take a target for each column in ascending order; None where there is none or are several.

    Parameters
    ----------
    candidates
        Targets that each column may stand for, columns in the file's order.

    Returns
    -------
    list of Target or None

    Examples
    --------
    >>> one = Target(name="a_complete", choices={}, place=1, form="a", ends_form=True)
    >>> two = Target(name="b_complete", choices={}, place=3, form="b", ends_form=True)
    >>> [each.name for each in by_order([[one, two], [one, two]])]
    ['a_complete', 'b_complete']
    >>> by_order([[one, two]])
    """
    ends = any(each.ends_form for column in candidates for each in column)
    ways: list[dict[Target, int]] = []
    for column in candidates:
        before = ways[-1] if ways else None
        ways.append({each: _ways(each, before, ends=ends) for each in column})
    last = {each: count for each, count in ways[-1].items() if count and _may_end(each, ends=ends)} if ways else {}
    if sum(last.values()) != 1:
        return None
    chosen = list(last)
    for counted in reversed(ways[:-1]):
        possible = (each for each, count in counted.items() if count)
        chosen.append(next(each for each in possible if _may_follow(chosen[-1], each, ends=ends)))
    return chosen[::-1]


def _ways(target: Target, before: Mapping[Target, int] | None, *, ends: bool) -> int:
    """In how many ways columns up to this one can be matched, this one with the target; many are told as two."""
    if before is None:
        return 1
    return min(_SEVERAL, sum(count for each, count in before.items() if _may_follow(target, each, ends=ends)))


def _may_follow(target: Target, before: Target, *, ends: bool) -> bool:
    """A further column of the same form, or any where the form before has come to its end."""
    return target.place > before.place and (target.form == before.form or _may_end(before, ends=ends))


def _may_end(target: Target, *, ends: bool) -> bool:
    """The record's id is in every export, without its form."""
    return target.ends_form or target.place == 0 or not ends
