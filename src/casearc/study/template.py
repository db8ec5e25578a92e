"""A plan to start from."""

from __future__ import annotations

from importlib.resources import files


def template_plan() -> str:
    """Text of a commented plan for a program with three waves; the demo runs on it as it is."""
    return files("casearc.study").joinpath("template.toml").read_text(encoding="utf-8")
