"""Ids for rows that have none: made of what a row says, so that in a later or longer export the same row has the same
one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casearc.files.proposal.draft import Confidence, FeedDraft
from casearc.files.proposal.words import plain_words

COPY, KIND, SAME = "_copy", "_kind", "_same"
ROW_SAYS, ROW_AGAIN = "_row_says", "_row_again"
"""Where no column says whose row it is: what the whole row says, and which of the rows that say so it is."""
_WAVE = re.compile(
    r"^(pre|post|base(line)?|entry|intake|exit|discharge|follow ?up|inicio|seguimiento|(t|w|wave|time|visit) ?\d+"
    r"|\d+ ?(m|mo|mos|months?|mes|meses|weeks?))$"
)
_MOST_WORDS = 2


def make_id(
    feed: FeedDraft,
    name: str,
    columns: Sequence[str],
    *,
    said: str,
    prefix: str,
    kind: Sequence[str] = (),
    confidence: Confidence = Confidence.LIKELY,
) -> None:
    """Make an id of cells; a row after another one with the same cells gets a number behind.

    Parameters
    ----------
    feed
        Takes the derivations.
    name
        The column of the id.
    columns
        Those whose cells stand in the id, such as person and day.
    said, confidence
        Why, and how sure.
    prefix
        What the id begins with.
    kind
        Columns that tell rows apart and whose words must not stand in an id: a digest of them does.

    Examples
    --------
    >>> feed = FeedDraft(table="contacts", file="contacts.csv")
    >>> make_id(feed, "contact_id", ["who", "when"], said="person and day", prefix="contacts-")
    >>> feed.derive["contact_id"]["join"], feed.derive["_copy"]
    (['who', 'when', '_copy'], {'count_within': ['who', 'when']})
    """
    if kind:
        feed.derive[KIND] = {"digest": list(kind)}
    feed.derive[COPY] = {"count_within": [*columns, *kind]}
    parts = [*columns, *([KIND] if kind else []), COPY]
    feed.make(name, {"join": parts, "with": "-", "prefix": prefix, "skip_empty": True}, said, confidence)


def once(feed: FeedDraft, columns: Sequence[str], *, reason: str, keep: str = "first") -> None:
    """Take rows that are the same in some columns, empty cells among them, once.

    Parameters
    ----------
    feed
        Takes the rule.
    columns
        What is compared.
    reason
        Why the others are set aside.
    keep
        ``first``, or a question.

    Examples
    --------
    >>> feed = FeedDraft(table="contacts", file="contacts.csv")
    >>> once(feed, ["who", "when"], reason="a copy")
    >>> feed.duplicates["key"], feed.derive["_same"]
    (['_same'], {'digest': ['who', 'when']})
    """
    feed.derive[SAME] = {"digest": list(columns)}
    feed.duplicates = {"key": [SAME], "keep": keep, "reason": reason}


def wave_in(name: str) -> str:
    """The word of a wave in a file's or sheet's name, where there is one alone.

    Examples
    --------
    >>> wave_in("Survey pre"), wave_in("MSPSS 6 months"), wave_in("pre and post"), wave_in("survey")
    ('pre', '6-months', '', '')
    """
    words = plain_words(name)
    found = [
        words[at : at + size]
        for size in range(_MOST_WORDS, 0, -1)
        for at in range(len(words) - size + 1)
        if _WAVE.match(" ".join(words[at : at + size]))
    ]
    longest = found[0] if found else ()
    return "-".join(longest) if all(set(each) <= set(longest) for each in found) else ""
