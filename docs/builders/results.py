"""results.md, from the schema that the reports publish."""

from __future__ import annotations

import json
from typing import Any

from casearc.reports import results_schema

Node = dict[str, Any]

_INTRODUCTION = """\
# results.json

<!-- Written by docs/build.py from src/casearc/reports/results.schema.json; change that, not this page. -->

Everything the report says, for programs. In R, `jsonlite::read_json("results.json")`; in Python, `json.load`. The
schema is in the library (`casearc.reports.results_schema()`) and every report keeps it. Every object has exactly the
keys listed; those in brackets may be absent.

A count of people stands there as a `key` (such as `enrolled`) and how it is shown; one key means the same people
wherever it occurs. Outside the house a value has the precision that is printed, and what is hidden is nowhere in
the file.
"""


def page() -> str:
    """The whole object first, then each part it refers to, in the schema's order."""
    schema: Node = dict(results_schema())
    parts = [_INTRODUCTION, _object("The whole", schema), *_sections(schema["$defs"])]
    return "\n".join(parts).rstrip() + "\n"


def _sections(definitions: Node) -> list[str]:
    return [_section(name, node) for name, node in definitions.items()]


def _section(name: str, node: Node) -> str:
    if node.get("type") == "object":
        return _object(name, node)
    about = node.get("description", "")
    options = node.get("oneOf")
    if options is None:
        return "\n".join(part for part in (f"## {name}\n", f"{about}\n" if about else "", f"{_kind(node)}.\n") if part)
    lines = [f"- {_kind(option)}" + _after(option) for option in options]
    return "\n".join([f"## {name}", "", f"{about} One of:".strip(), "", *lines, ""])


def _object(title: str, node: Node) -> str:
    lines = [f"## {title}", ""]
    if node.get("description"):
        lines += [node["description"], ""]
    lines += ["| key | holds | meaning |", "|---|---|---|", *_rows(node)]
    return "\n".join([*lines, ""])


def _rows(node: Node, *, above: str = "") -> list[str]:
    """A row a key; keys of objects within stand below theirs as ``above.key``."""
    rows = []
    required = node.get("required", ())
    for key, value in node.get("properties", {}).items():
        path = f"{above}{key}"
        name = f"`{path}`" if key in required else f"[`{path}`]"
        rows.append(f"| {name} | {_kind(value)} | {value.get('description', '')} |")
        inner = value.get("items", value) if isinstance(value.get("items", value), dict) else value
        if inner.get("properties"):
            if inner is not value and inner.get("description"):
                rows[-1] = f"| {name} | {_kind(value)} | {inner['description']} |"
            rows += _rows(inner, above=f"{path}{'[].' if inner is not value else '.'}")
    return rows


def _kind(node: Node) -> str:  # noqa: PLR0911 - one return for each form of a schema
    if "$ref" in node:
        name = str(node["$ref"]).rsplit("/", 1)[-1]
        return f"[{name}](#{name})"
    if "const" in node:
        return f"always `{json.dumps(node['const'])}`"
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if "oneOf" in node:
        return " or ".join(_kind(option) for option in node["oneOf"])
    if node.get("type") == "array":
        return f"list of {_kind(node['items'])}" if "items" in node else "list"
    if isinstance(node.get("additionalProperties"), dict):
        return f"by name, {_kind(node['additionalProperties'])}"
    kind = node.get("type", "anything")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _after(node: Node) -> str:
    keys = ", ".join(f"`{key}`" for key in node.get("properties", {}))
    about = str(node.get("description", ""))
    return (f" with {keys}" if keys else "") + (f": {about}" if about else "")
