"""Dates of a feed: which column, and in which order its day, month and year stand."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.files.dates import Order
from casearc.files.proposal.dated import REAL_AND_TEXT
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.parts import Part
from casearc.language import say
from casearc.tables import ROW

_LONGEST_LABEL = 60
_ISO = r"^\d{4}-\d{2}-\d{2}$"
_REAL = r"^\d{4}-\d{2}-\d{2}(?: |$)"


def write_order(draft: Draft, part: Part, column: str) -> None:
    """Say in the mapping how a column writes its dates; ask where several ways are possible."""
    orders = part.profiles[column].orders
    if set(orders) & REAL_AND_TEXT:
        _real_and_text(draft, part, column)
    elif len(orders) > 1:
        draft.date_order(part.file, column, _asked_order(draft, part, column))
    elif Order.YEAR_MONTH_DAY not in orders or not part.rows[column].drop_nulls().str.contains(_ISO).all():
        draft.date_order(part.file, column, orders[0])
        if Order.SERIAL in orders:
            _note_serials(draft, part, column)


def _asked_order(draft: Draft, part: Part, column: str) -> str:
    told = {"file": part.sheet.in_words, "column": column}
    orders = part.profiles[column].orders
    asks = (
        say("In {file}, does the year or the day stand first in dates such as those of column {column}?", **told)
        if Order.YEAR_MONTH_DAY in orders
        else say("In {file}, does the day or the month stand first in dates such as those of column {column}?", **told)
    )
    known = draft.questions.get(f"{part.file}-date-order")
    beside = known is not None and known.answers != tuple(orders)
    return draft.ask(
        f"{part.file}-{column}-date-order".replace(" ", "-") if beside else f"{part.file}-date-order",
        asks,
        why=say("Every date in it can be read both ways."),
        answers=[order.value for order in orders],
    )


def _real_and_text(draft: Draft, part: Part, column: str) -> None:
    """Part real dates, part text: a spreadsheet program took some for its own, and may have turned them round."""
    orders = part.profiles[column].orders
    cells = part.rows[column].drop_nulls()
    real = int(cells.str.contains(_REAL).sum())
    told = {"file": part.sheet.in_words, "column": column, "real": real, "text": len(cells) - real}
    if len(orders) == 1:
        draft.date_order(part.file, column, orders[0])
        draft.notes.append(
            say("{file}: of column {column} {real} cells are real dates and {text} are dates as text.", **told)
        )
        return
    draft.notes.append(
        say(
            "{file}: of column {column} {real} cells are real dates and {text} are dates as text, row {row} the first "
            "of these. A spreadsheet program read part of them, and probably took the day for the month. Best is to "
            "export the file again and not to open it in a spreadsheet program, or to import the column as text.",
            **told,
            row=_first_text(part, column),
        )
    )
    asked = draft.ask(
        f"{part.file}-{column}-dates".replace(" ", "-"),
        say(
            "In {file}, are the {real} real dates of column {column} right as they are, or were day and month turned "
            "round when a spreadsheet program opened the other {text}, which are text?",
            **told,
        ),
        why=say("Compare one with the record of the person: nothing in the file tells which."),
        answers=[order.value for order in orders],
    )
    draft.date_order(part.file, column, asked)


def _first_text(part: Part, column: str) -> int:
    """The row, as a spreadsheet program counts, in which the first date stands as text."""
    cells = part.sheet.frame[column]
    first = (cells.is_not_null() & ~cells.str.contains(_REAL).fill_null(value=True)).arg_max()
    return int(part.sheet.places[ROW][first or 0])


def _note_serials(draft: Draft, part: Part, column: str) -> None:
    draft.notes.append(
        say(
            "{file}: column {column} holds a spreadsheet's serial numbers. They are read as days since 1900; where the "
            'workbook counted from 1904, write "days since 1904" under dates.',
            file=part.sheet.in_words,
            column=column,
        )
    )


def take_date(draft: Draft, feed: FeedDraft, part: Part, column: str, source: str) -> None:
    """Map a column of dates, and say how it writes them."""
    write_order(draft, part, source)
    feed.take(column, source, say("it holds dates and its name fits"), Confidence.LIKELY)


def choose_date(draft: Draft, feed: FeedDraft, part: Part, sources: Sequence[str], *, wave: str) -> None:
    """Map the one column of dates there is, or ask which of several it is."""
    for source in sources:
        write_order(draft, part, source)
    if len(sources) == 1:
        feed.take("date", sources[0], say("it is the only column of dates that fits"), Confidence.LIKELY)
    elif sources:
        said = [_with_label(part, source) for source in sources]
        told = {"file": part.sheet.in_words, "columns": ", ".join(said[:-1]), "last": said[-1]}
        asked = draft.ask(
            "-".join(word for word in (feed.file, wave, "date") if word),
            say(
                "Which column of {file} holds the day on which people answered at {wave}: {columns} or {last}?",
                **told,
                wave=wave,
            )
            if wave
            else say("Which column of {file} holds the day on which people answered: {columns} or {last}?", **told),
            why=say("There are several dates, and the waves and doses depend on the right one."),
            answers=list(sources),
        )
        feed.take("date", asked, say("to be answered"), Confidence.GUESS)


def _with_label(part: Part, source: str) -> str:
    label = part.profiles[source].field.label
    return f"{source} ({say(label)})" if label and label != source and len(label) <= _LONGEST_LABEL else source
