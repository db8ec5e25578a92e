"""On which line of a plan a key stands: the parser of the standard library does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_HEADER = re.compile(r"^\s*(\[\[|\[)\s*([A-Za-z0-9_-]+)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*=")


def lines_of_keys(text: str, values: Mapping[str, Any]) -> dict[tuple[str, int, str], int]:
    """Lines by (section, number, key); the key "" is the section's header, the number 0 a section that comes once.

    Returns nothing where what was found disagrees with what was parsed (a header inside a long text, say): a
    message without a line is better than one with a wrong line.

    >>> lines_of_keys("[[wave]]\\nname = 'a'", {"wave": [{"name": "a"}]})
    {('wave', 1, ''): 1, ('wave', 1, 'name'): 2}
    """
    found: dict[tuple[str, int, str], int] = {}
    numbers: dict[str, int] = {}
    section, number = "", 0
    for line_number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            section = header[2]
            number = numbers.get(section, 0) + 1 if header[1] == "[[" else 0
            numbers[section] = number
            found[section, number, ""] = line_number
        elif key := _KEY.match(line):
            found.setdefault((section, number, key[1]), line_number)
    parsed = {name: len(value) if isinstance(value, list) else 0 for name, value in values.items()}
    headed = {name: count for name, count in parsed.items() if isinstance(values[name], dict | list)}
    return found if all(numbers.get(name) == count for name, count in headed.items()) else {}
