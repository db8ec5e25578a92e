"""Promises of the plan once read: its fingerprint, what it is said to be, and what counts as concurrent."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casearc.errors import PlanRefusedError, UsageError
from casearc.instruments import available, load
from casearc.study import (
    LevelAt,
    canonical,
    check_plan,
    digest,
    explain,
    is_concurrent,
    parse_plan,
    read_plan,
    template_plan,
)
from casearc.study.lines import lines_of_keys
from people import PLAN

EXAMPLE = Path(__file__).parents[3] / "examples" / "three-waves" / "study.toml"
TEMPLATE = parse_plan(template_plan())


def test_the_example_is_the_template():
    assert EXAMPLE.read_text(encoding="utf-8") == template_plan()
    assert read_plan(EXAMPLE).digest == TEMPLATE.digest


def test_the_template_fits_the_instruments():
    assert check_plan(TEMPLATE, [load(name) for name in available()]) == ()


def toml_of(values):
    """The sections of a plan as TOML, keys in the order given."""
    lines = []
    for section, content in values.items():
        for entry in content if isinstance(content, list) else [content]:
            lines.append(f"[[{section}]]" if isinstance(content, list) else f"[{section}]")
            lines += [f"{key} = {value_of(value)}" for key, value in entry.items()]
    return "\n".join(lines)


def value_of(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {value_of(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(value_of(each) for each in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def shuffled(values, order):
    """The same plan with sections and keys in another order; entries of one section keep theirs."""
    if isinstance(values, dict):
        keys = list(values)
        order.shuffle(keys)
        return {key: shuffled(values[key], order) for key in keys}
    return [shuffled(each, order) for each in values] if isinstance(values, list) else values


@given(st.integers())
def test_the_order_of_keys_and_sections_does_not_change_the_fingerprint(seed):
    text = toml_of(shuffled(tomllib.loads(template_plan()), random.Random(seed)))
    assert parse_plan(text).digest == TEMPLATE.digest


def test_comments_space_and_defaults_do_not_change_the_fingerprint():
    text = (
        template_plan()
        .replace("\n", "   # a remark\n")
        .replace("imputations = 20", "imputations = 20\niterations = 10")
    )
    text = text.replace("alpha = 0.05", "alpha = 5e-2").replace('edition = "outside"', "")
    text = text.replace('dose = "months_served"', 'dose = ["months_served"]')
    text = text.replace('label = "contacts a month, goals', 'family = "exploratory"\nlabel = "contacts a month, goals')
    assert parse_plan(text, source="other.toml").digest == TEMPLATE.digest


def test_the_baseline_is_the_level_at_the_first_wave():
    said, meant = (template_plan().replace("level@six_months", word) for word in ("baseline", "level@intake"))
    assert parse_plan(said).digest == parse_plan(meant).digest
    assert parse_plan(said).models[0].adjust_for[0] == LevelAt("intake")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("target_day = 180", "target_day = 181"),
        ("window = [-30, 45]", "window = [-30, 44]"),
        ('reference = "girl"', 'reference = "boy"'),
        ("alpha = 0.05", "alpha = 0.01"),
        ("# threshold = 15", "threshold = 15"),
        ('items = "house"', 'items = "strict"'),
        ("seed = 20240", "seed = 20241"),
        ('family = "confirmatory"', 'family = "exploratory"'),
        ("curve = true", "curve = false"),
        ("imputations = 20", "imputations = 40"),
        ('multiplicity = "holm-bh"', 'multiplicity = "none"'),
        ("bootstrap = 2000", "bootstrap = 0"),
    ],
)
def test_whatever_could_change_a_result_changes_the_fingerprint(old, new):
    text = template_plan()
    assert old in text
    assert parse_plan(text.replace(old, new, 1)).digest != TEMPLATE.digest


def test_a_plan_registered_with_an_earlier_version_keeps_its_fingerprint():
    """The plan of the fixed cast, as version 0.1.0 hashed it."""
    assert parse_plan(PLAN).digest == "1006f1bcc378140079e3a8be0cc786c7f6bad99a1c08580094cfd4f48521b057"


def test_the_fingerprint_is_that_of_the_canonical_form():
    assert len(TEMPLATE.digest) == 64
    assert digest(TEMPLATE) == TEMPLATE.digest
    assert digest(replace(TEMPLATE, digest="", source="elsewhere")) == TEMPLATE.digest
    assert "exploratory" in canonical(TEMPLATE)  # a role that is said
    assert "iterations" not in canonical(TEMPLATE)  # a default


def model_with(end, *, at="twelve_months", waves=3):
    dose = replace(TEMPLATE.dose("months_served"), end=end)
    model = replace(TEMPLATE.models[0], at=at)
    plan = replace(TEMPLATE, doses=(dose,), waves=TEMPLATE.waves[:waves], models=(model,))
    return is_concurrent(plan, model)


@pytest.mark.parametrize(
    ("end", "at", "waves", "concurrent"),
    [
        ("six_months", "twelve_months", 3, False),  # a landmark lies between
        ("twelve_months", "twelve_months", 3, True),  # up to the outcome itself
        ("six_months", "six_months", 3, True),
        ("six_months", "six_months", 2, True),  # two waves: no landmark can lie between
        (90, "six_months", 2, True),
        (90, "six_months", 3, True),
        (150, "twelve_months", 3, False),  # over before anybody's six months
        (151, "twelve_months", 3, True),
    ],
)
def test_a_model_without_a_landmark_is_concurrent(end, at, waves, concurrent):
    assert model_with(end, at=at, waves=waves) is concurrent


def test_every_item_of_the_plan_is_said_back():
    told = "\n".join(explain(TEMPLATE, [load(name) for name in available()]))
    for label in (
        *(outcome.label for outcome in TEMPLATE.outcomes),
        *(dose.label for dose in TEMPLATE.doses),
        *(covariate.label for covariate in TEMPLATE.covariates),
        *(model.label for model in TEMPLATE.models),
    ):
        assert label.lower() in told.lower(), label
    assert (
        "Does months of service go with perceived social support at twelve months, among people alike in their level "
        "at six months" in told
    )
    assert "from the day of intake up to, not including, that of six months" in told
    assert "no claim that services caused a change" in told


def test_a_concurrent_model_is_said_to_be_descriptive():
    text = template_plan().replace('at = "twelve_months"', 'at = "six_months"').replace("level@six_months", "baseline")
    told = explain(parse_plan(text))
    assert any("Concurrent, descriptive" in sentence and "cannot confirm" in sentence for sentence in told)


def test_a_plan_that_is_not_there_is_a_wrong_call(tmp_path):
    for path in (tmp_path / "study.toml", tmp_path):
        with pytest.raises(UsageError):
            read_plan(path)


def test_a_plan_saved_by_notepad_is_read(tmp_path):
    file = tmp_path / "study.toml"
    file.write_bytes(b"\xef\xbb\xbf" + template_plan().replace("\n", "\r\n").encode())
    assert read_plan(file).digest == TEMPLATE.digest
    file.write_bytes(template_plan().encode("utf-16"))
    with pytest.raises(PlanRefusedError, match="UTF-8"):
        read_plan(file)


def test_instrument_folders_are_relative_to_the_plan_and_no_part_of_the_fingerprint(tmp_path):
    text = template_plan().replace("# instruments =", "instruments =")
    digests = set()
    for place in ("here", "there"):
        folder = tmp_path / place
        (folder / "our-instruments").mkdir(parents=True)
        (folder / "study.toml").write_text(text, encoding="utf-8")
        plan = read_plan(folder / "study.toml")
        assert plan.instrument_folders == (str((folder / "our-instruments").resolve()),)
        digests.add(plan.digest)
    assert len(digests) == 1
    with pytest.raises(PlanRefusedError, match='no folder "our-instruments"'):
        parse_plan(text, folder=tmp_path)


def test_a_line_is_told_only_where_it_is_certain():
    text = '[study]\ntitle = """\n[[wave]]\n"""\n'
    assert lines_of_keys(text, tomllib.loads(text))["study", 0, "title"] == 2
    misleading = '[[wave]]\nname = """\n[[wave]]\n"""\n'
    assert lines_of_keys(misleading, tomllib.loads(misleading)) == {}
