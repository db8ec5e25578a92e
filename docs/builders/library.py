"""library.md: the public names of `casearc`, from their docstrings."""

from __future__ import annotations

import inspect
import re

import casearc

_INTRODUCTION = """\
# The library

<!-- Written by docs/build.py from the docstrings; change those, not this page. -->

Everything public is importable from `casearc`; the [tutorial](../tutorials/first-evaluation.md) uses most of it in
order. Frames in `score` may be pandas or Polars; everywhere else tables are Polars. Errors stand in one tree under
`CasearcError`, and each says what is wrong, where, and what to do.
"""


def page() -> str:
    """Every public name with its signature and docstring."""
    names = [name for name in casearc.__all__ if name != "__version__"]
    return "\n".join([_INTRODUCTION, *(_section(name) for name in names)]).rstrip() + "\n"


def _section(name: str) -> str:
    found = getattr(casearc, name)
    where = f"{found.__module__}.{found.__qualname__}"
    return f"## {name}\n\n`{where}`\n\n```text\n{_signature(name, found)}{inspect.getdoc(found)}\n```\n"


def _signature(name: str, found: object) -> str:
    if not inspect.isfunction(found):
        return ""
    signature = inspect.signature(found)
    parameters = [re.sub(r"<function \w+ at 0x\w+>", "...", str(each)) for each in signature.parameters.values()]
    keyword = [p.kind is inspect.Parameter.KEYWORD_ONLY for p in signature.parameters.values()]
    if any(keyword):
        parameters.insert(keyword.index(True), "*")
    lines = "".join(f"    {parameter},\n" for parameter in parameters)
    return f"{name}(\n{lines}) -> {signature.return_annotation}\n\n"
