"""What in the data was in doubt, and which rule decided.

A doubt about three records is a doubt about at most three people, so these counts go through the gate like people.
"""

from __future__ import annotations

from collections.abc import Iterator

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.analyses.wording import capital, wave_label
from casearc.findings import Body, Column, CountRef, Finding, Role, Row, Section, Sentence, Table, Text

COLUMNS = (
    Column("what", "What was in doubt"),
    Column("where", "Where"),
    Column("count", "Records"),
    Column("rule", "Rule applied"),
)
NOTHING = "Nothing was in doubt: every administration fits one wave, every participant one enrollment."
SOME = "Where records left room for choice, the rule below decided; nothing was dropped silently."


def data_findings(data: StudyData) -> Iterator[Finding]:
    """One finding: every ambiguity between records and waves, counted."""
    ledger = Ledger(data)
    doubts = [
        (str(found.kind).replace("_", " "), _where(found.instrument, found.wave), found.count, found.rule)
        for found in data.ambiguities
    ]
    doubts.append(("participant without an enrollment", "participants", data.without_enrollment, "not evaluated"))
    rows = tuple(_row(ledger, *doubt) for doubt in doubts if doubt[2])
    counted = Table(id="ambiguities", title="Records in doubt", columns=COLUMNS, rows=rows)
    named = Table(
        id="ambiguities",
        title="Records in doubt",
        columns=tuple(column for column in COLUMNS if column.id != "count"),
        rows=tuple(Row(tuple(cell for cell in row.cells if not isinstance(cell, CountRef))) for row in rows),
    )
    sentences = (Sentence(SOME if rows else NOTHING),)
    whole = ledger.close(Body(sentences=sentences, tables=(counted,) if rows else ()))
    told = "How many records were in doubt is left out: they are too few."
    without = Body(sentences=sentences, tables=(named,), told=told)
    yield Finding(
        id="data.ambiguities",
        section=Section.DATA,
        title="Records in doubt",
        plan_item="wave",
        role=Role.DESCRIPTIVE,
        bodies=(whole, without) if rows else (whole,),
    )


def _where(instrument: str | None, wave: str | None) -> str:
    return ", ".join(part for part in (instrument or "", wave_label(wave) if wave else "") if part) or "all waves"


def _row(ledger: Ledger, what: str, where: str, count: int, rule: str) -> Row:
    key = f"doubt[{what}; {where}]"
    return Row((Text(capital(what)), Text(where), ledger.count(key, count), Text(rule)))
