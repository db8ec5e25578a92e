"""Casearc: from records of services and repeated measures to a report that harms nobody.

Everything public is importable from here and loaded when first used, so that ``import casearc`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casearc.change import assign_waves
    from casearc.disclosure import Edition, Policy, Release, gate
    from casearc.dose import deliver
    from casearc.errors import CasearcError
    from casearc.evaluation import Evaluation, evaluate
    from casearc.files import read_folder
    from casearc.findings import Finding
    from casearc.instruments import Instrument
    from casearc.instruments import available as available_instruments
    from casearc.instruments import check as check_instrument
    from casearc.instruments import load as load_instrument
    from casearc.reports import render
    from casearc.scoring import score
    from casearc.study import StudyPlan, check_plan, read_plan
    from casearc.study import explain as explain_plan
    from casearc.synthetic import make_program, null_program, write_program
    from casearc.tables import Tables
    from casearc.tables import build as build_tables

__version__ = "0.1.0"

_PUBLIC: dict[str, tuple[str, str]] = {
    "CasearcError": ("casearc.errors", "CasearcError"),
    "Edition": ("casearc.disclosure", "Edition"),
    "Evaluation": ("casearc.evaluation", "Evaluation"),
    "Finding": ("casearc.findings", "Finding"),
    "Instrument": ("casearc.instruments", "Instrument"),
    "Policy": ("casearc.disclosure", "Policy"),
    "Release": ("casearc.disclosure", "Release"),
    "StudyPlan": ("casearc.study", "StudyPlan"),
    "Tables": ("casearc.tables", "Tables"),
    "assign_waves": ("casearc.change", "assign_waves"),
    "available_instruments": ("casearc.instruments", "available"),
    "build_tables": ("casearc.tables", "build"),
    "check_instrument": ("casearc.instruments", "check"),
    "check_plan": ("casearc.study", "check_plan"),
    "deliver": ("casearc.dose", "deliver"),
    "evaluate": ("casearc.evaluation", "evaluate"),
    "explain_plan": ("casearc.study", "explain"),
    "gate": ("casearc.disclosure", "gate"),
    "load_instrument": ("casearc.instruments", "load"),
    "make_program": ("casearc.synthetic", "make_program"),
    "null_program": ("casearc.synthetic", "null_program"),
    "read_folder": ("casearc.files", "read_folder"),
    "read_plan": ("casearc.study", "read_plan"),
    "render": ("casearc.reports", "render"),
    "score": ("casearc.scoring", "score"),
    "write_program": ("casearc.synthetic", "write_program"),
}

__all__ = [
    "CasearcError",
    "Edition",
    "Evaluation",
    "Finding",
    "Instrument",
    "Policy",
    "Release",
    "StudyPlan",
    "Tables",
    "__version__",
    "assign_waves",
    "available_instruments",
    "build_tables",
    "check_instrument",
    "check_plan",
    "deliver",
    "evaluate",
    "explain_plan",
    "gate",
    "load_instrument",
    "make_program",
    "null_program",
    "read_folder",
    "read_plan",
    "render",
    "score",
    "write_program",
]


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'casearc' has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
