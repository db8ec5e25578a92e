"""Batteries: columns beside one another that hold answers on one scale, and that no name ties to an instrument.

Which instrument they are is asked, once a battery; each that fits gets its tables, which count only with that answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from casearc.files.codes_and_texts import called
from casearc.files.mapping.questions import SIGN
from casearc.files.proposal.answered_columns import Answered, answered, fits, together
from casearc.files.proposal.draft import Confidence, Draft
from casearc.files.proposal.gists import NUMBER_BEFORE, Heard, heard, split_heading, texts_of
from casearc.files.proposal.items import Match, Run, runs_of
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.instruments import Instrument
from casearc.language import both, either, say

NO = "no"
_FEWEST = 5
_LONGEST = 300
_LEADING = re.compile(NUMBER_BEFORE + r"\D", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """Columns in the order in which they are taken, and the instruments that they could be the items of.

    id
        The question's.
    first, last
        How the first and the last column are called where everybody may read it.
    held
        What they hold.
    matches
        One for each answer but *no*.
    told
        What their texts say of the order.
    scales
        Where they are numbered scale by scale, which items those of each are taken for, in words.
    alike
        Other files with the same columns: one answer counts for all.
    by_name
        The file is called after the instrument.
    """

    id: str
    columns: tuple[str, ...]
    first: str
    last: str
    held: Answered
    matches: tuple[Match, ...]
    told: Heard = field(default_factory=Heard)
    scales: str = ""
    alike: tuple[str, ...] = ()
    by_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Columns that belong together. `numbers` are theirs, () where they have none."""

    names: tuple[str, ...]
    stem: str = ""
    wave: str = ""
    numbers: tuple[int, ...] = ()

    def cut(self, begin: int, end: int) -> _Group:
        """Some of the columns."""
        return replace(self, names=self.names[begin:end], numbers=self.numbers[begin:end])


def batteries_of(
    part: Part, instruments: Sequence[Instrument], *, taken: frozenset[str], called_so: Sequence[str] = ()
) -> tuple[Battery, ...]:
    """The batteries of a part.

    Parameters
    ----------
    part
        The rows.
    instruments
        Those that are known.
    taken
        Columns that are named as items of an instrument.
    called_so
        Ids of instruments that the file's own name speaks of: where one of them fits, others are no candidates.

    Returns
    -------
    tuple of Battery

    Examples
    --------
    >>> batteries_of(part, instruments, taken=frozenset())  # doctest: +SKIP
    """
    held = {
        name: told
        for name, column in part.profiles.items()
        if name not in taken and (told := answered(column)) is not None
    }
    found = []
    for group in _groups(part, held):
        for piece in _pieces(group, held, instruments):
            battery = _battery(part, piece, held, instruments, called_so)
            if battery is not None:
                found.append(battery)
    return tuple(found)


def _groups(part: Part, held: Mapping[str, Answered]) -> Iterator[_Group]:
    """Numbered columns of one stem; rows of one grid of questions; neighbours that hold the same kind of answers."""
    used = set[str]()
    for run in runs_of(list(held)):
        if len(run.columns) >= _FEWEST:
            used |= set(run.columns.values())
            yield _Group(names=tuple(run.columns.values()), stem=run.stem, wave=run.wave, numbers=tuple(run.columns))
    for names in _grids(part, [name for name in held if name not in used]):
        used |= set(names)
        yield _numbered(part, names)
    for names in _neighbours(part, {name: each for name, each in held.items() if name not in used}):
        yield _numbered(part, names)


def _grids(part: Part, names: Sequence[str]) -> list[list[str]]:
    """Columns under one heading: a survey service writes it before each row, or gives all the question's number."""
    above: dict[str, list[str]] = {}
    for name in names:
        column = part.profiles[name]
        heading = split_heading(name)[0] or split_heading(column.field.label)[0]
        section = column.field.section if part.sheet.format == "qualtrics" else ""
        if heading or section:
            above.setdefault(heading or section, []).append(name)
    return [found for found in above.values() if len(found) >= _FEWEST]


def _neighbours(part: Part, held: Mapping[str, Answered]) -> list[list[str]]:
    """Columns that stand side by side and hold the same kind of answers."""
    found: list[list[str]] = [[]]
    kind = ""
    for name in part.profiles:
        mine = held[name].kind if name in held and not _is_id(part.profiles[name]) else ""
        if mine != kind:
            found.append([])
        if mine:
            found[-1].append(name)
        kind = mine
    return [names for names in found if len(names) >= _FEWEST]


def _is_id(column: Profile) -> bool:
    return column.unique and column.filled > _FEWEST


def _numbered(part: Part, names: Sequence[str]) -> _Group:
    """A group in the order of the numbers before its texts, where each has one."""
    texts = [split_heading(part.profiles[name].field.label or name)[1] for name in names]
    found = [_LEADING.match(text) for text in texts]
    numbers = [int(match[1]) for match in found if match is not None]
    if len(numbers) < len(names) or len(set(numbers)) < len(numbers):
        return _Group(names=tuple(names))
    ordered = sorted(zip(numbers, names, strict=True))
    return _Group(names=tuple(name for _, name in ordered), numbers=tuple(number for number, _ in ordered))


def _pieces(group: _Group, held: Mapping[str, Answered], instruments: Sequence[Instrument]) -> list[_Group]:
    """A group that is as long as an instrument that fits is whole; of others what stands out by its scale."""
    if not _FEWEST <= len(group.names) <= _LONGEST:
        return []
    if any(_could_be(group, held, each) for each in instruments):
        return [group]
    for each in instruments:
        count = len(each.items)
        for begin in range(len(group.names) - count + 1):
            if _stands_out(group, begin, begin + count, held, each):
                rest = (group.cut(0, begin), group.cut(begin + count, len(group.names)))
                before, behind = (_pieces(piece, held, instruments) for piece in rest)
                return [*before, group.cut(begin, begin + count), *behind]
    return []


def _held(names: Sequence[str], held: Mapping[str, Answered]) -> Answered:
    return together(held[name] for name in names)


def _stands_out(group: _Group, begin: int, end: int, held: Mapping[str, Answered], instrument: Instrument) -> bool:
    """Whether some columns of a group use all of the instrument's scale, and those beside them another."""
    if not fits(_held(group.names[begin:end], held), instrument, whole=True):
        return False
    beside = [group.names[at] for at in (begin - 1, end) if 0 <= at < len(group.names)]
    return not any(fits(_held([*group.names[begin:end], name], held), instrument) for name in beside)


def _could_be(group: _Group, held: Mapping[str, Answered], instrument: Instrument) -> bool:
    return bool(_by_item(group, instrument)) and fits(_held(group.names, held), instrument)


def _by_item(group: _Group, instrument: Instrument) -> dict[str, str]:
    """Item -> column: by the columns' numbers where they are the items' own, else one behind the other; {} where there
    are more or fewer. Half of an instrument is taken where its numbers are the first or the last."""
    ids = [item.id for item in instrument.items]
    own = {str(number): name for number, name in zip(group.numbers, group.names, strict=False)}
    if len(own) == len(group.names) and set(own) <= set(ids) and (len(own) == len(ids) or _is_half(own, ids)):
        return {item: own[item] for item in ids if item in own}
    return dict(zip(ids, group.names, strict=True)) if len(ids) == len(group.names) else {}


def _is_half(own: Mapping[str, str], ids: Sequence[str]) -> bool:
    half = len(ids) // 2
    return len(own) == half and set(own) in (set(ids[:half]), set(ids[-half:]))


def _battery(
    part: Part,
    group: _Group,
    held: Mapping[str, Answered],
    instruments: Sequence[Instrument],
    called_so: Sequence[str],
) -> Battery | None:
    fitting = [each for each in instruments if _could_be(group, held, each)]
    named = [each for each in fitting if each.id in called_so]
    texts = texts_of(part, group.names)
    told = {each.reference: heard(texts, each) for each in named or fitting}
    ranked = sorted(named or fitting, key=lambda each: (-told[each.reference].likeness, bool(each.variant)))
    matches = [match for each in ranked for match in _matches(group, each, told[each.reference])]
    if not matches:
        return None
    names = [called(name, list(part.profiles).index(name) + 1) for name in (group.names[0], group.names[-1])]
    word = _word(part, group)
    asked = f"{part.name}-{word}-instrument".replace(" ", "-")
    return Battery(
        id=asked,
        columns=group.names,
        first=names[0],
        last=names[1],
        held=_held(group.names, held),
        matches=tuple(replace(match, battery=asked) for match in matches),
        told=told[ranked[0].reference],
        by_name=bool(named),
    )


def _word(part: Part, group: _Group) -> str:
    """What a group is called in ids: its stem, else its first column, else where it stands."""
    places = [list(part.profiles).index(name) + 1 for name in group.names]
    short = f"{min(places)}-{max(places)}" if " " in group.names[0] else group.names[0]
    whole = len([run for run in runs_of(list(part.profiles)) if run.stem == group.stem and run.wave == group.wave]) == 1
    stem = group.stem.strip("_-. /") if whole and group.stem and group.numbers[:1] in ((0,), (1,)) else ""
    return "-".join(word for word in (stem or short, group.wave) if word)


def _matches(group: _Group, instrument: Instrument, told: Heard) -> Iterator[Match]:
    """The published order, and that of the texts where they speak for another."""
    by_item = _by_item(group, instrument)
    run = Run(stem=group.stem, wave=group.wave, columns=dict(enumerate(group.names, start=1)))
    reason = say("{count} columns with answers as to {reference}", count=len(by_item), reference=instrument.reference)
    match = Match(
        run=run,
        instrument=instrument,
        named=False,
        reason=reason,
        confidence=Confidence.GUESS,
        by_item=by_item,
        answer=instrument.reference,
    )
    if told.otherwise:
        order = dict(zip(told.order, by_item.values(), strict=True))
        spoken = {item.id: order[item.id] for item in instrument.items}
        yield replace(match, by_item=spoken, answer=f"{instrument.reference} {','.join(told.order)}")
    yield match


def with_one_question(found: Sequence[tuple[Part, Sequence[Battery]]]) -> list[tuple[Battery, ...]]:
    """The batteries of each part, those of several files with the same columns under one question.

    Examples
    --------
    >>> with_one_question([])
    []
    """
    same: dict[tuple[object, ...], list[tuple[Part, Battery]]] = {}
    for part, batteries in found:
        for battery in batteries:
            same.setdefault(_alike(battery), []).append((part, battery))
    return [tuple(_shared(battery, same[_alike(battery)]) for battery in batteries) for _, batteries in found]


def _alike(battery: Battery) -> tuple[object, ...]:
    return battery.columns, tuple(match.answer for match in battery.matches)


def _shared(battery: Battery, same: Sequence[tuple[Part, Battery]]) -> Battery:
    asked = same[0][1].id
    return replace(
        battery,
        id=asked,
        held=together(each.held for _, each in same),
        matches=tuple(replace(match, battery=asked) for match in battery.matches),
        alike=tuple(dict.fromkeys(part.sheet.in_words for part, _ in same)),
    )


def ask_which(draft: Draft, part: Part, battery: Battery) -> str:
    """Ask of which instrument a battery's columns are the items.

    Parameters
    ----------
    draft
        Takes the question.
    part
        The rows.
    battery
        The columns.

    Returns
    -------
    str
        What stands in the mapping where the answer belongs.

    Examples
    --------
    >>> ask_which(draft, part, battery)  # doctest: +SKIP
    '?survey-Q-instrument'
    """
    numbers = battery.held.numbers
    answers = [*(match.answer for match in battery.matches), NO]
    told = {
        "count": len(battery.columns),
        "file": both(battery.alike or [part.sheet.in_words]),
        "first": battery.first,
        "last": battery.last,
        "instruments": either(dict.fromkeys(match.instrument.reference for match in battery.matches)),
    }
    if battery.scales:
        asks = say(
            "{count} columns of {file} (from {first} to {last}) are numbered scale by scale. Are they the items of "
            "{instruments}, those of each scale in the order of the published form: {scales}?",
            **told,
            scales=battery.scales,
        )
        why = say(
            "The numbers do not say which items they are, and the scores depend on it. With no, they are left out."
        )
        return draft.ask(battery.id, asks, why=why, answers=answers)
    asks = (
        say(
            "{count} columns of {file} (from {first} to {last}) hold answers from {low} to {high}. Are they the items "
            "of {instruments}, one behind the other as in its published form?",
            **told,
            low=min(numbers),
            high=max(numbers),
        )
        if numbers
        else say(
            "{count} columns of {file} (from {first} to {last}) hold answers in the words of a scale. Are they the "
            "items of {instruments}, one behind the other as in its published form?",
            **told,
        )
    )
    return draft.ask(battery.id, asks, why=_why(battery), answers=answers)


def _why(battery: Battery) -> str:
    known = (
        say("The file is called after it, and nothing says which item each column is; with no, they are left out.")
        if battery.by_name
        else say("Nothing in the file names the instrument; with no, the columns are left out.")
    )
    if battery.told.otherwise:
        return f"{known} " + say(
            "Their texts speak for another order than the published one: the answer that lists items takes column "
            "after column for these. Another order changes the scores of scales, so look at the form."
        )
    if battery.told.order:
        return f"{known} " + say("What was asked agrees with the published order.")
    return f"{known} " + say(
        "Another order of the items changes the scores of scales, so look at the form; where it is another, correct "
        "the items in the mapping."
    )


def only_if(match: Match) -> dict[str, str]:
    """The switch of the tables of one answer.

    Examples
    --------
    >>> only_if(match)  # doctest: +SKIP
    {'answer': '?survey-Q-instrument', 'is': 'mspss'}
    """
    return {"answer": SIGN + match.battery, "is": match.answer} if match.battery else {}
