"""Dates of a feed: which column, and in which order its day, month and year stand."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.files.dates import Order
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.parts import Part

_LONGEST_LABEL = 60
_ISO = r"^\d{4}-\d{2}-\d{2}$"


def write_order(draft: Draft, part: Part, column: str) -> None:
    """Say in the mapping how a column writes its dates; ask where two orders are possible."""
    orders = part.profiles[column].orders
    if Order.YEAR_MONTH_DAY in orders:
        if not part.rows[column].drop_nulls().str.contains(_ISO).all():
            draft.date_order(part.file, column, Order.YEAR_MONTH_DAY)
    elif len(orders) == 1:
        draft.date_order(part.file, column, orders[0])
    else:
        file = part.sheet.in_words
        order = draft.ask(
            f"{part.file}-date-order",
            f"In {file}, does the day or the month stand first in dates such as those of column {column}?",
            why="Every date in it can be read both ways.",
            answers=[order.value for order in orders],
        )
        draft.date_order(part.file, column, order)


def take_date(draft: Draft, feed: FeedDraft, part: Part, column: str, source: str) -> None:
    """Map a column of dates, and say how it writes them."""
    write_order(draft, part, source)
    feed.take(column, source, "it holds dates and its name fits", Confidence.LIKELY)


def choose_date(draft: Draft, feed: FeedDraft, part: Part, sources: Sequence[str], *, wave: str) -> None:
    """Map the one column of dates there is, or ask which of several it is."""
    for source in sources:
        write_order(draft, part, source)
    if len(sources) == 1:
        feed.take("date", sources[0], "it is the only column of dates that fits", Confidence.LIKELY)
    elif sources:
        said = [_with_label(part, source) for source in sources]
        asked = draft.ask(
            "-".join(word for word in (feed.file, wave, "date") if word),
            f"Which column of {part.sheet.in_words} holds the day on which people answered"
            f"{f' at {wave}' if wave else ''}: {', '.join(said[:-1])} or {said[-1]}?",
            why="There are several dates, and the waves and doses depend on the right one.",
            answers=list(sources),
        )
        feed.take("date", asked, "to be answered", Confidence.GUESS)


def _with_label(part: Part, source: str) -> str:
    label = part.profiles[source].field.label
    return f"{source} ({label})" if label and label != source and len(label) <= _LONGEST_LABEL else source
