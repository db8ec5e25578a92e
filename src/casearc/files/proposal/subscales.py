"""Columns numbered scale by scale (Fam1 to Fam4, Fri1 to Fri4): the items of each score in the order of its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from casearc.files.codes_and_texts import plain_words
from casearc.files.proposal.answered_columns import answered, fits, together
from casearc.files.proposal.batteries import Battery
from casearc.files.proposal.draft import Confidence
from casearc.files.proposal.items import Match, Run, plain, runs_of
from casearc.files.proposal.parts import Part
from casearc.instruments import Instrument, Kind, ScoreDefinition
from casearc.language import say

_FEWEST = 2
_TELLING = 3


def named_scale_by_scale(
    part: Part, matches: Sequence[Match], instruments: Sequence[Instrument]
) -> tuple[tuple[Battery, ...], tuple[Match, ...]]:
    """Of matches whose columns are named after an instrument those that are its scales, and the others.

    Parameters
    ----------
    part
        The rows.
    matches
        Runs that are named after an instrument.
    instruments
        Those that are known.

    Returns
    -------
    tuple
        A battery for each instrument and wave, and the matches that are none of them.

    Examples
    --------
    >>> named_scale_by_scale(part, matches, instruments)  # doctest: +SKIP
    """
    found, left = [], list(matches)
    for name, wave in dict.fromkeys((match.instrument.id, match.run.wave) for match in matches):
        of = [match for match in left if (match.instrument.id, match.run.wave) == (name, wave)]
        runs = [match.run for match in of if _beyond(match.run, name)]
        best = _best(runs, [each for each in instruments if each.id == name], whole=False)
        if best is not None:
            found.append(_battery(part, runs, [best]))
            left = [match for match in left if match.run not in runs]
    return tuple(found), tuple(left)


def unnamed_scale_by_scale(
    part: Part, instruments: Sequence[Instrument], *, taken: frozenset[str]
) -> tuple[Battery, ...]:
    """Runs that nothing ties to an instrument but the names of its scales: all of these, side by side.

    Examples
    --------
    >>> unnamed_scale_by_scale(part, instruments, taken=frozenset())  # doctest: +SKIP
    """
    held = {
        name: told
        for name, column in part.profiles.items()
        if name not in taken and (told := answered(column)) is not None
    }
    found = []
    runs = runs_of(list(held))
    for wave in dict.fromkeys(run.wave for run in runs):
        mine = [run for run in runs if run.wave == wave and run.stem]
        for each in instruments:
            named = [run for run in mine if _scores(run, each)]
            whole = _best(named, [each], whole=True)
            if whole is not None and fits(together(held[n] for run in named for n in run.columns.values()), each):
                found.append(_battery(part, named, [whole]))
                break
    return tuple(found)


def _beyond(run: Run, instrument: str) -> str:
    """The stem without the instrument's name."""
    return run.key.replace(plain(instrument), "", 1)


_Found = tuple[Instrument, dict[str, str], list[tuple[Run, ScoreDefinition]]]


def _best(runs: Sequence[Run], instruments: Sequence[Instrument], *, whole: bool) -> _Found | None:
    """The form whose scales all runs are, each of another one: one that they fill goes before one that they do not."""
    fitting = [found for each in instruments if (found := _assigned(runs, each)) is not None]
    full = [found for found in fitting if len(found[1]) == len(found[0].items)]
    enough = [found for found in (full or ([] if whole else fitting)) if len(runs) >= (_FEWEST if whole else 1)]
    return enough[0] if enough else None


def _assigned(runs: Sequence[Run], instrument: Instrument) -> _Found | None:
    pairs = []
    for run in runs:
        scores = _scores(run, instrument)
        if len(scores) != 1:
            return None
        pairs.append((run, scores[0]))
    items = [item for _, score in pairs for item in score.items]
    if not pairs or len(set(items)) < len(items):
        return None
    columns = [run.columns[number] for run, _ in pairs for number in sorted(run.columns)]
    return instrument, dict(zip(items, columns, strict=True)), pairs


def _scores(run: Run, instrument: Instrument) -> list[ScoreDefinition]:
    """Scores that the run's stem names, of as many items as it has columns."""
    word = _beyond(run, instrument.id)
    count = len(run.columns)
    scales = [
        score
        for score in instrument.scores
        if score.kind in (Kind.MEAN, Kind.SUM) and 1 < len(score.items) < len(instrument.items)
    ]
    if not word or list(run.columns) != list(range(1, count + 1)):
        return []
    words = {score.id: _words(score, scales, instrument) for score in scales}
    ways: tuple[Callable[[Sequence[str]], bool], ...] = (
        lambda told: any(each.startswith(word) or (len(each) > _TELLING and word.startswith(each)) for each in told),
        lambda told: "".join(each[0] for each in told).startswith(word) and len(word) > 1,
        lambda told: len(word) > 1 and any(_within(word, each) for each in ("".join(told), *told)),
    )
    for way in ways:
        named = [score for score in scales if way(words[score.id])]
        if named:
            return [score for score in named if len(score.items) == count] if len(named) == 1 else []
    return []


def _words(score: ScoreDefinition, scales: Iterable[ScoreDefinition], instrument: Instrument) -> list[str]:
    """The words of a score's id that tell it from the others."""
    own = plain_words(score.id.removeprefix(f"{instrument.id}_"))
    others = [set(plain_words(each.id.removeprefix(f"{instrument.id}_"))) for each in scales if each is not score]
    shared = set.intersection(*others) if others else set()
    return [word for word in own if word not in shared]


def _within(word: str, text: str) -> bool:
    """Whether a word is made of a text's letters in their order, the first being the first."""
    if not text.startswith(word[0]):
        return False
    letters = iter(text)
    return all(letter in letters for letter in word)


def _battery(part: Part, runs: Sequence[Run], found: Sequence[_Found]) -> Battery:
    names = [name for run in runs for name in run.columns.values()]
    held = together(each for name in names if (each := answered(part.profiles[name])) is not None)
    instrument, by_item, pairs = found[0]
    asked = "-".join(word for word in (part.name, instrument.id, runs[0].wave, "scales") if word).replace(" ", "-")
    match = Match(
        run=Run(stem=instrument.id, wave=runs[0].wave, columns=dict(enumerate(names, start=1))),
        instrument=instrument,
        named=False,
        reason=say("numbered scale by scale, in the order of the key"),
        confidence=Confidence.GUESS,
        by_item=_in_order(by_item, instrument),
        battery=asked,
        answer=instrument.reference,
    )
    told = "; ".join(_told(run, score) for run, score in pairs)
    return Battery(
        id=asked, columns=tuple(names), first=names[0], last=names[-1], held=held, matches=(match,), scales=told
    )


def _in_order(by_item: Mapping[str, str], instrument: Instrument) -> dict[str, str]:
    return {item.id: by_item[item.id] for item in instrument.items if item.id in by_item}


def _told(run: Run, score: ScoreDefinition) -> str:
    columns = list(run.columns.values())
    return say(
        "{first} to {last} are items {items} ({score})",
        first=columns[0],
        last=columns[-1],
        items=", ".join(score.items),
        score=score.label,
    )
