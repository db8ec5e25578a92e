"""The file's codes matched with the contract's lists; what no word fits, and what is no code, becomes a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from casearc.files.htcds.dialect import proposals
from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.apart import Apart, ask_for_texts, rows_told, tell_apart
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft, Reason
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import CODES, REASONS
from casearc.files.proposal.words import Meaning, code_for, meaning_of, plain_words
from casearc.files.sheet import Holds, in_words
from casearc.language import say
from casearc.tables import TABLES, Kind

MULTIPLE = "multiple"


def propose_codes(draft: Draft, feed: FeedDraft, columns: Mapping[str, Profile]) -> None:
    """Codes for every list the feed fills from a column of the file."""
    schema = TABLES[feed.table]
    for name, source in feed.columns.items():
        column = feed.origins.get(name) or columns.get(source)
        if name not in schema.names or column is None:
            continue
        kind = schema.column(name).kind
        standard = _standard(feed, name, column)
        if kind is Kind.CODE:
            _closed(draft, feed, name, column, standard)
        elif kind in (Kind.TEXT, Kind.CODES):
            _open(draft, feed, name, column, standard, _together(column, columns))


def _closed(draft: Draft, feed: FeedDraft, name: str, column: Profile, standard: Mapping[str, str]) -> None:
    """Every code that occurs, asked for where no word fits; those the file only declares where one does; texts are
    asked for together."""
    known = TABLES[feed.table].column(name).codes
    apart = tell_apart(column, closed=True, declared={*column.field.choices, *known})
    if not apart.rows and set(apart.codes) <= set(known):
        return
    missing = {code.code for code in column.field.missing}
    guessed: list[str] = []
    codes = {cell: standard.get(cell) or _one(draft, feed, name, cell, column, guessed) for cell in apart.codes}
    for cell, label in column.field.choices.items():
        if cell not in codes and cell not in missing and (found := _meaning(feed, name, cell, label)).code:
            codes[cell] = found.code
    if codes:
        feed.codes[name] = codes
    if guessed:
        said = say("by one word among others: {cells}", cells=", ".join(guessed))
        feed.guesses[name] = Reason(said, Confidence.GUESS)
    if apart.rows:
        feed.otherwise[name] = ask_for_texts(draft, feed, name, column, apart, known)


def _open(
    draft: Draft,
    feed: FeedDraft,
    name: str,
    column: Profile,
    standard: Mapping[str, str],
    together: Mapping[str, tuple[str, ...]],
) -> None:
    """Lists of the agency's own: codes as codes are written, several in a cell apart; texts are asked for together."""
    several = TABLES[feed.table].column(name).kind is Kind.CODES
    declared = {*column.field.choices, *standard, *together}
    apart = tell_apart(column, closed=False, several=several, declared=declared)
    codes = _own_codes(feed, column, standard, [code for code in apart.codes if code not in together], several=several)
    if together:
        codes = _with_several(draft, feed, name, column, apart, codes, together)
    if codes:
        feed.codes[name] = codes
    if apart.rows:
        shown = tell_apart(column, closed=True, several=several, declared=declared).codes
        meanings = codes.values() if codes else shown
        feed.otherwise[name] = ask_for_texts(draft, feed, name, column, apart, meanings)


def _own_codes(
    feed: FeedDraft, column: Profile, standard: Mapping[str, str], codes: Sequence[str], *, several: bool
) -> dict[str, str]:
    if standard:
        return {code: standard.get(code) or slug(code) for code in codes or standard}
    choices = column.field.choices
    if not choices:
        return _written_plainly(feed, column, codes)
    if all(code.lstrip("-").isdigit() for code in choices) and set(codes) <= set(choices):
        return {code: slug(label) or code for code, label in choices.items()}
    return {}


def _written_plainly(feed: FeedDraft, column: Profile, codes: Sequence[str]) -> dict[str, str]:
    """Words of people's characteristics as codes are written: ``Girl`` becomes ``girl``."""
    if feed.table != "participants" or column.numbers > 0 or column.distinct * 2 > column.filled or not column.codes:
        return {}  # what hardly repeats is no code, and is not to be written down
    plain = {word: slug(word) or word for word in codes}
    differ = any(word != code for word, code in plain.items()) and len(set(plain.values())) == len(plain)
    return plain if differ else {}


def _together(column: Profile, columns: Mapping[str, Profile]) -> dict[str, tuple[str, ...]]:
    """Cells of a question with several choices -> the codes in it, which stand there with blanks between."""
    own = column.field.question or column.name
    boxes = [each.field.choice for each in columns.values() if each.is_box and each.field.question == own]
    choices = {*column.field.choices} if column.field.holds is Holds.CHOICES else {*boxes}
    held = {cell: tuple(cell.split()) for cell in column.cells.unique().to_list() if " " in cell}
    return {cell: parts for cell, parts in held.items() if choices.issuperset(parts) and cell not in choices}


def _with_several(
    draft: Draft,
    feed: FeedDraft,
    name: str,
    column: Profile,
    apart: Apart,
    codes: Mapping[str, str],
    together: Mapping[str, tuple[str, ...]],
) -> dict[str, str]:
    """Codes with cells that hold several: all of them where the column takes a list, else what somebody answers."""
    known = (*column.field.choices, *apart.codes, *chain(*together.values()))
    single = {code for code in known if code not in together}
    whole = {code: codes.get(code, code) for code in sorted(single)}
    if TABLES[feed.table].column(name).kind is Kind.CODES:
        return whole | {cell: ";".join(whole[part] for part in parts) for cell, parts in together.items()}
    rows = column.rows.filter(column.cells.is_in(list(together))).unique().sort().to_list()
    asked = draft.ask(
        f"{feed.table}-{name}-several",
        say(
            "Column {column} of {file} holds several codes in {rows}, and {name} takes one. Which one stands for them?",
            column=column.name,
            file=in_words(feed.file),
            rows=rows_told(rows),
            name=name,
        ),
        why=say("None of several choices goes before the others by itself."),
        answers=[MULTIPLE, *dict.fromkeys(whole.values()), EMPTY],
    )
    return whole | dict.fromkeys(together, asked)


def _standard(feed: FeedDraft, name: str, column: Profile) -> Mapping[str, str]:
    """Codes that HTCDS itself gives a field of its; {} for other columns."""
    told = proposals(column.name) if feed.table == "participants" else None
    return told[1] if told is not None and told[0] == name else {}


def slug(label: str) -> str:
    """A label as a code: ``Hispanic or Latino`` becomes ``hispanic_or_latino``."""
    return "_".join(plain_words(label))


def _meaning(feed: FeedDraft, name: str, cell: str, label: str) -> Meaning:
    known = TABLES[feed.table].column(name).codes
    return meaning_of(cell, label, CODES.get(name, dict.fromkeys(known, ())))


def _one(draft: Draft, feed: FeedDraft, name: str, cell: str, column: Profile, guessed: list[str]) -> str:
    schema = TABLES[feed.table].column(name)
    label = column.field.choices.get(cell, "")
    found = _meaning(feed, name, cell, label)
    if found.code:
        guessed += [label or cell] if found.guess else []
        return found.code
    short = "-".join(plain_words(cell)) or f"code-{column.codes.index(cell) + 1 if cell in column.codes else 0}"
    called = f'"{cell}"' + (f" ({label})" if label else "")
    first = () if found.qualified else found.near
    codes = (*first, *(code for code in schema.codes if code not in first))
    return draft.ask(
        f"{feed.table}-{name}-{short}",
        say(
            "What does the code {called} in column {column} of {file} mean for {name}?",
            called=called,
            column=column.name,
            file=in_words(feed.file),
            name=name,
        ),
        why=_why_asked(found, name),
        answers=codes if schema.must_fill else (*codes, EMPTY),
    )


def _why_asked(found: Meaning, name: str) -> str:
    near = ", ".join(found.near)
    if not near:
        return say("No word in it says so, and {name} is a closed list.", name=name)
    if found.qualified:
        return say("It has words of {near}, and others that deny or qualify them.", near=near)
    return say("It has words of {near} among others, and {name} is a closed list.", near=near, name=name)


def missing_codes(part: Part, sources: Sequence[str]) -> dict[str, str]:
    """Codes for missing that the file declares for these columns -> the contract's reason; of a declared range, those
    that occur."""
    found: dict[str, str] = {}
    for source in sources:
        for code in part.profiles[source].field.missing:
            reason = code_for(code.name, code.name, REASONS) if code.name else ""
            if code.code:
                found[code.code] = reason
            else:
                occurring = part.rows[source].drop_nulls().unique().to_list()
                found |= {cell: reason for cell in occurring if cell in code}
    return found
