"""Made-up programs for demo, documentation and tests. Everyone in them is made up, and what is true is known."""

from __future__ import annotations

from casearc.synthetic.make import Program, make_program, null_program
from casearc.synthetic.settings import (
    CLEAN,
    DEMO,
    NOTHING,
    PROGRAM_NAME,
    REALISTIC,
    Attrition,
    Dirt,
    Effects,
    TraitEffect,
)
from casearc.synthetic.truth import TrueEffect, Truth
from casearc.synthetic.write import check_replaceable, write_program

__all__ = [
    "CLEAN",
    "DEMO",
    "NOTHING",
    "PROGRAM_NAME",
    "REALISTIC",
    "Attrition",
    "Dirt",
    "Effects",
    "Program",
    "TraitEffect",
    "TrueEffect",
    "Truth",
    "check_replaceable",
    "make_program",
    "null_program",
    "write_program",
]
