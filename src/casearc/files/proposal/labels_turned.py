"""Answer scales that a file itself labels the other way round: 1 is "very strongly agree"."""

from __future__ import annotations

from collections.abc import Mapping

from casearc.files.proposal.answers import Coding
from casearc.files.proposal.draft import Draft, FeedDraft
from casearc.files.proposal.items import Match
from casearc.files.proposal.parts import Part
from casearc.files.proposal.words import plain_words
from casearc.language import say

_FOR = {"agree", "certain", "sure", "confident", "true", "always", "yes", "can", "acuerdo", "seguro", "segura"}
_AGAINST = {"disagree", "not", "cannot", "cant", "uncertain", "unsure", "false", "never", "no", "desacuerdo", "nunca"}


def propose_turned(draft: Draft, feed: FeedDraft, part: Part, match: Match, *, coding: Coding) -> None:
    """Ask whether items are stored the wrong way round where the labels of their choices run against the instrument's.

    The known instruments all give the higher number to agreement and certainty, so that labels tell. One question is
    asked for all items of a measurement that are labelled so.

    Parameters
    ----------
    draft, feed
        Take the question, and the items that its answer turns.
    part, match
        The rows, and the items in them.
    coding
        Where answers of this part alone are coded otherwise, items cannot be turned by the mapping: that is noted.

    Examples
    --------
    >>> propose_turned(draft, answers, part, match, coding=Coding())  # doctest: +SKIP
    """
    choices = {item: part.profiles[source].field.choices for item, source in match.items.items()}
    turned = {item: ends for item, each in choices.items() if (ends := _ends_turned(each)) is not None}
    if not turned:
        return
    (low, first), (high, last) = next(iter(turned.values()))
    told = {"file": part.sheet.in_words, "instrument": match.instrument.id}
    codes = {"low": low, "first": first, "high": high, "last": last}
    if coding.here:
        draft.notes.append(
            say(
                "{file} labels answers to {instrument} the other way round: {low} is “{first}” and {high} is “{last}”. "
                "Turn them before the import.",
                **told,
                **codes,
            )
        )
        return
    asked = draft.ask(
        "-".join(word for word in (part.name, match.instrument.id, match.run.wave, "turned") if word).replace(" ", "-"),
        say(
            "{file} labels answers to {instrument} the other way round: {low} is “{first}” and {high} is “{last}”. "
            "Are the numbers to be turned?",
            **told,
            **codes,
        ),
        why=say("The instrument gives its highest number to agreement; otherwise every score stands on its head."),
        answers=("yes", "no"),
    )
    feed.reversed |= dict.fromkeys(turned, asked)


def _ends_turned(choices: Mapping[str, str]) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """The lowest and highest code with their labels, where these say agreement first and the contrary last."""
    numbered = sorted((float(code), code) for code in choices if code.lstrip("-").isdigit() and side(choices[code]))
    if len(numbered) < 2:
        return None
    first, last = numbered[0][1], numbered[-1][1]
    if side(choices[first]) > 0 > side(choices[last]):
        return (first, choices[first]), (last, choices[last])
    return None


def side(label: str) -> int:
    """1 for a label of agreement or certainty, -1 for the contrary, 0 where it says neither."""
    words = set(plain_words(label))
    return -1 if words & _AGAINST else 1 if words & _FOR else 0
