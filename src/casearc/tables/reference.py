"""The reference page of the tables, written from their definitions."""

from __future__ import annotations

from casearc.tables.definitions import TABLES
from casearc.tables.schema import Column, Kind, TableSchema

_INTRODUCTION = """\
# Tables

<!-- Written by casearc.tables.reference_page(); change the definitions, not this page. -->

What a row and a column of each table mean. Files are CSV, UTF-8, with one header row; a table's file is named
after it (`contacts.csv`). An empty cell is a missing value. Dates are written `yyyy-mm-dd`.

A column of days may be replaced by one of dates: the name then ends in `date` (`date` for `day`, `exit_date` for
`exit_day`), and days are counted from the enrollment's `start_date`. Nothing that tells who a person is, and no
free text, belongs in any table. One month is 30.4375 days.
"""


def reference_page() -> str:
    """Markdown for docs/reference/tables.md: every table and column with type, unit, codes and rules."""
    return "\n".join([_INTRODUCTION, *(_section(schema) for schema in TABLES.values())])


def _section(schema: TableSchema) -> str:
    need = "Required." if schema.required else "Optional."
    lines = [
        f"## {schema.name}",
        "",
        f"{schema.row_is} {need}",
        "",
        "| column | required | type | unit or codes | meaning |",
        "|---|---|---|---|---|",
        *(_line(column) for column in schema.columns),
    ]
    if schema.identity:
        lines += ["", f"No two rows have the same {' + '.join(f'`{name}`' for name in schema.identity)}."]
    if schema.rules:
        lines += ["", "Refused, because it cannot be:", ""]
        lines += [f"- {rule.problem} {rule.remedy}" for rule in schema.rules]
    return "\n".join([*lines, ""])


def _line(column: Column) -> str:
    required = "yes" if column.must_fill else "column only" if column.required else ""
    detail = ", ".join(f"`{code}`" for code in column.codes) or column.unit
    limits = _limits(column)
    detail = f"{detail} ({limits})" if limits and detail else detail or limits
    meaning = column.meaning
    if column.refers_to:
        meaning += f" Must be in `{column.refers_to}`."
    if column.date_column:
        meaning += f" Or dates in `{column.date_column}`."
    return f"| `{column.name}` | {required} | {column.kind.value} | {detail} | {meaning} |"


def _limits(column: Column) -> str:
    if column.kind is Kind.DAY or (column.low is None and column.high is None):
        return ""
    if column.high is None:
        return f"{column.low:g} or more"
    return f"{column.low:g} to {column.high:g}"
