"""Promise: a plan that is wrong is refused before any number is computed, with every fault at its place.

Each case changes one line of a small sound plan and names what must be said about it.
"""

from __future__ import annotations

import pytest

from casearc.errors import PlanRefusedError
from casearc.study import parse_plan

SOUND = """
[study]
title = "A study"
program = "A program"
design = "pretest-posttest"

[[wave]]
name = "intake"
target_day = 0
window = [-30, 45]

[[wave]]
name = "six_months"
target_day = 180
window = [-30, 45]

[[wave]]
name = "twelve_months"
target_day = 360
window = [-30, 45]

[[outcome]]
id = "support"
score = "mspss_total"
role = "primary"
direction = "higher"

[[outcome]]
id = "stage"
score = "urica_stage_habits"
role = "exploratory"
direction = "none"
levels = ["early", "middle", "late"]
ladder = [{ middle_or_late = ["middle", "late"] }]

[[dose]]
id = "months"
table = "contacts"
measure = "months_served"
from = "intake"
to = "six_months"

[[dose]]
id = "first_weeks"
table = "contacts"
measure = "count"
types = ["client"]
from = 0
to = 60

[[covariate]]
id = "gender"
table = "participants"
column = "gender"
reference = "girl"

[[model]]
id = "landmark"
kind = "linear"
outcome = "support"
at = "twelve_months"
dose = "months"
adjust_for = ["level@six_months", "gender"]
family = "confirmatory"

[inference]
alpha = 0.05

[disclosure]
edition = "outside"
"""


def refusal_of(*changes):
    text = SOUND
    for old, new in changes:
        assert text.count(old) >= 1, f"the sound plan has no line {old}"
        text = text.replace(old, new, 1)
    with pytest.raises(PlanRefusedError) as refused:
        parse_plan(text)
    assert refused.value.exit_code == 4
    return [str(fault) for fault in refused.value.faults] or [str(refused.value)]


def test_the_sound_plan_is_sound():
    plan = parse_plan(SOUND)
    assert [wave.name for wave in plan.waves] == ["intake", "six_months", "twelve_months"]
    assert plan.outcome("stage").ladder == ({"middle_or_late": ("middle", "late")},)
    assert plan.models[0].doses == ("months",)


MISSPELLED = [
    ('measure = "months_served"', 'mesure = "months_served"', 'key "mesure"', "Did you mean measure?"),
    ("[inference]", "[inferense]", 'no section "inferense"', "Did you mean inference?"),
    ('to = "six_months"', 'to = "six_month"', 'no wave "six_month"', "Did you mean six_months?"),
    ('from = "intake"', 'from = "intak"', 'no wave "intak"', "Did you mean intake?"),
    ('outcome = "support"', 'outcome = "suport"', '"suport" is not an outcome', "Did you mean support?"),
    ('dose = "months"', 'dose = "month"', '"month" is not a dose', "Did you mean months?"),
    ('at = "twelve_months"', 'at = "twelvemonths"', "is not a wave", "Did you mean twelve_months?"),
    ('"level@six_months"', '"level@six"', '"six" is not a wave', "The plan defines:"),
    ('"gender"]', '"gendre"]', '"gendre" is not a covariate', "Did you mean gender?"),
    ('types = ["client"]', 'types = ["clients"]', 'no contact type "clients"', "Did you mean client?"),
    ('role = "primary"', 'role = "primry"', '"primry" is not permitted', "Did you mean primary?"),
    ('kind = "linear"', 'kind = "linaer"', '"linaer" is not permitted', "Did you mean linear?"),
]
WRONG_TYPES = [
    ("target_day = 180", 'target_day = "180"', "must be a whole number, and is a text"),
    ("target_day = 180", "target_day = 180.5", "must be a whole number, and is a number"),
    ("window = [-30, 45]", "window = 45", "must be two whole numbers"),
    ("window = [-30, 45]", "window = [45, -30]", "first day comes after the last"),
    ("window = [-30, 45]", "window = [-30]", "must be two whole numbers"),
    ('title = "A study"', "title = 3", "must be a text in quotes, and is a number"),
    ('title = "A study"', 'title = " "', "The text is empty"),
    ("alpha = 0.05", 'alpha = "5 %"', "must be a number, and is a text"),
    ("alpha = 0.05", "alpha = nan", "must be a number"),
    ('dose = "months"', "dose = []", "The list is empty"),
    ('dose = "months"', 'dose = ["months", "months"]', "names something twice"),
    ("to = 60", "to = true", "must be the name of a wave in quotes, or a day"),
    ('ladder = [{ middle_or_late = ["middle", "late"] }]', "ladder = 3", "must be a list of groupings"),
    ('ladder = [{ middle_or_late = ["middle", "late"] }]', "ladder = [{ a = 3 }]", "must be a grouping of levels"),
    ('id = "months"', 'id = "months served"', "letters, digits and underscores only"),
]
MISSING = [
    ('direction = "higher"\n', "", 'key "direction"'),
    ('design = "pretest-posttest"\n', "", 'key "design"'),
    ('score = "mspss_total"\n', "", 'key "score"'),
    ('to = "six_months"\n', "", 'key "to"'),
    ('column = "gender"\n', "", 'key "column"'),
]
TIME = [
    ('to = "six_months"', 'to = "intake"', "starts and ends at the same wave"),
    ('from = "intake"\nto = "six_months"', 'from = "six_months"\nto = "intake"', "ends before it starts"),
    ("from = 0\nto = 60", "from = 60\nto = 60", "ends before it starts"),
    ('from = "intake"', "from = 300", "ends before it starts, whenever"),
    ("target_day = 180", "target_day = 400", "The wave does not come after"),
    ("target_day = 180", "target_day = 60", 'shares days with that of "intake" (days -30 to 45)'),
    ("window = [-30, 45]", "window = [10, 45]", "lies outside its own window"),
    ('at = "twelve_months"', 'at = "intake"', "reaches past the wave"),
    ('"level@six_months"', '"level@twelve_months"', "which is not earlier"),
]
DESIGN = [
    ('score = "urica_stage_habits"\nrole = "exploratory"', 'score = "x"\nrole = "primary"', "is primary already"),
    ('score = "urica_stage_habits"', 'score = "mspss_total"', "follows the same score"),
    ('role = "primary"', 'role = "exploratory"', "confirmatory, and its outcome"),
    ('id = "gender"', 'id = "months"', "A dose has the same id"),
    ('id = "gender"', 'id = "outcome"', "uses this name for a column of its own"),
    ('id = "first_weeks"', 'id = "months"', "Number 1 has the same id"),
    ('name = "six_months"', 'name = "intake"', "Number 1 has the same name"),
    ('kind = "linear"', 'kind = "linear"\nreference = "early"', "no reference level of the outcome"),
    ('"gender"]', '"first_weeks"]', "is a dose"),
    ('"gender"]', '"stage"]', "is an outcome"),
    ('"gender"]', '"level@intake", "baseline"]', "names one level twice"),
    ("alpha = 0.05", "alpha = 0.5", "between 0 and 0.5"),
    ("alpha = 0.05", "alpha = 0", "between 0 and 0.5"),
    ('edition = "outside"', "threshold = 10", "below the agency's floor of 11"),
]
LADDERS = [
    ('["middle", "late"]', '["middle", "lat"]', 'no level "lat"'),
    ('["middle", "late"]', '["early", "middle", "late"]', "merges everything into one group"),
    ("{ middle_or_late =", "{ early =", "the name of a level it does not take in"),
    ("[{ middle_or_late", '[{ a = ["early", "middle"], b = ["middle", "late"] }, { middle_or_late', "in two groups"),
]
PLACES = [
    ('role = "primary"', 'role = "primary"\niep = "norm"', "Did you mean norms?"),
    ('table = "contacts"', 'table = "contacts"\niep = "agency_context"', "Did you mean agency context?"),
    ('column = "gender"', 'column = "gender"\necological = "macrosystem"', "Permitted: individual, relationship"),
]
KINDS = [
    ('kind = "linear"', 'kind = "linear"\npenalty = "firth"', "goes with multinomial and ordinal models"),
    ('kind = "linear"', 'kind = "linear"\nrandom = "slope"', "goes with mixed models"),
    ('kind = "linear"', 'kind = "linear"\nexposure = "months"', "goes with count models"),
    ('kind = "linear"', 'kind = "ordinal"\ncurve = true', "goes with linear models"),
    ('kind = "linear"', 'kind = "linear"\ncurve = 1', "true or false"),
    ('kind = "linear"', 'kind = "linear"\ncurve = true\nknots = 6', "3, 4 or 5 knots"),
    ('kind = "linear"', 'kind = "linear"\nknots = 4', "Knots belong to a curve"),
    ('kind = "linear"', 'kind = "linear"\ncluster_method = "random-intercept"', "no cluster for this method"),
    ('kind = "linear"', 'kind = "linear"\ncluster = "site"\ncovariance = "HC2"', "cluster_method says how"),
    ('kind = "linear"', 'kind = "linear"\ncovariance = "HC4"', "Permitted: HC3, HC2"),
    ('kind = "linear"', 'kind = "mixed"', "cannot adjust for one of them"),
    ('kind = "linear"', 'kind = "mixed"\ncluster = "site"', "measurements of one person together"),
    ('dose = "months"\nadjust_for = ["level@six_months", "gender"]\n', "", "relates the outcome to nothing"),
    ('outcome = "support"', 'outcome = "months"', 'kind = "count"'),
    ('"gender"]', '"gender", "stages@intake"]', "Did you mean stage?"),
    ('"gender"]', '"gender", "stage@twelve_months"]', "must not be held alike"),
    ('at = "twelve_months"', 'at = "six_months"', "which is not earlier"),
]
PROFILES = """[[profiles]]
id = "kinds"
scores = ["mspss_family", "mspss_friends"]
at = "intake"
[inference]"""
OF_PROFILES = [
    ("[inference]", PROFILES.replace('"intake"', '"intak"'), 'no wave "intak"'),
    ("[inference]", PROFILES.replace(', "mspss_friends"', ""), "at least two scores"),
    ("[inference]", PROFILES.replace("friends", "family"), "names something twice"),
    ("[inference]", PROFILES.replace('id = "kinds"', 'id = "kinds"\nmost = 7'), "2 to 6"),
    ("[inference]", PROFILES.replace('id = "kinds"', 'id = "kinds"\nnumber = 5'), "between 1 and the most"),
    ("[inference]", PROFILES.replace("at =", "wave ="), 'key "at"'),
]
SETTINGS = [
    ("[inference]", "[missing]\nimputations = 20\n[inference]", "nothing is there to impute"),
    ("[inference]", '[missing]\nwaves = "all-enrolled"\nimputations = 4\n[inference]', "fewer than 5"),
    ("[inference]", '[missing]\nwaves = "all-enrolled"\ntipping = [-1]\n[inference]', "the plan imputes none"),
    (
        "[inference]",
        '[missing]\nwaves = "all-enrolled"\nimputations = 5\ntipping = [-9]\n[inference]',
        "standard deviations",
    ),
    ("alpha = 0.05", "bootstrap = 100", "0 or from 500 to 20000"),
    ("alpha = 0.05", 'multiplicity = "holm"', "Did you mean holm-bh?"),
    ("[inference]", "[selection]\npopulation_sd = 1\nretest = 0.8\n[inference]", 'key "cut"'),
    ("[inference]", "[selection]\npopulation_sd = 1\nretest = 1\ncut = 3\n[inference]", "between 0 and 1"),
    (
        "[inference]",
        '[selection]\noutcome = "sup"\npopulation_sd = 1\nretest = 0.5\ncut = 3\n[inference]',
        "not an outcome",
    ),
    ("[inference]", "[power]\nn = [5]\n[inference]", "from 10 to 100000"),
    ("[inference]", "[power]\nn = [50.5]\n[inference]", "whole numbers"),
    ("[inference]", "[power]\neffects = { suport = 0.3 }\n[inference]", "Did you mean support?"),
    ("[inference]", "[power]\nstages = { early = 0.5, late = 0.6 }\n[inference]", "add up to 1"),
    ("[inference]", "[power]\nattrition = 25\n[inference]", "from 0 to less than 1"),
]
NOT_YET = [
    ('program = "A program"', 'program = "A"\nenrollments = "each"', "first enrollment only"),
]


@pytest.mark.parametrize(("old", "new", "problem", "remedy"), MISSPELLED)
def test_a_misspelled_name_is_found_and_a_better_one_suggested(old, new, problem, remedy):
    faults = refusal_of((old, new))
    assert any(problem in fault and remedy in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [*WRONG_TYPES, *MISSING, *TIME, *DESIGN, *LADDERS, *PLACES, *KINDS, *OF_PROFILES, *SETTINGS, *NOT_YET],
)
def test_what_a_plan_may_not_say(old, new, problem):
    faults = refusal_of((old, new))
    assert any(problem in fault for fault in faults), faults


def test_a_missing_key_is_called_missing():
    (fault,) = refusal_of(('direction = "higher"\n', ""))
    assert fault == 'study.toml, [[outcome]] number 1 "support", key "direction", line 22: The key is missing.'


def test_a_misspelled_key_is_one_fault_not_two():
    faults = refusal_of(('measure = "months_served"', 'mesure = "months_served"'))
    assert len(faults) == 1


def test_every_fault_is_told_at_once_each_at_its_place():
    faults = refusal_of(
        ('measure = "months_served"', 'measure = "months"'),
        ('to = "six_months"', 'to = "nowhere"'),
        ('outcome = "support"', 'outcome = "supper"'),
        ("alpha = 0.05", "alpha = 7"),
    )
    places = [fault.split(", line")[0] for fault in faults]
    assert 'study.toml, [[dose]] number 1 "months", key "measure"' in places
    assert 'study.toml, [[model]] number 1 "landmark", key "outcome"' in places
    assert 'study.toml, [inference], key "alpha"' in places


def test_an_entry_that_cannot_be_read_is_no_unknown_reference():
    """The model names the dose `months`; that its measure is wrong is one fault, not two."""
    faults = refusal_of(('measure = "months_served"', 'measure = "nothing"'))
    assert len(faults) == 1


def test_a_double_pretest_needs_three_waves():
    third = '[[wave]]\nname = "twelve_months"\ntarget_day = 360\nwindow = [-30, 45]\n'
    faults = refusal_of(
        (third, ""), ('at = "twelve_months"', 'at = "six_months"'), ("level@six_months", "level@intake"),
        ("pretest-posttest", "double-pretest"),
    )  # fmt: skip
    assert len(faults) == 1
    assert "needs 3 waves, and the plan has 2" in faults[0]


@pytest.mark.parametrize("day", [331, 365])
def test_a_fixed_landmark_must_lie_before_anybody_is_measured(day):
    """The twelve-month window opens on day 330: whoever is measured then must not have dose counted after it."""
    faults = refusal_of(("to = 60", f"to = {day}"), ('dose = "months"', 'dose = "first_weeks"'))
    assert any("reaches past the wave" in fault and "no later than 330" in fault for fault in faults)


def test_what_is_not_toml_is_told_with_its_line():
    (message,) = refusal_of(('title = "A study"', "title = A study"))
    assert "study.toml is not valid TOML (line 3" in message


def test_a_key_outside_every_section_is_told():
    (fault,) = refusal_of(("[study]", "seed = 1\n[study]"))
    assert "outside every section" in fault


def test_single_brackets_for_what_comes_often_are_told():
    text = SOUND.replace("[[model]]", "[model]")
    with pytest.raises(PlanRefusedError, match=r"Write \[\[model\]\] with double brackets"):
        parse_plan(text)


def test_an_empty_plan_says_how_to_begin():
    with pytest.raises(PlanRefusedError) as refused:
        parse_plan("")
    assert "[study] is missing" in str(refused.value)
    assert "The plan has no outcome" in str(refused.value)


def test_fifty_faults_are_spelled_out_and_the_rest_counted():
    broken = SOUND + '\n[[dose]]\nid = "x y"\n' * 20
    with pytest.raises(PlanRefusedError) as refused:
        parse_plan(broken)
    assert len(refused.value.faults) == 51
    assert refused.value.faults[-1].problem.startswith("and ")


def test_the_agencys_own_floor_is_the_one_that_counts():
    text = SOUND.replace('edition = "outside"', "threshold = 10")
    assert parse_plan(text, floor=10).disclosure.threshold == 10
    with pytest.raises(PlanRefusedError, match="floor of 15"):
        parse_plan(text, floor=15)
