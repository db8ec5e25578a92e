"""Which columns are the items of an instrument: by the instrument's name in theirs, or by a run of numbered columns of
the right length and range."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from casearc.files.proposal.draft import Confidence
from casearc.files.proposal.profile import Profile
from casearc.instruments import Instrument
from casearc.language import say

_NUMBERED = re.compile(
    r"^(?P<stem>.*?)[_\-. ]*(?:item|q|i)?[_\-. ]*0*(?P<number>\d{1,3})"
    r"(?:[_\-. ]*(?P<turned>r|rev|reversed))?(?:[_\-. ]+(?P<suffix>\w*[A-Za-z]\w*))?$",
    re.IGNORECASE,
)
_WAVE_BEFORE = re.compile(
    r"^(?P<wave>(?:t|w|wave|time|pre|post|intake|baseline|followup|m)\d*)[_\-. ]+(?P<rest>.+)$", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\s*\[\s*(\d{1,3})[.)]?\s*\]$")
"""``MSPSS [1]``, as a grid of questions is exported."""
_NUMERIC = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Columns numbered in a row. `stem` is what they share; `wave` what tells one measurement from another in a file
    with one row a person; `columns` are by number; `turned` are those that an R behind the number calls reversed."""

    stem: str
    wave: str
    columns: Mapping[int, str]
    turned: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The stem without signs, in small letters."""
        return plain(self.stem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A run taken for the items of an instrument.

    named
        Whether the columns or what the file says of them name the instrument; then their numbers are trusted.
    confidence
        How sure: a name that columns have says more than one that the file has.
    doubts
        Other instruments that fit as well.
    by_item
        Item -> column, where the numbers of the columns do not say which item each is.
    battery, answer
        Where somebody is asked which instrument it is: the question, and the answer with which it is this one.
    """

    run: Run
    instrument: Instrument
    named: bool
    reason: str
    confidence: Confidence = Confidence.SURE
    doubts: tuple[str, ...] = ()
    by_item: Mapping[str, str] = field(default_factory=dict)
    battery: str = ""
    answer: str = ""

    @property
    def items(self) -> dict[str, str]:
        """The contract's column -> the file's."""
        if self.by_item:
            return {self.instrument.column(item): column for item, column in self.by_item.items()}
        ids = [item.id for item in self.instrument.items]
        first = min(self.run.columns)
        return {
            self.instrument.column(item): self.run.columns[number]
            for position, item in enumerate(ids)
            if (number := int(item) if first > 0 else position) in self.run.columns
        }


def runs_of(names: Sequence[str]) -> tuple[Run, ...]:
    """The runs among the columns of a sheet."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    turned = set[str]()
    for name in sorted(names, key=_is_turned):
        before = _WAVE_BEFORE.match(name)
        wave, rest = (before["wave"], before["rest"]) if before else ("", name)
        match = _NUMBERED.match(_IN_BRACKETS.sub(r"_\1", rest))
        if match is None:
            continue
        suffix = match["suffix"] or ""
        if suffix and not wave and _is_wave(suffix):
            wave, suffix = suffix, ""
        if not suffix:
            found.setdefault((match["stem"], wave), {}).setdefault(int(match["number"]), name)
        if match["turned"]:
            turned.add(name)
    return tuple(
        Run(stem=stem, wave=wave, columns=dict(sorted(columns.items())), turned=frozenset(turned & {*columns.values()}))
        for (stem, wave), columns in found.items()
        if len(columns) > 1
    )


def _is_turned(name: str) -> bool:
    """Whether an R stands behind the number: where the item is there without it too, that one is taken."""
    before = _WAVE_BEFORE.match(name)
    match = _NUMBERED.match(before["rest"] if before else name)
    return match is not None and match["turned"] is not None


_WAVES = re.compile(
    r"^(t|w|m|v|wave|time|pre|post|base(line)?|intake|follow_?up|visit|inicio|seguimiento|\d*m(o|onths?)?)_?\d*$",
    re.IGNORECASE,
)


def _is_wave(suffix: str) -> bool:
    return _WAVES.match(suffix) is not None


def matches_of(
    profiles: Mapping[str, Profile], instruments: Sequence[Instrument], *, called: Sequence[str] = ()
) -> tuple[Match, ...]:
    """The runs of a sheet that are named as the items of an instrument, each with the instrument it fits best.

    Parameters
    ----------
    profiles
        Columns that could be items.
    instruments
        Those that are known.
    called
        What the file calls these rows: the sheet's name, the questionnaire's. Where it names an instrument and one
        run alone has that many numbers, the run is taken for it.

    Returns
    -------
    tuple of Match

    Examples
    --------
    >>> matches_of(profiles, instruments, called=["mspss"])  # doctest: +SKIP
    """
    runs = runs_of(list(profiles))
    fitting = [[match for each in instruments if (match := _match(run, profiles, each)) is not None] for run in runs]
    by_sheet = [match for each in fitting for match in each if not match.named and is_called(match.instrument, called)]
    one_run = len({(match.run.stem, match.run.wave) for match in by_sheet}) == 1
    found = []
    for each in fitting:
        told = [_by_sheet(match) for match in each if one_run and any(match is other for other in by_sheet)]
        best = _best([match for match in each if match.named] or told)
        if best is not None:
            found.append(best)
    return tuple(found)


def whole_instruments(matches: Sequence[Match]) -> tuple[list[Match], list[Match]]:
    """Matches that can be told apart, and those that cannot: several runs for the same items at the same time, none of
    them whole, are scales of one instrument numbered anew, and the numbers do not say which items they are."""
    kept, unclear = list[Match](), list[Match]()
    for match in matches:
        rivals = [
            other
            for other in matches
            if other is not match
            and other.instrument.id == match.instrument.id
            and other.run.wave == match.run.wave
            and set(other.items) & set(match.items)
        ]
        parts = [each for each in (match, *rivals) if len(each.items) < len(each.instrument.items)]
        (unclear if len(parts) > 1 and match in parts else kept).append(match)
    return kept, unclear


def is_called(instrument: Instrument, called: Sequence[str]) -> bool:
    """Whether a file or sheet is called after an instrument.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> is_called(load("mspss"), ["MSPSS export"]), is_called(load("mspss"), ["survey"])
    (True, False)
    """
    name = plain(instrument.id)
    texts = [plain(text) for text in called]
    title = plain(instrument.title)
    return any(text in (name, title) or (len(name) > 3 and name in text) for text in texts if text)


def _by_sheet(match: Match) -> Match:
    reason = say(
        "{count} numbered columns, and the file calls them {instrument}",
        count=len(match.items),
        instrument=match.instrument.id,
    )
    return replace(match, named=True, reason=reason, confidence=Confidence.LIKELY)


def plain(text: str) -> str:
    """Small letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _best(fitting: Sequence[Match]) -> Match | None:
    if not fitting:
        return None
    ranked = sorted(fitting, key=lambda match: (match.instrument.variant != "", -len(match.items)))
    exact = [match for match in ranked if len(match.items) == len(match.instrument.items) == len(match.run.columns)]
    chosen, *others = exact or ranked
    if chosen.instrument.variant:  # the same numbers may be the first of the whole instrument's
        others = [match for match in ranked if match is not chosen]
    return replace(chosen, doubts=tuple(other.instrument.reference for other in others))


def _match(run: Run, profiles: Mapping[str, Profile], instrument: Instrument) -> Match | None:
    count = len(instrument.items)
    columns = [profiles[name] for name in run.columns.values()]
    told = _told(run, columns, instrument)
    if told:
        if len(run.columns) > count or max(run.columns) > count:
            return None
        return Match(run=run, instrument=instrument, named=True, reason=told)
    in_order = list(run.columns) in (list(range(1, count + 1)), list(range(count)))
    if not in_order or not _looks_answered(columns, instrument):
        return None
    reason = say("{count} numbered columns with numbers as in {reference}", count=count, reference=instrument.reference)
    return Match(run=run, instrument=instrument, named=False, reason=reason, confidence=Confidence.GUESS)


def _told(run: Run, columns: Sequence[Profile], instrument: Instrument) -> str:
    """Why the run is known to be this instrument, in words; empty where nothing says so."""
    names = {plain(word) for word in (instrument.id, instrument.reference)}
    if run.key in names or any(run.key.endswith(name) or run.key.startswith(name) for name in names if len(name) > 3):
        return say("the columns are named after {instrument}", instrument=instrument.id)
    title = plain(instrument.title)
    said = {plain(column.field.section) for column in columns}
    if any(part and (part in names or title in part or (part in title and len(part) > 15)) for part in said):
        return say("the file's section is called as {instrument} is", instrument=instrument.id)
    return ""


def _looks_answered(columns: Sequence[Profile], instrument: Instrument) -> bool:
    filled = [column for column in columns if column.filled]
    if not filled:
        return False
    numeric = all(column.numbers >= _NUMERIC and column.whole >= _NUMERIC for column in filled)
    lows = [column.low for column in filled if column.low is not None]
    highs = [column.high for column in filled if column.high is not None]
    width = instrument.high - instrument.low
    return numeric and max(highs) - min(lows) <= width and min(lows) >= 0 and max(highs) <= instrument.high + 1
