"""Everything that goes out as rows: the contract's tables, wide responses and scores, described."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casearc.errors import ScoringError
from casearc.files.described import Described
from casearc.files.exporting.contract import contract_tables
from casearc.files.exporting.instruments import score_tables, strange_items, wide_responses
from casearc.instruments import Instrument
from casearc.language import say
from casearc.study import Missing, StudyPlan
from casearc.tables import Tables


def described(
    tables: Tables, instruments: Sequence[Instrument], *, plan: StudyPlan | None = None, notes: list[str] | None = None
) -> tuple[Described, ...]:
    """The tables of a program with what is to be said of every column.

    Parameters
    ----------
    tables
        What `casearc.files.read_folder` gave.
    instruments
        Those that the administrations name, in their variants.
    plan
        Where there is one: the coding of responses, the rule for skipped items, and what covariates are called.
    notes
        Takes what was left out, in sentences without values.

    Returns
    -------
    tuple of Described
        The contract's tables, responses long among them; ``responses_<instrument>``, wide, for each instrument and
        variant; ``scores_<instrument>`` for each instrument whose responses can be scored.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> from casearc.synthetic import make_program
    >>> from casearc.tables import Tables, build
    >>> tables = build(make_program(participants=5, seed=1).tables)
    >>> [table.name for table in described(tables, [load("mspss")])][-2:]
    ['responses_mspss', 'scores_mspss']
    """
    said: list[str] = [] if notes is None else notes
    coding = {} if plan is None else plan.coding
    strange = strange_items(tables)
    if strange:
        said.append(
            say(
                "Responses to an item of another instrument than was given stand in the long table: {strange:,}.",
                strange=strange,
            )
        )
    return (
        *contract_tables(tables, plan=plan),
        *(wide_responses(tables, each, coding=coding.get(each.id, "")) for each in instruments),
        *_scored(tables, instruments, plan, said),
    )


def _scored(
    tables: Tables, instruments: Sequence[Instrument], plan: StudyPlan | None, notes: list[str]
) -> Iterator[Described]:
    """Scores of every instrument; one that cannot be scored does not keep the others back."""
    coding = {} if plan is None else plan.coding
    missing = Missing().items if plan is None else plan.missing.items
    for name in dict.fromkeys(each.id for each in instruments):
        variants = [each for each in instruments if each.id == name]
        try:
            yield from score_tables(tables, variants, coding=coding, missing=missing)
        except ScoringError as refused:
            unscored = say("There is no table scores_{name}: its responses cannot be scored.", name=name)
            notes.append(f"{unscored} {refused.message}")
