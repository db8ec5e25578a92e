"""Sentences: a template and its slots become runs of text, each run knowing whether it is a value or a mark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from casearc.findings import Interval, Number, Quantity, Sentence
from casearc.reports import numbers
from casearc.reports.cells import Data, Look, PrintedCell, Printer

_P_BEFORE = re.compile(r"\bp\s*=?\s*$")
_INTERVAL_BEFORE = re.compile(r"%\s+(confidence\s+)?interval,?:?\s*$|%\s+CI,?:?\s*$")


class RunKind(StrEnum):
    """What a piece of a sentence is."""

    WORDS = "words"
    VALUE = "value"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a sentence."""

    text: str
    kind: RunKind = RunKind.WORDS


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it is told."""

    runs: tuple[Run, ...]
    data: Data

    @property
    def text(self) -> str:
        """The sentence in one piece."""
        return "".join(run.text for run in self.runs)


def plain(text: str) -> Said:
    """A sentence without numbers of its own."""
    return Said((Run(text),), {"text": text, "template": text, "slots": {}})


def say(sentence: Sentence, printer: Printer) -> Said:
    """Put the printed cells into a sentence.

    A template may already name what its slot holds ("p = {p}", "95 % interval {interval}"); the name is then not
    said twice. A slot that the sentence does not define is left standing as it is written.
    """
    cells = {name: printer.cell(cell) for name, cell in sentence.slots.items()}
    runs: list[Run] = []
    for literal, name, _, _ in Formatter().parse(sentence.template):
        before = literal
        if name is None:
            runs.append(Run(before))
        elif name not in cells:
            runs.append(Run(f"{before}{{{name}}}"))
        else:
            before, value = _joined(before, sentence, name, cells[name])
            runs += [Run(before), value]
    told = tuple(_merged(run for run in runs if run.text))
    data: Data = {
        "text": "".join(run.text for run in told),
        "template": sentence.template,
        "slots": {name: cell.data for name, cell in cells.items()},
    }
    return Said(told, data)


def _joined(before: str, sentence: Sentence, name: str, cell: PrintedCell) -> tuple[str, Run]:
    """The words before a slot and the slot's run, without saying the slot's name twice."""
    if cell.look is Look.HIDDEN:
        return before, Run(cell.said, RunKind.HIDDEN)
    if cell.look is not Look.NUMBER:
        return before, Run(cell.said)
    match sentence.slots[name]:
        case Number(quantity=Quantity.P_VALUE):
            return _P_BEFORE.sub("", before), Run(cell.said, RunKind.VALUE)
        case Interval(low, high, _, quantity) if _INTERVAL_BEFORE.search(before):
            return before, Run(numbers.interval_text(low, high, quantity), RunKind.VALUE)
    return before, Run(cell.said, RunKind.VALUE)


def _merged(runs: Iterable[Run]) -> Iterable[Run]:
    """Neighboring runs of words made one."""
    waiting: Run | None = None
    for run in runs:
        if waiting and waiting.kind is run.kind is RunKind.WORDS:
            waiting = Run(waiting.text + run.text)
            continue
        if waiting:
            yield waiting
        waiting = run
    if waiting:
        yield waiting
