"""The file's codes matched with the contract's closed lists; what no word fits becomes a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casearc.files.htcds.dialect import proposals
from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.draft import Draft, FeedDraft
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import CODES, REASONS
from casearc.files.proposal.words import code_for, plain_words
from casearc.files.sheet import in_words
from casearc.tables import TABLES, Kind


def propose_codes(draft: Draft, feed: FeedDraft, columns: Mapping[str, Profile]) -> None:
    """Codes for every closed list the feed fills from a column of the file."""
    schema = TABLES[feed.table]
    for name, source in feed.columns.items():
        column = feed.origins.get(name) or columns.get(source)
        if name not in schema.names or column is None:
            continue
        kind = schema.column(name).kind
        standard = _standard(feed, name, column)
        if kind is Kind.CODE:
            _closed(draft, feed, name, column, standard)
        elif kind in (Kind.TEXT, Kind.CODES) and standard:
            used = dict.fromkeys(code.strip() for cell in column.codes for code in cell.split(";"))
            feed.codes[name] = {code: standard.get(code) or slug(code) for code in used}
        elif kind in (Kind.TEXT, Kind.CODES):
            _labels(feed, name, column)


def _closed(draft: Draft, feed: FeedDraft, name: str, column: Profile, standard: Mapping[str, str]) -> None:
    """Every code that occurs, asked for where no word fits; those the file only declares where one does."""
    known = TABLES[feed.table].column(name).codes
    if set(column.codes) <= set(known):
        return
    missing = {code.code for code in column.field.missing}
    codes = {cell: standard.get(cell) or _one(draft, feed, name, cell, column) for cell in column.codes}
    for cell, label in column.field.choices.items():
        if cell not in codes and cell not in missing and (found := _by_words(feed, name, cell, label)):
            codes[cell] = found
    feed.codes[name] = codes


def _standard(feed: FeedDraft, name: str, column: Profile) -> Mapping[str, str]:
    """Codes that HTCDS itself gives a field of its; {} for other columns."""
    told = proposals(column.name) if feed.table == "participants" else None
    return told[1] if told is not None and told[0] == name else {}


def _labels(feed: FeedDraft, name: str, column: Profile) -> None:
    """Open lists: where the file's codes are numbers with labels, the labels say more than the numbers."""
    choices = column.field.choices
    if not choices:
        _written_plainly(feed, name, column)
        return
    if all(code.lstrip("-").isdigit() for code in choices) and set(column.codes) <= set(choices):
        feed.codes[name] = {code: slug(label) or code for code, label in choices.items()}


def _written_plainly(feed: FeedDraft, name: str, column: Profile) -> None:
    """Words of people's characteristics as codes are written: ``Girl`` becomes ``girl``."""
    if feed.table != "participants" or column.numbers > 0 or column.distinct * 2 > column.filled:
        return  # what hardly repeats is no code, and is not to be written down
    words = dict.fromkeys(part.strip() for cell in column.codes for part in cell.split(";"))
    plain = {word: slug(word) or word for word in words if word}
    if any(word != code for word, code in plain.items()) and len(set(plain.values())) == len(plain):
        feed.codes[name] = plain


def slug(label: str) -> str:
    """A label as a code: ``Hispanic or Latino`` becomes ``hispanic_or_latino``."""
    return "_".join(plain_words(label))


def _by_words(feed: FeedDraft, name: str, cell: str, label: str) -> str:
    known = TABLES[feed.table].column(name).codes
    return code_for(cell, label, CODES.get(name, dict.fromkeys(known, ())))


def _one(draft: Draft, feed: FeedDraft, name: str, cell: str, column: Profile) -> str:
    schema = TABLES[feed.table].column(name)
    found = _by_words(feed, name, cell, column.field.choices.get(cell, ""))
    if found:
        return found
    short = "-".join(plain_words(cell)) or f"code-{list(column.codes).index(cell) + 1 if cell in column.codes else 0}"
    label = column.field.choices.get(cell, "")
    called = f'"{cell}"' + (f" ({label})" if label else "")
    return draft.ask(
        f"{feed.table}-{name}-{short}",
        f"What does the code {called} in column {column.name} of {in_words(feed.file)} mean for {name}?",
        why=f"No word in it says so, and {name} is a closed list.",
        answers=schema.codes if schema.must_fill else (*schema.codes, EMPTY),
    )


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
