"""Promise: the examples in the documentation of the estimators are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import casearc.psychometrics
import casearc.statistics

MODULES = [
    module.name
    for package in (casearc.statistics, casearc.psychometrics)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
] + ["casearc.change.reliable"]
PACKAGES = [name for name in MODULES if hasattr(importlib.import_module(name), "__path__")] + ["casearc.psychometrics"]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_every_public_function_has_an_example_or_names_its_check() -> None:
    for package in map(importlib.import_module, PACKAGES):
        for name in package.__all__:
            public = getattr(package, name)
            if callable(public) and not isinstance(public, type):
                assert ">>>" in (public.__doc__ or "") or "Checked against" in (public.__doc__ or ""), name
