"""Promise: on degenerate data every method gives a plain refusal or a sound result, never nan, inf or a traceback.

A family adds its methods by a file `methods_<family>.py` with `METHODS: dict[str, Callable[[Case], object]]`.
A refusal says what was found in a sentence, names a way out or describes what is missing, and prints nobody's value. A
result holds only finite numbers; where one could not be had it is None and a note says why.

Each method meets a quarter of the cases here, the next method another quarter; `make degenerate` lets every one meet
all.
"""

from __future__ import annotations

import importlib
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest
from cases import Case, all_cases, sound

from casearc.errors import StatisticsRefusedError

FAMILIES = sorted(path.stem for path in Path(__file__).parent.glob("methods_*.py"))
METHODS: dict[str, Callable[[Case], object]] = {
    f"{family.removeprefix('methods_')}: {name}": method
    for family in FAMILIES
    for name, method in importlib.import_module(family).METHODS.items()
}
CASES = list(all_cases())
PART = 1 if os.environ.get("CASEARC_TEST_ALL") else 4
MEETINGS = [
    pytest.param(method, case, id=f"{method}-{case}")
    for turn, method in enumerate(METHODS)
    for place, case in enumerate(CASES)
    if (turn + place) % PART == 0
]

MAY_BE_INFINITE = {"low", "high", "conf_low", "conf_high"}
"""A limit that cannot be bracketed is reported open."""


def bare(value: object, name: str = "") -> Iterator[str]:
    """Names of fields holding nan or inf."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from bare(getattr(value, field.name), field.name)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from bare(each, str(key))
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        if np.isnan(value).any() or (np.isinf(value).any() and name not in MAY_BE_INFINITE):
            yield name
    elif isinstance(value, float):
        if math.isnan(value) or (math.isinf(value) and name not in MAY_BE_INFINITE):
            yield name
    elif isinstance(value, tuple | list):
        for each in value:
            yield from bare(each, name)


@pytest.mark.parametrize("method", METHODS)
def test_a_sound_program_gives_a_result(method: str) -> None:
    """The other test would pass if everything were refused."""
    assert list(bare(METHODS[method](sound()))) == []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("method", "case"), MEETINGS)
def test_no_bare_number_and_no_traceback(method: str, case: Case) -> None:
    try:
        result = METHODS[method](case)
    except StatisticsRefusedError as refused:
        text = str(refused)
        assert re.match(r'^["A-Z0-9]', text), text
        assert text.endswith("."), text
        assert "nan" not in re.findall(r"\w+", text.lower()), text
        assert not re.search(r"\d\.\d{4,}", text), f"looks like a participant's value: {text}"
        return
    assert list(bare(result)) == []
