"""The study plan of the demo."""

from __future__ import annotations

from importlib.resources import files


def demo_plan_text() -> str:
    """The text of a `study.toml` that fits what `make_program` makes: three waves, landmark models, a gate.

    Examples
    --------
    >>> "made up" in demo_plan_text()
    True
    """
    return files("casearc.synthetic").joinpath("demo_study.toml").read_text(encoding="utf-8")
