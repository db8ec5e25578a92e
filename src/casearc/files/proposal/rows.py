"""Several rows of one person: which counts, and where a fact stands that not every row has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any as Anything

import polars as pl

from casearc.files.proposal.draft import Draft
from casearc.files.proposal.parts import Part
from casearc.files.xlsform.system import SECTION
from casearc.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of which several belong to one key. `keep` is ``first``, ``last`` or a question; `by` orders them."""

    part: Part
    key: str
    keep: str
    by: tuple[str, ...]

    def duplicates(self, reason: str) -> dict[str, Anything]:
        """The rule that keeps one row of each key."""
        rule: dict[str, Anything] = {"key": [self.key], "keep": self.keep, "reason": reason}
        return rule | ({"by": list(self.by)} if self.by else {})

    def elsewhere(self, column: str) -> bool:
        """Whether somebody has the fact in some row and not in every one."""
        groups = self.part.rows.group_by(self.key).agg(pl.col(column).null_count().alias("no"), pl.len().alias("all"))
        return bool(((groups["no"] > 0) & (groups["no"] < groups["all"])).any())

    def lookup(self, column: str) -> dict[str, Anything]:
        """The fact from the first, or last, of the person's rows that has it."""
        how: dict[str, Anything] = {"from": self.part.file, "key": self.key, "column": column, "pick": self.keep}
        if self.by:
            how["by"] = list(self.by)
        if self.part.where:
            how["where"] = [
                {name: value for name, value in each.items() if name != "reason"} for each in self.part.where
            ]
        return how


def rows_of(draft: Draft, part: Part, key: str, columns: Sequence[str]) -> Rows | None:
    """How to make one row of several of a person; None where each has one. Asks where they contradict each other."""
    if part.rows[key].drop_nulls().is_unique().all():
        return None
    by = _order(part)
    differing = [name for name in dict.fromkeys(columns) if _differs(part, key, name)]
    if not differing:
        return Rows(part=part, key=key, keep="first", by=by)
    told = {"file": part.sheet.in_words, "columns": ", ".join(differing)}
    keep = draft.ask(
        f"{part.file}-{key}-row".replace(" ", "-"),
        say(
            "Of some people {file} has several rows, which differ in {columns}. Which row counts, by {by}?",
            **told,
            by=by[0],
        )
        if by
        else say("Of some people {file} has several rows, which differ in {columns}. Which row counts?", **told),
        why=say("The first says more of the beginning, the last may be a correction."),
        answers=("first", "last"),
    )
    return Rows(part=part, key=key, keep=keep, by=by)


def _differs(part: Part, key: str, column: str) -> bool:
    pairs = part.rows.select(key, column).drop_nulls().unique()
    return column != key and not pairs[key].is_unique().all()


def _order(part: Part) -> tuple[str, ...]:
    """The date that orders a person's rows, where every row has one that differs: the file's own before a server's."""
    dated = [
        column
        for column in part.profiles.values()
        if column.dated and column.filled == part.rows.height and column.filled
    ]
    dated.sort(key=lambda column: column.field.section == SECTION)
    return (dated[0].name,) if dated else ()
