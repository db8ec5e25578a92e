"""The definitions hold together, and the reference page is what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from casearc.tables import TABLES, Kind, TableSchema, reference_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "tables.md"


def test_the_reference_page_is_up_to_date() -> None:
    """The page is generated; a definition changed without it would be documented wrongly."""
    assert PAGE.read_text(encoding="utf-8") == reference_page()


@pytest.mark.parametrize("schema", TABLES.values(), ids=TABLES)
def test_every_column_is_described_and_every_reference_leads_somewhere(schema: TableSchema) -> None:
    seen = list(TABLES)[: list(TABLES).index(schema.name)]
    for column in schema.columns:
        assert column.meaning.endswith("."), column.name
        assert (column.kind is Kind.CODE) == bool(column.codes), column.name
        if column.refers_to:
            assert column.refers_to in seen, "tables refer to earlier ones only"
            assert TABLES[column.refers_to].column(column.name).unique
    assert set(schema.identity) <= set(schema.names)
    for rule in schema.rules:
        assert set(rule.impossible.meta.root_names()) <= set(schema.names)
        assert rule.column in schema.names
