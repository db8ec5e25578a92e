"""Files in, a mapping to be looked at out: what goes where, why, how sure, and what only a person can answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from casearc.errors import UsageError
from casearc.files.dialects import Dialect
from casearc.files.identity import why_identifying, why_text
from casearc.files.proposal.as_they_are import contract_table, take_as_it_is, told_again
from casearc.files.proposal.batteries import Battery, batteries_of, with_one_question
from casearc.files.proposal.days import dates_in, note_no_start
from casearc.files.proposal.draft import Confidence, Definition, Draft, FeedDraft, Proposal, Reason
from casearc.files.proposal.events import propose_events
from casearc.files.proposal.halves import Halves, find_halves, whole_of
from casearc.files.proposal.items import Match, is_called, matches_of
from casearc.files.proposal.keys import Key, own_key
from casearc.files.proposal.left import left_of
from casearc.files.proposal.links import link_to_stay
from casearc.files.proposal.long_answers import LongAnswers, find_long_answers, propose_long_answers
from casearc.files.proposal.marks import Mark, marks_of, strength
from casearc.files.proposal.measures import propose_measures
from casearc.files.proposal.opening import open_files
from casearc.files.proposal.own_project import take_own_project
from casearc.files.proposal.parts import Part, parts_of
from casearc.files.proposal.people import (
    Source,
    Stays,
    enroll_by_row,
    enroll_by_survey,
    propose_enrollments,
    propose_participants,
    stay_by_survey,
)
from casearc.files.proposal.render import render
from casearc.files.proposal.stay_dates import marks_of_stays, tells_start
from casearc.files.proposal.subscales import named_scale_by_scale, unnamed_scale_by_scale
from casearc.files.proposal.unnamed import note_unnamed
from casearc.files.sheet import Sheet
from casearc.instruments import Instrument, available, load
from casearc.language import say, to_say
from casearc.progress import Progress, quiet

_EVENTS = ("contacts", "services", "goals", "needs")
_LIKE_EVENTS = 1.8
_LIKE_PEOPLE = 0.8
_LIKE_STAYS = 0.9
_ROLES = (
    to_say("dictionary"),
    to_say("events"),
    to_say("arms"),
    to_say("form_events"),
    to_say("instruments"),
    to_say("project"),
    to_say("survey"),
    to_say("choices"),
    to_say("settings"),
    to_say("questionnaire"),
)
"""What definitions are to their data, for the catalog: the dialects name them as a mapping does."""


def propose(paths: Sequence[Path], *, folders: Sequence[Path] = (), progress: Progress = quiet) -> Proposal:
    """Propose a mapping for files.

    Parameters
    ----------
    paths
        The files, in one folder: data, and what describes them (a REDCap dictionary, an XLSForm …).
    folders
        An agency's own instruments.
    progress
        Called with a few words before each step.

    Returns
    -------
    Proposal
        The mapping as text, with reasons as comments, and the questions it asks. The text is empty where the files
        hold definitions only.

    Raises
    ------
    TableError
        Files that cannot be read, every fault of every one.
    UsageError
        No file, or files in several folders.
    MissingExtraError
        A format needs a library that is not installed.

    Examples
    --------
    >>> proposal = propose([Path("export.csv"), Path("dictionary.csv")])  # doctest: +SKIP
    >>> print(proposal.text)                                              # doctest: +SKIP
    """
    if not paths:
        raise UsageError(say("Name at least one file."))
    draft = Draft()
    progress(say("Reading the files"))
    opened = open_files(paths, draft)
    progress(say("Telling what is in them"))
    instruments = [load(name, folders=folders) for name in available(folders)]
    whole = [part for sheet in opened.data for part in parts_of(draft, sheet, opened.companions.get(sheet.name))]
    own = {sheet.name for sheet in opened.data if take_own_project(draft, sheet)}
    parts, known = _take_contract_tables(draft, [part for part in whole if part.file not in own])
    seen = [_look(part, instruments) for part in parts]
    asked = with_one_question([(each.part, each.batteries) for each in seen])
    seen = [each.sharing(batteries) for each, batteries in zip(seen, asked, strict=True)]
    halves = find_halves([(each.part, each.matches) for each in seen], instruments)
    seen = [replace(each, matches=whole_of(halves, each.part, each.matches)) for each in seen]
    if not own:
        people, stays = _people(draft, seen, known)
        _happenings(draft, seen, people, stays, halves=halves)
        note_no_start(draft, parts)
        note_unnamed(draft, parts)
    for sheet in opened.data:
        draft.keep_apart(sheet.name, sheet.frame.columns)
    draft.left += left_of(draft, opened.data)
    return Proposal(
        text=render(draft) if draft.feeds else "",
        definitions=tuple(_definition(dialect, role, sheet) for dialect, role, sheet in opened.definitions),
        files=tuple(path.name for path in paths),
        feeds=tuple(draft.feeds),
        questions=tuple(draft.questions.values()),
        left=tuple(draft.left),
        notes=tuple(dict.fromkeys(draft.notes)),
    )


def _take_contract_tables(draft: Draft, parts: Sequence[Part]) -> tuple[list[Part], dict[str, tuple[FeedDraft, Part]]]:
    """Feeds for parts that are tables already: the parts that are left, and the feed and part of each table."""
    found = {id(part): contract_table(part) for part in parts}
    known = {table: (take_as_it_is(draft, part, table), part) for part in parts if (table := found[id(part)])}
    left = [part for part in parts if not found[id(part)]]
    again = [part for part in left if told_again(part, known)]
    for part in again:
        draft.notes.append(
            say("{file} tells again what responses or scores of the same files tell.", file=part.sheet.in_words)
        )
    return [part for part in left if part not in again], known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A part, the items in it, and how strongly it looks like each table. `matches` has those of `batteries` too."""

    part: Part
    matches: tuple[Match, ...]
    batteries: tuple[Battery, ...] = ()
    long: LongAnswers | None = None
    marks: dict[str, dict[str, Mark]] = field(default_factory=dict)
    strengths: dict[str, float] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Whether it holds answers to an instrument."""
        return bool(self.matches) or self.long is not None

    def sharing(self, batteries: tuple[Battery, ...]) -> _Seen:
        """The same with batteries of which one question is asked with those of other parts."""
        named = tuple(match for match in self.matches if not match.battery)
        return replace(self, matches=(*named, *_candidates(batteries)), batteries=batteries)

    @property
    def instruments(self) -> tuple[str, ...]:
        """Ids of the instruments that it has answers to, or may have."""
        found = [*(match.instrument.id for match in self.matches), *(self.long.instruments if self.long else ())]
        return tuple(dict.fromkeys(found))

    @property
    def event(self) -> str:
        """The table of events it most looks like; empty where it looks like none, or holds answers."""
        best = max(_EVENTS, key=lambda table: self.strengths[table])
        people = self.strengths["participants"] + self.strengths["enrollments"]
        enough = self.strengths[best] >= max(_LIKE_EVENTS, people * 0.8)
        return best if enough and not self.answered else ""


def _look(part: Part, instruments: Sequence[Instrument]) -> _Seen:
    usable = {
        name: column
        for name, column in part.profiles.items()
        if not why_identifying(column.field, part.rows[name]) and not why_text(column.field, part.rows[name])
    }
    named = matches_of(usable, instruments, called=_called(part))
    scales, named = named_scale_by_scale(part, named, instruments)
    taken = _columns(named, scales)
    scales += unnamed_scale_by_scale(part, instruments, taken=taken)
    so = [each.id for each in instruments if is_called(each, _called(part))]
    batteries = (*scales, *batteries_of(part, instruments, taken=_columns(named, scales), called_so=so))
    matches = (*named, *_candidates(batteries))
    items = frozenset(name for match in matches for name in match.run.columns.values()) | _texts(part)
    marks = {table: marks_of(part, table, taken=items) for table in ("participants", "enrollments", *_EVENTS)}
    long = find_long_answers(part, instruments)
    answered = bool(matches) or long is not None
    if answered:
        marks["participants"].pop("language", None)  # it says in which language a form was given
    marks["enrollments"] = marks_of_stays(part, marks["enrollments"], answered=answered)
    return _Seen(
        part=part,
        matches=matches,
        batteries=batteries,
        long=long,
        marks=marks,
        strengths={table: strength(part, table, found) for table, found in marks.items()},
    )


def _candidates(batteries: Sequence[Battery]) -> tuple[Match, ...]:
    return tuple(match for battery in batteries for match in battery.matches)


def _columns(matches: Sequence[Match], batteries: Sequence[Battery]) -> frozenset[str]:
    named = (name for match in matches for name in match.run.columns.values())
    return frozenset(named) | {name for battery in batteries for name in battery.columns}


def _texts(part: Part) -> frozenset[str]:
    """Columns of free text, which hold no codes of anything."""
    return frozenset(
        name for name, column in part.profiles.items() if not column.dated and why_text(column.field, part.rows[name])
    )


def _called(part: Part) -> list[str]:
    """What the file calls the rows: its own name, and that of the questionnaire they answer."""
    asked = part.profiles.get("questionnaire")
    return [part.name, *(asked.codes[0].rstrip("/").rsplit("/", 1)[-1:] if asked and len(asked.codes) == 1 else ())]


def _people(
    draft: Draft, parts: Sequence[_Seen], known: Mapping[str, tuple[FeedDraft, Part]]
) -> tuple[Source | None, Stays | None]:
    """Participants and enrollments: those that are tables already, else the strongest roster and stays, else whoever
    answered."""
    if "participants" in known and "enrollments" in known:
        named = Key("participant_id", Reason(say("it has the name already"), Confidence.SURE))
        feed, stay_part = known["enrollments"]
        return Source(part=known["participants"][1], key=named, marks={}), Stays(feed=feed, part=stay_part)
    rosters = _sources([seen for seen in parts if not seen.event], "participants", at_least=_LIKE_PEOPLE)
    stays = _sources([seen for seen in parts if not seen.event], "enrollments", at_least=_LIKE_STAYS)
    if not rosters and stays:
        rosters = [Source(part=stays[0].part, key=stays[0].key, marks={})]
    if rosters:
        propose_participants(draft, rosters)
        return rosters[0], _stays(draft, parts, rosters[0], stays)
    surveyed = _surveyed(draft, parts)
    if surveyed is not None:
        return surveyed
    answered = [seen for seen in parts if seen.answered]
    if not answered and len(parts) == 1 and not known:  # one sheet that says nothing: its rows are all there is
        return enroll_by_row(draft, parts[0].part, (), marks=parts[0].marks)
    if not answered:
        return None, None
    first = answered[0]
    return enroll_by_row(draft, first.part, dates_in(first.part), marks=first.marks)


def _stays(draft: Draft, parts: Sequence[_Seen], roster: Source, found: Sequence[Source]) -> Stays:
    """The enrollments of a roster: from the part that looks like them, else from where a start stands; where it stands
    nowhere and the roster's own rows are answered, from the first answer on."""
    if found:
        return propose_enrollments(draft, found[0], people=roster)
    starts = [
        (seen.part is roster.part, score, at)
        for at, seen in enumerate(parts)
        if not seen.event and (score := tells_start(seen.part, seen.marks["enrollments"], answered=seen.answered))
    ]
    for _, _, at in sorted(starts, key=lambda each: (not each[0], -each[1], each[2])):
        key = own_key(parts[at].part)
        if key is not None:
            source = Source(part=parts[at].part, key=key, marks=parts[at].marks["enrollments"])
            return propose_enrollments(draft, source, people=roster)
    own = next((seen for seen in parts if seen.part is roster.part), None)
    dates = dates_in(roster.part)
    if own is not None and own.answered and dates:
        return stay_by_survey(draft, roster.part, roster.key, dates)
    return propose_enrollments(draft, _bare(roster))


def _surveyed(draft: Draft, parts: Sequence[_Seen]) -> tuple[Source, Stays] | None:
    """Whoever answered: of several files with answers the one that names the most people."""
    keyed = [(seen, key) for seen in parts if (key := own_key(seen.part)) is not None]
    if not keyed:
        return None
    ids = [seen.part.rows[key.column].drop_nulls().unique() for seen, key in keyed]
    ranked = sorted(range(len(keyed)), key=lambda at: (not keyed[at][0].matches, -len(ids[at])))
    seen, key = keyed[ranked[0]]
    for at in ranked[1:]:
        strangers = int(ids[at].is_in(ids[ranked[0]].implode()).not_().sum())
        if strangers and keyed[at][0].matches:
            draft.notes.append(
                say(
                    "{file} names {strangers} people who are not in {roster}, from which the participants "
                    "are taken: give a file with all of them.",
                    file=keyed[at][0].part.sheet.in_words,
                    strangers=strangers,
                    roster=seen.part.sheet.in_words,
                )
            )
    found = enroll_by_survey(draft, seen.part, key, dates_in(seen.part))
    return Source(part=seen.part, key=key, marks={}), found


def _unlinked(seen: _Seen) -> str:
    """What to know of rows that no column ties to anybody."""
    file = seen.part.sheet.in_words
    if not seen.event:
        return say("{file} has answers, and no column of it leads to a participant.", file=file)
    return say("{file} looks like {table}, and no column of it leads to a participant.", file=file, table=seen.event)


def _definition(dialect: Dialect, role: str, sheet: Sheet) -> Definition:
    form = dialect.form(sheet)
    return Definition(
        file=sheet.in_words,
        program=say(dialect.title),
        role=say(role),
        questions=0 if form is None else len(form.questions),
    )


def _bare(source: Source) -> Source:
    return Source(part=source.part, key=source.key, marks={})


def _sources(parts: Sequence[_Seen], table: str, *, at_least: float) -> list[Source]:
    """Parts that look like a table, the strongest first; of equals the one with more people."""
    keyed = [(seen, own_key(seen.part)) for seen in parts if seen.strengths[table] >= at_least]
    found = [
        (seen.strengths[table], seen.part.profiles[key.column].distinct, Source(part=seen.part, key=key, marks=marks))
        for seen, key in keyed
        if key is not None
        for marks in [seen.marks[table]]
    ]
    return [source for *_, source in sorted(found, key=lambda each: (-each[0], -each[1]))]


def _happenings(
    draft: Draft,
    parts: Sequence[_Seen],
    people: Source | None,
    stays: Stays | None,
    *,
    halves: Sequence[Halves] = (),
) -> None:
    """What happened in stays, and what people answered."""
    for seen in parts:
        if not (seen.event or seen.matches or seen.long):
            continue
        if people is None or stays is None:
            draft.notes.append(say("{file}: no column in it is an id of participants.", file=seen.part.sheet.in_words))
            continue
        link = link_to_stay(draft, seen.part, people=people, stays=stays, parts=[each.part for each in parts])
        if link is None:
            draft.notes.append(_unlinked(seen))
            continue
        if seen.event:
            alone = not _otherwise(seen, parts)
            propose_events(draft, seen.part, seen.event, seen.marks[seen.event], link=link, stays=stays, alone=alone)
        if seen.long is not None:
            beside = _beside(seen, parts)
            propose_long_answers(draft, seen.part, seen.long, link=link, stays=stays, beside=beside)
        elif seen.matches:
            propose_measures(
                draft,
                seen.part,
                seen.matches,
                link=link,
                stays=stays,
                beside=_beside(seen, parts),
                batteries=seen.batteries,
                halves=halves,
            )


def _otherwise(seen: _Seen, parts: Sequence[_Seen]) -> list[_Seen]:
    """Parts of the same kind of events that have other columns: files of one form a month have the same."""
    columns = set(seen.part.rows.columns)
    return [other for other in parts if other.event == seen.event and set(other.part.rows.columns) != columns]


def _beside(seen: _Seen, parts: Sequence[_Seen]) -> dict[str, list[Part]]:
    """By instrument of a part, the other parts that have it."""
    found: dict[str, list[Part]] = {name: [] for name in seen.instruments}
    for other in parts:
        for name in other.instruments if other is not seen else ():
            if name in found:
                found[name].append(other.part)
    return found
