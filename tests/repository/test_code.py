"""Promise: the code keeps the house rules that no linter knows."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Callable, Iterator

import pytest

import casearc
import casearc.errors
from repository import ROOT, modules

LINES = 40
KERNELS = {
    "analyses/dose_delivered.py:_contact_body": "one table told in one breath",
    "instruments/_read.py:_read_score": "one call with every key of a score",
    "reports/drawings.py:drawing_data": "one branch a kind of drawing",
    "scoring/_reduce.py:_reduce_long": "one lazy expression",
    "statistics/linear/fit.py:_assemble": "fills one result with every figure of a fit",
    "statistics/categorical/bootstrap.py:bootstrap_multinomial": "one call with every setting of a bootstrap",
    "statistics/categorical/ordinal.py:_assemble": "fills one result with every figure of a fit",
    "statistics/count_models/fit.py:assemble": "fills one result with every figure of a fit",
    "statistics/mixed/fit.py:_assemble": "fills one result with every figure of a fit",
    "study/parse.py:parse_plan": "every section of a plan, in its order",
}
"""Functions that may be longer than a screen, and why."""

ERRORS = {name for name, value in vars(casearc.errors).items() if inspect.isclass(value)}
ELSEWHERE = re.compile(r"arguments (?:as in|are those of|and errors as)|same arguments", re.IGNORECASE)


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function under src/ with its place."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name.removeprefix('src/').removeprefix('casearc/')}:{node.name}", node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body below the docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1


def test_functions_fit_on_a_screen() -> None:
    long = {place: length(function) for place, function in functions() if length(function) > LINES}
    assert {place: lines for place, lines in long.items() if place not in KERNELS} == {}


@pytest.mark.parametrize("place", KERNELS)
def test_functions_excused_for_length_are_long(place: str) -> None:
    assert any(length(function) > LINES for found, function in functions() if found == place), KERNELS[place]


def test_nothing_is_validated_by_assert() -> None:
    """Python can be told to skip assertions; a check must not be skipped."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def packages() -> list[str]:
    """casearc and every package in it."""
    walked = pkgutil.walk_packages(casearc.__path__, "casearc.")
    return ["casearc", *(module.name for module in walked if module.ispkg)]


def exported() -> dict[str, Callable[..., object]]:
    """Functions and classes that some package lists in its `__all__`, by where they are defined."""
    found = {}
    for package in packages():
        module = importlib.import_module(package)
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isfunction(value) or inspect.isclass(value):
                found[f"{value.__module__}.{value.__qualname__}"] = value
    return found


def public() -> dict[str, Callable[..., object]]:
    """The functions of `casearc` itself."""
    values = {name: getattr(casearc, name, None) for name in casearc.__all__}
    return {name: value for name, value in values.items() if inspect.isfunction(value)}


def raised(function: Callable[..., object]) -> set[str]:
    """Errors of our tree that a function raises in its own body."""
    tree = ast.parse(inspect.getsource(function))
    thrown = (node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise))
    names = {each.func.id for each in thrown if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
    return names & ERRORS


@pytest.mark.parametrize("package", packages())
def test_every_package_says_what_it_exports(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__all__ == sorted(module.__all__, key=lambda name: (not name.isupper(), name.islower(), name))
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert module.__doc__


def test_everything_exported_says_what_it_is_for() -> None:
    without = [
        place
        for place, value in exported().items()
        if not value.__doc__ or value.__doc__.startswith(f"{value.__name__}(")  # a dataclass writes its own
    ]
    assert without == []


def test_exported_functions_that_refuse_say_when() -> None:
    silent = [
        place
        for place, value in exported().items()
        if inspect.isfunction(value) and raised(value) and "Raises\n---" not in (inspect.getdoc(value) or "")
    ]
    assert silent == []


@pytest.mark.parametrize("name", public())
def test_public_functions_explain_each_argument(name: str) -> None:
    """In a Parameters section, or by naming the function whose arguments they share."""
    text = inspect.getdoc(public()[name]) or ""
    parameters = list(inspect.signature(public()[name]).parameters)
    if ELSEWHERE.search(text):
        return
    if len(parameters) > 1:
        assert "Parameters\n---" in text
    unexplained = [each for each in parameters if not re.search(rf"(?<!\w){each}(?!\w)", text)]
    assert unexplained == []


@pytest.mark.parametrize("name", public())
def test_public_functions_give_an_example(name: str) -> None:
    assert "Examples\n---" in (inspect.getdoc(public()[name]) or "")


@pytest.mark.parametrize("package", packages()[1:])
def test_examples_in_docstrings_are_true(package: str) -> None:
    """Those marked to be skipped need files of the reader's own."""
    inside = [module.name for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}.")]
    failed = {name: doctest.testmod(importlib.import_module(name)).failed for name in [package, *inside]}
    assert {name for name, count in failed.items() if count} == set()


def test_imports_are_held_down_by_contracts() -> None:
    """`lint-imports` runs them; here: that they are there and name every package of the library."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = {part.strip() for layer in layers for part in layer.split("|")}
    there = {
        f"casearc.{path.stem}"
        for path in (ROOT / "src" / "casearc").iterdir()
        if (path.is_dir() and (path / "__init__.py").exists()) or (path.suffix == ".py" and path.stem != "__init__")
    }
    assert there <= named
    forbidden = [set(contract["forbidden_modules"]) for contract in contracts if contract["type"] == "forbidden"]
    assert any({"django", "click", "socket"} <= names for names in forbidden)
    assert any({"statsmodels", "rpy2"} <= names for names in forbidden)


def test_the_version_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == casearc.__version__
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf"^version: \"?{re.escape(casearc.__version__)}\"?$", citation, re.MULTILINE)
