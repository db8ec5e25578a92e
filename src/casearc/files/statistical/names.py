"""Names that SPSS and Stata allow for variables, made from any column's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

_SPSS_WORDS = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
_STATA_WORDS = frozenset({"_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_skip"}) | {
    "byte",
    "double",
    "float",
    "if",
    "in",
    "int",
    "long",
    "strL",
    "using",
    "with",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a program allows in a name.

    longest
        In units of `length`.
    strange
        Signs that it does not allow.
    folds
        Capital and small letters are the same to it.
    """

    program: str
    longest: int
    length: Callable[[str], int]
    strange: re.Pattern[str]
    words: Collection[str]
    folds: bool = False


def _bytes(name: str) -> int:
    return len(name.encode())


SPSS = Rule(program="SPSS", longest=64, length=_bytes, strange=re.compile(r"[^\w.$#@]"), words=_SPSS_WORDS, folds=True)
STATA = Rule(program="Stata", longest=32, length=len, strange=re.compile(r"\W"), words=_STATA_WORDS)
SHORTER = 4
"""So much shorter is a Stata name whose codes have labels: the set of labels gets the name and a number."""


def allowed_names(columns: Sequence[str], rule: Rule, *, labelled: Collection[str] = ()) -> Mapping[str, str]:
    """Each column's name in the file; its own wherever the program allows it.

    Parameters
    ----------
    columns
        Names of columns, each its own.
    rule
        What the program allows.
    labelled
        Columns whose names must be shorter.

    Returns
    -------
    mapping of str to str

    Examples
    --------
    >>> allowed_names(["mspss_1", "score@intake", "score intake"], STATA)
    {'mspss_1': 'mspss_1', 'score@intake': 'score_intake', 'score intake': 'score_intake_2'}
    """
    longest = {each: rule.longest - (SHORTER if each in labelled else 0) for each in columns}
    first = {each: _allowed(each, rule, longest[each]) for each in columns}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for each in sorted(columns, key=lambda column: first[column] != column):
        found[each] = _free(first[each], rule, longest[each], taken)
        taken.add(_folded(found[each], rule))
    return {each: found[each] for each in columns}


def _allowed(name: str, rule: Rule, longest: int) -> str:
    name = rule.strange.sub("_", name)
    if not name[:1].isalpha() and not (name.startswith("_") and rule is STATA):
        name = f"v{name}" if name.startswith("_") else f"v_{name}"
    name = _cut(name, rule, longest).rstrip("." if rule is SPSS else "")
    is_word = _folded(name, rule) in rule.words or (rule is STATA and re.fullmatch(r"str\d+", name) is not None)
    return f"{name}_" if is_word else name


def _free(name: str, rule: Rule, longest: int, taken: Collection[str]) -> str:
    number, found = 1, name
    while _folded(found, rule) in taken:
        number += 1
        found = f"{_cut(name, rule, longest - len(str(number)) - 1)}_{number}"
    return found


def _folded(name: str, rule: Rule) -> str:
    return name.casefold() if rule.folds else name


def _cut(name: str, rule: Rule, longest: int) -> str:
    while rule.length(name) > longest:
        name = name[:-1]
    return name
