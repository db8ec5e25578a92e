"""Answers that stand one below the other: a column says which item, another what was answered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any as Anything

import numpy as np
import polars as pl

from casearc.files.proposal.answers import coding_of
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.links import Link, take_stay
from casearc.files.proposal.marks import marks_of
from casearc.files.proposal.parts import Part
from casearc.files.proposal.people import Stays
from casearc.files.proposal.profile import Profile, profile
from casearc.files.proposal.strays import missing_among
from casearc.files.proposal.when import choose_date
from casearc.files.proposal.words import nearness
from casearc.files.sheet import places_of
from casearc.instruments import Instrument
from casearc.language import both, say

_KNOWN = 0.9
_ANSWER = ("response", "answer", "value", "score", "result", "respuesta", "valor")
_REASON = ("missing reason", "reason missing", "why missing")
_MOST_ITEMS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LongAnswers:
    """The column of items, the column of answers, the contract's name of each item as the file writes it, and the full
    form of each instrument that is known."""

    item: str
    answer: str
    codes: dict[str, str]
    known: tuple[Instrument, ...] = ()

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
                whole = tuple(each for each in instruments if not each.variant)
                return LongAnswers(item=name, answer=answer, codes=codes, known=whole)
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


def propose_long_answers(
    draft: Draft, part: Part, found: LongAnswers, *, link: Link, stays: Stays, beside: Mapping[str, Sequence[Part]]
) -> None:
    """A feed of responses, and one of administrations made of the same rows.

    `beside` has the other parts with an instrument: where there is none, its coding is the whole mapping's.
    """
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
    _propose_codings(draft, (given, answers), part, found, beside=beside)
    draft.feeds += [given, answers]


def _propose_codings(
    draft: Draft,
    feeds: tuple[FeedDraft, FeedDraft],
    part: Part,
    found: LongAnswers,
    *,
    beside: Mapping[str, Sequence[Part]],
) -> None:
    """Ask how answers are coded, and what numbers stand for that can be none, where the answers leave it open."""
    codings = {}
    known = [each for each in found.known if each.id in found.instruments]
    for instrument in known:
        columns = _by_item(part, found, instrument)
        codings[instrument.id] = coding_of(draft, part, instrument, columns, alone=not beside.get(instrument.id)).here
        others = [other for other in known if other is not instrument]
        strays = missing_among(draft, part, instrument, columns)
        feeds[1].missing |= {code: why for code, why in strays.items() if not _could_be_answered(code, others)}
    cases = [
        {"where": [{"column": "_instrument", "equals": name}], "value": here} for name, here in codings.items() if here
    ]
    if cases:
        feeds[0].make("coding", {"cases": cases}, say("its answers are coded so"), Confidence.GUESS)


def _by_item(part: Part, found: LongAnswers, instrument: Instrument) -> list[Profile]:
    """The answers to each item of an instrument, as if they stood in columns of their own."""
    columns = []
    for code in dict.fromkeys(found.codes.values()):
        if code.rpartition("_")[0] != instrument.id:
            continue
        cells = [cell for cell, meant in found.codes.items() if meant == code]
        rows = part.rows.filter(pl.col(found.item).is_in(cells))
        places = places_of(part.file, range(2, rows.height + 2))
        columns.append(profile(replace(part.sheet, frame=rows, places=places), found.answer))
    return columns


def _could_be_answered(code: str, others: Sequence[Instrument]) -> bool:
    return any(other.low <= float(code) <= other.high for other in others)


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
