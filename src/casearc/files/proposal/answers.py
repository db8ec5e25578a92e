"""What the answers themselves tell: the coding, items that run against the others, totals beside the items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from casearc.files.proposal.draft import Draft, FeedDraft
from casearc.files.proposal.items import Match
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile, without_missing
from casearc.files.proposal.strays import range_without, stray_codes
from casearc.files.proposal.words import plain_words
from casearc.instruments import Instrument, Kind
from casearc.language import say

_ENOUGH = 30
_ENOUGH_ANSWERS = 200
"""So many answers, and never the lowest: then it may not be there to be given."""
_WIDE = ((0, 100), (1, 100))
_AGAINST = -0.15
_BY_CHANCE = -2.6
_NUMERIC = 0.9


@dataclass(frozen=True, slots=True)
class Coding:
    """What is known of a coding. `here` is what administrations of one part say, or a question; `doubtful` whether it
    is asked for at all."""

    here: str = ""
    doubtful: bool = False


def propose_coding(draft: Draft, part: Part, matches: Sequence[Match], *, alone: bool) -> Coding:
    """Say nothing where the answers use both ends of the official range and nothing else; ask otherwise.

    Parameters
    ----------
    draft
        Takes the question, and the coding where it holds for the whole mapping.
    part, matches
        The rows, and every measurement of one instrument in them.
    alone
        Whether no other part has the instrument; otherwise each says its own coding.

    Returns
    -------
    Coding

    Examples
    --------
    >>> propose_coding(draft, part, [match], alone=True).here  # doctest: +SKIP
    ''
    """
    columns = [part.profiles[name] for match in matches for name in match.items.values()]
    return coding_of(draft, part, matches[0].instrument, columns, alone=alone)


def coding_of(draft: Draft, part: Part, instrument: Instrument, columns: Sequence[Profile], *, alone: bool) -> Coding:
    """What `propose_coding` says, of the answers to each item wherever they stand.

    Parameters
    ----------
    draft, part, alone
        As `propose_coding` takes them.
    instrument
        Whose range it is.
    columns
        The answers, item by item.

    Returns
    -------
    Coding

    Examples
    --------
    >>> coding_of(draft, part, instrument, columns, alone=True)  # doctest: +SKIP
    Coding(here='', doubtful=False)
    """
    strays = stray_codes(columns, instrument)
    low, high = range_without(columns, strays) or (instrument.low, instrument.high)
    official = f"{instrument.low}-{instrument.high}"
    if (low, high) == (instrument.low, instrument.high):
        return Coding()
    fits = instrument.low <= low and high <= instrument.high
    answered = max(column.filled for column in columns)
    few = answered < _ENOUGH and (low == instrument.low or sum(column.filled for column in columns) < _ENOUGH_ANSWERS)
    if fits and few:
        draft.notes.append(
            say(
                "{instrument}: {answered} answered forms in {file} do not use both ends of {official}; "
                "the official coding is taken, since few people need not use them.",
                instrument=instrument.id,
                answered=answered,
                file=part.sheet.in_words,
                official=official,
            )
        )
        return Coding()
    asked = draft.ask(
        f"{instrument.id}-coding" if alone else f"{part.name}-{instrument.id}-coding".replace(" ", "-"),
        say(
            "How are the answers to {instrument} coded in {file}? Its official range is {official}, "
            "and the file uses {low} to {high}.",
            instrument=instrument.id,
            file=part.sheet.in_words,
            official=official,
            low=low,
            high=high,
        ),
        why=say("Another coding would change every score without a sign."),
        answers=_codings(instrument, low, high, official=fits),
    )
    if alone:
        draft.coding[instrument.id] = asked
        return Coding(doubtful=True)
    return Coding(here=asked, doubtful=True)


def official_coding(draft: Draft, instrument: Instrument, *, alone: bool) -> Coding:
    """The official coding, which is known where words tell it: then it counts though few people need its ends.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> draft = Draft()
    >>> official_coding(draft, load("mspss"), alone=True), draft.coding
    (Coding(here='', doubtful=False), {'mspss': '1-7'})
    """
    official = f"{instrument.low}-{instrument.high}"
    if not alone:
        return Coding(here=official)
    draft.coding[instrument.id] = official
    return Coding()


def _codings(instrument: Instrument, low: int, high: int, *, official: bool) -> list[str]:
    """The official range where the answers fit, the same number of points begun elsewhere, and what the file shows,
    unless that is too wide for any coding but a percentage."""
    points = instrument.high - instrument.low
    found = [f"{instrument.low}-{instrument.high}"] if official else []
    for begin in (0, 1, low):
        for end in (begin + points, high):
            if begin <= low and high <= end and (end - begin <= 2 * points or (begin, end) in _WIDE):
                found.append(f"{begin}-{end}")
    if not found:
        found = [f"{begin}-{end}" for begin, end in _WIDE if begin <= low and high <= end]
    return list(dict.fromkeys(found)) or [f"{low}-{high}"]


def propose_reversed(draft: Draft, feed: FeedDraft, part: Part, match: Match, *, coding: Coding) -> None:
    """Ask about items that run against the sum of their scale's others. Items the key reverses are turned first."""
    instrument = match.instrument
    if coding.here:  # items are turned within the whole mapping's coding, and here each part has its own
        return
    _ask_of_names(draft, feed, part, match)
    by_item = {column.removeprefix(f"{instrument.id}_"): source for column, source in match.items.items()}
    for scale in instrument.scores:
        if scale.kind not in (Kind.MEAN, Kind.SUM) or len(scale.items) < 3 or not set(scale.items) <= set(by_item):
            continue
        turned = [instrument.item(item).reverse for item in scale.items]
        matrix = _matrix(part, [by_item[item] for item in scale.items], turned, instrument)
        for item, r in zip(scale.items, _item_rest(matrix), strict=True):
            column = instrument.column(item)
            if _runs_against(r, len(matrix)) and column not in feed.reversed:
                feed.reversed[column] = draft.ask(
                    "-".join(word for word in (column, match.run.wave, "reversed") if word),
                    say(
                        "Is column {column} of {file} stored the wrong way round? It runs against the other "
                        "items of {label} (r = {r:.2f}).",
                        column=by_item[item],
                        file=part.sheet.in_words,
                        label=scale.label,
                        r=r,
                    ),
                    why=say("A reversed item lowers every score, and so does turning one that is right."),
                    answers=("yes", "no"),
                )


def _ask_of_names(draft: Draft, feed: FeedDraft, part: Part, match: Match) -> None:
    """Ask about items whose columns are called reversed (URICA_5R): some programs write turned answers there, some only
    mark the item."""
    named = {item: source for item, source in match.items.items() if source in match.run.turned}
    if not named:
        return
    asked = draft.ask(
        "-".join(word for word in (part.name, match.instrument.id, match.run.wave, "R") if word).replace(" ", "-"),
        say(
            "{columns} of {file} are called reversed. Do they hold answers that were turned round already?",
            columns=", ".join(named.values()),
            file=part.sheet.in_words,
        ),
        why=say("Where they were, they are turned back, since scores are made of answers as they were given."),
        answers=("yes", "no"),
    )
    feed.reversed |= dict.fromkeys(named, asked)


def _runs_against(r: float, rows: int) -> bool:
    """Whether a correlation is negative by more than chance (about one item in 200): in a small group some always are
    a little."""
    return r < _AGAINST and float(np.arctanh(max(r, -0.999))) * np.sqrt(rows - 3) < _BY_CHANCE


def _matrix(part: Part, sources: Sequence[str], turned: Sequence[bool], instrument: Instrument) -> NDArray[np.float64]:
    sheet = replace(part.sheet, frame=part.rows)
    cells = pl.DataFrame([without_missing(sheet, name).cast(pl.Float64, strict=False) for name in sources])
    matrix = cells.drop_nulls().to_numpy().astype(np.float64)
    signs = np.where(np.asarray(turned), -1.0, 1.0)
    return np.asarray(matrix * signs)


def _item_rest(matrix: NDArray[np.float64]) -> list[float]:
    """Correlation of each item with the sum of the others; 0 where there are too few rows or nothing varies."""
    count = matrix.shape[1]
    if len(matrix) < _ENOUGH:
        return [0.0] * count
    total = matrix.sum(axis=1)
    found = []
    for position in range(count):
        rest = total - matrix[:, position]
        varies = matrix[:, position].std() > 0 and rest.std() > 0
        found.append(float(np.corrcoef(matrix[:, position], rest)[0, 1]) if varies else 0.0)
    return found


def propose_totals(draft: Draft, feed: FeedDraft, part: Part, match: Match) -> set[str]:
    """The file's own totals of the instrument, to be compared with; the columns found."""
    instrument, found = match.instrument, set[str]()
    for score in instrument.scores:
        if score.kind not in (Kind.MEAN, Kind.SUM):
            continue
        source = _total_column(part, instrument, score.id, match)
        if source is None or source in found:
            continue
        found.add(source)
        column = part.profiles[source]
        if column.low is None or column.high is None:
            continue
        sums = (instrument.low * len(score.items), instrument.high * len(score.items))
        could_sum = sums[0] * 0.75 <= column.low and column.high <= sums[1]
        could_mean = instrument.low <= column.low and column.high <= instrument.high
        feed.totals[score.id] = {"column": source, "made": _made(draft, part, source, could_sum, could_mean)}
    return found


def _made(draft: Draft, part: Part, source: str, could_sum: bool, could_mean: bool) -> str:
    if could_sum != could_mean:
        return "sum" if could_sum else "mean"
    return draft.ask(
        f"{source}-made",
        say("Is column {source} of {file} a sum or a mean of the items?", source=source, file=part.sheet.in_words),
        why=say("It is compared with the score of the items, so that a wrong order, coding or key shows."),
        answers=("sum", "mean"),
    )


_TOTAL_WORDS = {"total", "sum", "mean", "score", "average", "avg", "tot", "suma", "media", "promedio", "puntaje"}


def _total_column(part: Part, instrument: Instrument, score: str, match: Match) -> str | None:
    """The column whose name is the score's, or the instrument's with a word for a total (only for its first score)."""
    wanted = (set(plain_words(score)) | set(plain_words(match.run.wave))) - _TOTAL_WORDS
    for name, column in part.profiles.items():
        words = set(plain_words(name))
        named = words - _TOTAL_WORDS == wanted and (words & _TOTAL_WORDS or words == set(plain_words(score)))
        if named and column.numbers >= _NUMERIC and name not in match.run.columns.values():
            return name
    return None
