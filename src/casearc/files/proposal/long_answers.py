"""Answers that stand one below the other: a column says which item, another what was answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any as Anything

import numpy as np

from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.links import Link, take_stay
from casearc.files.proposal.marks import marks_of
from casearc.files.proposal.parts import Part
from casearc.files.proposal.people import Stays
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.when import choose_date
from casearc.files.proposal.words import nearness
from casearc.instruments import Instrument
from casearc.language import both, say

_KNOWN = 0.9
_ANSWER = ("response", "answer", "value", "score", "result", "respuesta", "valor")
_REASON = ("missing reason", "reason missing", "why missing")
_MOST_ITEMS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LongAnswers:
    """The column of items, the column of answers, and the contract's name of each item as the file writes it."""

    item: str
    answer: str
    codes: dict[str, str]

    @property
    def instruments(self) -> tuple[str, ...]:
        """Ids of the instruments whose items occur."""
        return tuple(dict.fromkeys(code.rpartition("_")[0] for code in self.codes.values() if code))


def find_long_answers(part: Part, instruments: Sequence[Instrument]) -> LongAnswers | None:
    """The two columns, where a part has them."""
    known = {_plain(each.column(item.id)): each.column(item.id) for each in instruments for item in each.items}
    for name, column in part.profiles.items():
        if not 1 < column.distinct <= _MOST_ITEMS or column.numbers > 0:
            continue
        cells = part.rows[name].drop_nulls().unique(maintain_order=True).to_list()
        codes = {cell: known.get(_plain(cell), "") for cell in cells}
        if np.mean([bool(code) for code in codes.values()]) >= _KNOWN:
            answer = _answer_column(part, name)
            if answer is not None:
                return LongAnswers(item=name, answer=answer, codes=codes)
    return None


def _plain(name: str) -> str:
    letters = re.sub(r"[^a-z0-9]", "", name.lower())
    return re.sub(r"(?:item|question|q|no)?0*(?=\d+$)", "", letters, count=1)


def _answer_column(part: Part, item: str) -> str | None:
    numeric = [column for name, column in part.profiles.items() if name != item and _could_answer(column)]
    if not numeric:
        return None
    return max(numeric, key=lambda column: nearness(column.name, _ANSWER)).name


def _could_answer(column: Profile) -> bool:
    return column.numbers >= _KNOWN and not column.unique and not column.dated


def propose_long_answers(draft: Draft, part: Part, found: LongAnswers, *, link: Link, stays: Stays) -> None:
    """A feed of responses, and one of administrations made of the same rows."""
    given = FeedDraft(table="administrations", file=part.file, where=list(part.where))
    answers = FeedDraft(table="responses", file=part.file, where=list(part.where))
    own = marks_of(part, "administrations", taken=frozenset({found.item, found.answer})).get("administration_id")
    dates = [name for name, column in part.profiles.items() if column.dated]
    apart = [own.source] if own is not None else [link.key.column, *dates[:1]]
    for feed in (given, answers):
        feed.derive |= link.derive
        feed.derive["_instrument"] = _instrument(found)
        feed.derive["_administration"] = {"join": ["_instrument", *apart], "with": "-"}
        feed.take(
            "administration_id",
            "_administration",
            say("{columns} tell one from another", columns=both(apart)),
            _sure(own),
        )
    given.take("instrument", "_instrument", say("the items say so"), Confidence.SURE)
    given.duplicates = {
        "key": ["_administration"],
        "keep": "first",
        "reason": say("a further answer of the same administration"),
    }
    choose_date(draft, given, part, dates, wave="")
    take_stay(given, link, stays, when=given.columns.get("date"))
    answers.take("item", found.item, say("its cells are names of items"), Confidence.SURE)
    answers.take("response", found.answer, say("numbers beside the items"), Confidence.LIKELY)
    if any(cell != code for cell, code in found.codes.items()):
        answers.codes["item"] = {cell: code or cell for cell, code in found.codes.items()}
    reason = next((name for name in part.profiles if nearness(name, _REASON) == 1.0), None)
    if reason is not None:
        answers.take("missing_reason", reason, say("its name says so"), Confidence.SURE)
    draft.feeds += [given, answers]


def _sure(own: object) -> Confidence:
    return Confidence.GUESS if own is None else Confidence.LIKELY


def _instrument(found: LongAnswers) -> dict[str, Anything]:
    cases = [
        {
            "where": [
                {
                    "column": found.item,
                    "one_of": [cell for cell, code in found.codes.items() if code.startswith(f"{name}_")],
                }
            ],
            "value": name,
        }
        for name in found.instruments
    ]
    return {"cases": cases}
