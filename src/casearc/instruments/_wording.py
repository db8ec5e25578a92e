"""The wording template: it names every item and ships empty, because the official wording is not ours."""

from __future__ import annotations

from pathlib import Path

from casearc.errors import Fault
from casearc.instruments._read import read_items
from casearc.instruments._toml import read_toml

TEMPLATE = "wording.TEMPLATE.toml"


def check_template(folder: Path) -> list[Fault]:
    """Faults of the template: absent, items left out or unknown, or filled in."""
    faults: list[Fault] = []
    table = read_toml(folder / TEMPLATE, faults=faults)
    if table is None:
        return faults
    items = table.table("items")
    if items is None:
        table.fault("the table [items] is missing.")
        return faults
    known = {line.item.id for line in read_items(folder / "items.csv", faults=[])}
    for item in sorted(known - set(items.values), key=lambda name: (len(name), name)):
        items.fault(f"item {item} is left out.")
    for item, text in items.values.items():
        if item not in known:
            items.fault(f"item {item} is not in items.csv.", key=item)
        if text != "":
            items.fault("a template ships empty.", "Put official wording into wording.<language>.toml.", key=item)
    return faults
