"""A script in sections, whatever its language, and how texts stand in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from types import MappingProxyType
from typing import Any

from casearc.files.exporting.analysis.tables import Reproduced

DATA = "analysis.csv"
RESULTS_R = "results-of-r.csv"
RESULTS_PYTHON = "results-of-python.csv"
STAYS = "The rows are of single people. Neither they nor what this script prints may leave the house."
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|$~^@])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A piece of a script: heading, a sentence or two, and code."""

    heading: str
    said: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The code of one kind of table in one language: what it defines, and how a table is called for.

    `needs` names the pieces of `Language.shared` that the definition builds on, in the order in which they come.
    """

    definition: str
    call: Callable[[Any], str]
    needs: tuple[str, ...] = ()
    within: str = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How a script is written in one language.

    start, end
        With places for level, text columns and data; for the file of results.
    shared
        What several kinds of table need, by name.
    codes
        By the field of `Reproduced` that has the tables.
    between
        What stands between definitions, and between them and the first call.
    """

    start: str
    end: str
    results: str
    shared: Mapping[str, str]
    codes: Mapping[str, Code]
    between: str


_PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "changes": (
            "Change between waves",
            "Paired t test and the exact signed-rank test of those measured at both waves, the second time later.",
        ),
        "linear": ("Dose and outcome", "Linear models as the plan has them."),
        "clustered": (
            "Dose and outcome, people in clusters",
            "Linear models whose standard errors allow for people of one cluster being alike (CR2, Bell and "
            "McCaffrey), with Satterthwaite's degrees of freedom; with fewer than four there is no interval and no p.",
        ),
        "multinomial": (
            "Dose and level",
            "Multinomial logistic models: odds of each level against the first, and percentage points in the "
            "probability of each level; with two levels this is logistic regression. Where the report's fit is "
            "penalized (Firth), by the plan or because maximum likelihood has no finite answer, so is this one. In the "
            "file of numbers a row is called by the heading it stands under in the report, a colon, and its own name.",
        ),
        "ordinal": (
            "Dose and level, in order",
            "Ordinal logistic models with proportional odds: odds of a later level. Intervals and p values are those "
            "of the likelihood ratio, with clusters Wald's. Penalized (Jeffreys) where the report's fit is.",
        ),
        "counts": (
            "Counts",
            "Poisson regression with HC3 errors; where the likelihood ratio finds more spread than Poisson's, negative "
            "binomial regression with profile intervals.",
        ),
        "mixed": (
            "Change over all waves",
            "Mixed models of every measurement there is, by restricted maximum likelihood. The likelihood is flat at "
            "its top, so these numbers agree with the report's to four digits or more, not to the last.",
        ),
        "intercepts": (
            "Dose and outcome, an intercept for each cluster",
            "Linear models with an intercept of its own for each cluster, by restricted maximum likelihood. These "
            "numbers agree with the report's to four digits or more, not to the last.",
        ),
        "moves": ("Movement between levels", "People by level before (rows) and after (columns)."),
    }
)
"""Heading and what is said, by the field of `Reproduced` that has the tables; in the order of the script."""

_SHARED_SAID: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "coefficients": ("Tools: tables of linear models", "Defined once, used by the models below."),
        "likelihood": (
            "Tools: fitting by likelihood",
            "Newton's method, the test of a coefficient by what the likelihood loses without it, and the interval of "
            "the values that this test does not reject (profile likelihood). Defined once, used by the models below.",
        ),
        "effects": (
            "Tools: percentage points",
            "How the probability of each level goes with one unit more of a term, averaged over people as they are.",
        ),
        "mixed": (
            "Tools: mixed models",
            "Restricted maximum likelihood, and standard errors and degrees of freedom for small samples after Kenward "
            "and Roger (1997) or Satterthwaite. Defined once, used by the models below.",
        ),
    }
)


def sections_in(language: Language, what: Reproduced) -> Iterator[Section]:
    """The sections of a script: the same in every language, but for their code."""
    start = language.start.format(level=repr(what.level), text_columns=listed(what.text_columns), data=quoted(DATA))
    yield Section(heading="The rows", said="One row a participant; the dictionary says what columns mean.", code=start)
    defined: set[str] = set()
    for name, (heading, said) in _PARTS.items():
        tables, code = getattr(what, name), language.codes[name]
        if not tables:
            continue
        for tool in code.needs:
            if tool not in defined:
                defined.add(tool)
                title, purpose = _SHARED_SAID[tool]
                yield Section(heading=title, said=purpose, code=language.shared[tool])
        calls = code.within.join(code.call(table) for table in tables)
        yield Section(heading=heading, said=said, code=language.between.join([code.definition, calls]))
    yield Section(
        heading="All numbers in one file",
        said=f"{language.results} has every number with all its digits, under the ids that results.json uses.",
        code=language.end.format(results=quoted(language.results)),
    )


def quoted(text: str) -> str:
    """A text in quotes, as R and Python both read it.

    Examples
    --------
    >>> print(quoted('a "b"'))
    "a \\"b\\""
    """
    return json.dumps(text, ensure_ascii=False)


def listed(texts: Iterable[str]) -> str:
    """Texts in quotes with commas between."""
    return ", ".join(quoted(text) for text in texts)


def one_line(text: str) -> str:
    """A text without line breaks, for a comment."""
    return " ".join(text.split())


def comment(text: str) -> str:
    """A text as lines of a comment, none too long to read.

    Examples
    --------
    >>> comment("Linear models.")
    '# Linear models.\\n'
    """
    lines = wrap(one_line(text), width=110, break_long_words=False, break_on_hyphens=False)
    return "".join(f"# {line}\n" for line in lines)


def plain_markdown(text: str) -> str:
    """A text that Markdown leaves as it is.

    Examples
    --------
    >>> plain_markdown("a *b*")
    'a \\\\*b\\\\*'
    """
    return _MARKUP.sub(r"\\\1", one_line(text))


def told(what: Reproduced) -> tuple[str, ...]:
    """What a script says of itself: whence the rows come, where they stay, what it makes and what it leaves out."""
    return (
        f"Makes the main tables of the evaluation again from {DATA}, which Casearc exported with the same plan.",
        STAYS,
        "Numbers are those of the edition for the house: groups that the outside edition merges are not merged here.",
        *(f"Not made here: {each}" for each in what.left_out),
        *(["What is not made here is in results.json, as far as the report has it."] if what.left_out else []),
    )
