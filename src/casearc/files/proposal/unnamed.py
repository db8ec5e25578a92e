"""Columns that look like answers to an instrument that nothing names: they are left out, and that is said."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.files.proposal.draft import Draft
from casearc.files.proposal.labels_turned import side
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.language import say

_ENOUGH = 6
_POINTS = range(3, 12)
_HIGHEST = 10


def note_unnamed(draft: Draft, parts: Sequence[Part]) -> None:
    """Note where several columns of a part hold answers on a scale and no feed takes them.

    Parameters
    ----------
    draft
        Whose feeds are made; takes the notes.
    parts
        The rows.

    Examples
    --------
    >>> note_unnamed(draft, parts)  # doctest: +SKIP
    """
    for part in parts:
        used = {source for feed in draft.feeds if feed.file == part.file for source in feed.columns.values()}
        left = [at for at, (name, each) in enumerate(part.profiles.items(), 1) if name not in used and _is_scale(each)]
        if len(left) >= _ENOUGH:
            draft.notes.append(
                say(
                    "{count} columns of {file} (from number {first} to number {last}) look like answers to an "
                    "instrument and are left out, since nothing says to which. Name them after its items (mspss_1, "
                    "mspss_2 …), or write them into the mapping.",
                    count=len(left),
                    file=part.sheet.in_words,
                    first=left[0],
                    last=left[-1],
                )
            )


def _is_scale(column: Profile) -> bool:
    """Whether a column holds a few small whole numbers, or words of agreement or certainty."""
    if column.is_box or column.dated or column.distinct > _POINTS.stop:
        return False
    if column.numbers == 1.0 and column.distinct in _POINTS and column.low is not None and column.high is not None:
        return column.whole == 1.0 and column.low >= 0 and column.high <= _HIGHEST
    sides = {side(code) for code in column.codes}
    return {1, -1} <= sides
