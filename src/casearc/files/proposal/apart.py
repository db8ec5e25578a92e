"""The cells of a column told apart: codes, which a mapping may hold, and texts, which stand in no message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from casearc.files.codes_and_texts import is_code, is_story, parts_of, times_of
from casearc.files.mapping.questions import AS_WRITTEN, EMPTY
from casearc.files.proposal.draft import Draft, FeedDraft
from casearc.files.proposal.profile import Profile
from casearc.files.sheet import in_words
from casearc.language import say
from casearc.tables import TABLES, Kind

_MOST_ROWS = 8
_MOST_ANSWERS = 12
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """`codes` in order of frequency; `rows` in which texts stand; `stories` where one of them is a sentence or leads to
    somebody, so that they cannot be kept."""

    codes: tuple[str, ...]
    rows: tuple[int, ...] = ()
    stories: bool = False


def tell_apart(column: Profile, *, closed: bool, several: bool = False, declared: Collection[str] = ()) -> Apart:
    """Codes and texts among the cells of a column.

    Parameters
    ----------
    column
        The column.
    closed
        It is to hold codes of a closed list: then only what recurs, or is plain, is a code.
    several
        Cells may hold several codes with ``;`` between.
    declared
        What the file itself, or the contract, calls a code.
    """
    times = times_of(column.cells, several=several)
    codes = {cell for cell, count in times.items() if cell in declared or is_code(cell, count, closed=closed)}
    texts = {cell for cell in column.cells.unique().to_list() if not codes.issuperset(parts_of(cell, several=several))}
    rows = column.rows.filter(column.cells.is_in(list(texts))).unique().sort()
    return Apart(
        codes=tuple(cell for cell, _ in times.most_common() if cell in codes),
        rows=tuple(rows.to_list()),
        stories=any(is_story(cell) for cell in texts),
    )


def ask_for_texts(
    draft: Draft, feed: FeedDraft, name: str, column: Profile, apart: Apart, meanings: Collection[str]
) -> str:
    """One question for all the texts of a column: what stands in their place. They are named by their rows."""
    schema = TABLES[feed.table].column(name)
    closed = schema.kind is Kind.CODE
    answers = [each for each in dict.fromkeys(meanings) if each and not each.startswith("?")][:_MOST_ANSWERS]
    answers += [] if closed or OTHER in answers else [OTHER]
    answers += [] if closed or apart.stories else [AS_WRITTEN]
    answers += [] if schema.must_fill else [EMPTY]
    return draft.ask(
        _free_id(draft, f"{feed.table}-{name}-otherwise", feed.file),
        say(
            "Column {column} of {file} holds in {rows} what is no code and may tell of somebody. "
            "What stands for it in {name}?",
            column=column.name,
            file=in_words(feed.file),
            rows=rows_told(apart.rows),
            name=name,
        ),
        why=say("Texts enter no table and stand in no mapping: look at these rows in the file."),
        answers=answers,
    )


def _free_id(draft: Draft, name: str, file: str) -> str:
    """The question's id; of a second file that asks the same, with its name."""
    asked = draft.questions.get(name)
    return name if asked is None or in_words(file) in asked.asks else f"{name}-{file}"


def rows_told(rows: Collection[int]) -> str:
    """Rows as a question names them: the first few.

    Examples
    --------
    >>> rows_told([7]), rows_told([7, 12]), rows_told(range(2, 40))
    ('row 7', 'rows 7, 12', 'rows 2, 3, 4, 5, 6, 7, 8, 9 and 30 more')
    """
    shown = ", ".join(str(row) for row in list(rows)[:_MOST_ROWS])
    if len(rows) == 1:
        return say("row {shown}", shown=shown)
    if len(rows) <= _MOST_ROWS:
        return say("rows {shown}", shown=shown)
    return say("rows {shown} and {count} more", shown=shown, count=len(rows) - _MOST_ROWS)
