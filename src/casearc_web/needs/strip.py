"""A stay's assessments side by side: a row a domain, a column a day, every cell in words and not in color alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casearc_web.needs.forms import in_words
from casearc_web.needs.levels import Domain, Level
from casearc_web.needs.models import NeedsAssessment


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer. `level` is None where a reason stands, or nothing."""

    words: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One domain. `hidden`: the asker does not see it."""

    domain: Domain
    cells: tuple[Cell, ...] = ()
    change: str = ""
    better: bool = False
    worse: bool = False
    hidden: bool = False


def lines(
    assessments: Sequence[NeedsAssessment],
    first: NeedsAssessment | None,
    domains: Sequence[Domain],
    *,
    substance_use: bool,
) -> list[Line]:
    """The table's rows; `assessments` the newest first. A retired domain shows while there are answers in it."""
    shown = []
    for domain in domains:
        if domain.substance_use and not substance_use:
            shown.append(Line(domain, hidden=True))
            continue
        answers = [assessment.answer(domain.code) for assessment in assessments]
        if not domain.retired or any(answer is not None for answer in answers):
            shown.append(_line(domain, answers, first.answer(domain.code) if first else None))
    return shown


def urgent(assessment: NeedsAssessment | None, domains: Sequence[Domain], *, substance_use: bool) -> list[Domain]:
    """The domains that were urgent in an assessment."""
    seen = [domain for domain in domains if substance_use or not domain.substance_use]
    return [domain for domain in seen if assessment and assessment.answer(domain.code) == Level.URGENT]


def _line(domain: Domain, answers: Sequence[int | str | None], first: int | str | None) -> Line:
    cells = tuple(Cell(in_words(answer), answer if isinstance(answer, int) else None) for answer in answers)
    now = answers[0] if answers else None
    if not isinstance(now, int) or not isinstance(first, int):
        return Line(domain, cells)
    return Line(domain, cells, _change(first, now), better=now < first, worse=now > first)


def _change(first: int, now: int) -> str:
    if now == first:
        return _("Same")
    words = _("Better: %(first)d to %(now)d") if now < first else _("Worse: %(first)d to %(now)d")
    return words % {"first": first, "now": now}
