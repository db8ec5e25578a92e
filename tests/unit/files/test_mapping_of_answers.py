"""What a mapping says of answers: tables that count with one answer alone, words in their order, names in two rows.

The agency, its files and its people are made up.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from casearc.errors import MappingError
from casearc.files import read_folder, read_mapping
from casearc.files.mapping import explain_mapping, open_questions
from casearc.tables import Tables

HEAD = """
[[question]]
id = "which"
asks = "Are S1 and S2 the items?"
answers = ["mspss", "mood", "no"]
answer = ""

[[question]]
id = "coding"
asks = "How are they coded?"
answers = ["1-7", "0-6"]
answer = ""

[coding]
mspss = "?coding"

[table.participants]
file = "surveys.csv"
columns = { participant_id = "No" }
duplicates = { key = "No", keep = "first" }

[table.enrollments]
file = "surveys.csv"
columns = { enrollment_id = "No", participant_id = "No" }
duplicates = { key = "No", keep = "first" }
"""
GIVEN = """
[table.administrations]
file = "surveys.csv"
only_if = { answer = "?which", is = "mspss" }
columns = { administration_id = "Id", enrollment_id = "No", day = "Day" }
derive = { instrument = { value = "mspss" } }
"""
ANSWERS = """
[table.responses]
file = "surveys.csv"
only_if = { answer = "?which", is = ["mspss", "mood"] }
columns = { administration_id = "Id", mspss_1 = "S1", mspss_2 = "S2" }
"""
FILE = "Id,No,Day,S1,S2\ns1,1,0,low,high\ns2,2,3,middle,\n"
SCALE = 'scale = { "mspss_*" = { from = 1, words = "low < middle < < high" } }\n'


def read(folder: Path, mapping: str, *, surveys: str = FILE, **answers: str) -> Tables:
    (folder / "surveys.csv").write_text(surveys, encoding="utf-8")
    path = folder / "mapping.toml"
    for name, answer in answers.items():
        head, _, rest = mapping.partition(f'id = "{name}"')
        mapping = f'{head}id = "{name}"{rest.replace(chr(34) * 2, chr(34) + answer + chr(34), 1)}'
    path.write_text(mapping, encoding="utf-8")
    return read_folder(folder, path, required=())


# the answers given -> the administrations and responses that come in, or the question that is still needed
SWITCHED = {
    "the table counts": ({"which": "mspss", "coding": "0-6"}, 2),
    "it does not, and its coding is not asked for": ({"which": "no"}, 0),
    "what it needs is asked for": ({"which": "mspss"}, "coding"),
    "nothing but the switch is asked for": ({}, "which"),
}


@pytest.mark.parametrize("kind", SWITCHED)
def test_a_table_counts_only_with_the_answer(kind: str, tmp_path: Path) -> None:
    answers, wanted = SWITCHED[kind]
    mapping = HEAD + GIVEN + ANSWERS + SCALE
    if isinstance(wanted, str):
        with pytest.raises(MappingError) as caught:
            read(tmp_path, mapping, **answers)
        assert [str(fault).partition("The question ")[2].split()[0] for fault in caught.value.faults] == [wanted]
    else:
        assert read(tmp_path, mapping, **answers).administrations.height == wanted


@pytest.mark.parametrize(("answer", "needed"), [("", ["which", "coding"]), ("mspss", ["coding"]), ("no", [])])
def test_open_questions_leave_out_what_no_table_needs(answer: str, needed: list[str]) -> None:
    content = tomllib.loads((HEAD + GIVEN + ANSWERS).replace('answer = ""', f'answer = "{answer}"', 1))
    assert [question["id"] for question in open_questions(content)] == needed


def test_words_count_up_from_the_lowest(tmp_path: Path) -> None:
    tables = read(tmp_path, HEAD + GIVEN + ANSWERS + SCALE, which="mspss", coding="1-7")
    assert tables.responses.sort("administration_id", "item")["response"].to_list() == [1.0, 4.0, 2.0, None]


def test_a_scale_may_be_the_answer_to_a_question(tmp_path: Path) -> None:
    asked = '[[question]]\nid = "order"\nasks = "Which order?"\nanswer = ""\n'
    mapping = asked + HEAD + GIVEN + ANSWERS + SCALE.replace("low < middle < < high", "?order")
    tables = read(tmp_path, mapping, which="mspss", coding="1-7", order="high < middle < low")
    assert tables.responses.sort("administration_id", "item")["response"].to_list() == [3.0, 1.0, 2.0, None]


def test_words_that_the_scale_lacks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="holds a code that the mapping does not cover"):
        read(tmp_path, HEAD + GIVEN + ANSWERS + SCALE.replace("middle", "medium"), which="mspss", coding="1-7")


# a line of the responses that is wrong -> what is said of it
WRONG = {
    'only_if = { is = "mspss" }': "the key answer is missing",
    'only_if = { answer = "?which" }': "the key is is missing",
    'only_if = { answer = "?which", is = "mspss", else = "no" }': "there is no key else",
    'only_if = "mspss"': "only_if must be",
    'scale = { "mspss_*" = "low < high" }': "must be a table",
    'scale = { "mspss_*" = { words = "low < high" } }': "from must be a whole number",
    'scale = { "mspss_*" = { from = 1, words = "low < low" } }': "different words of the scale",
    'scale = { "mspss_*" = { from = 1, words = "low" } }': "different words of the scale",
    'scale = { "mspss_*" = { from = 1, words = ["low", "high"], to = 7 } }': "there is no key to",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_is_said(line: str, tmp_path: Path) -> None:
    mapping = (HEAD + GIVEN + ANSWERS).replace('only_if = { answer = "?which", is = ["mspss", "mood"] }\n', "")
    path = tmp_path / "mapping.toml"
    path.write_text(f"{mapping}{line}\n", encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        read_mapping(path, answers={"which": "mspss", "coding": "1-7"})
    assert [WRONG[line] in str(fault) for fault in caught.value.faults] == [True]


def test_a_mapping_is_said_back_with_its_switches_and_scales() -> None:
    said = [line.strip() for line in explain_mapping(tomllib.loads(HEAD + GIVEN + ANSWERS + SCALE))]
    assert "Only if the question which is answered with: mspss, mood." in said
    assert "In mspss_*, words count up from 1: low < middle < < high." in said


TWO_ROWS = (
    "Respondent ID,No,How is it?,,Day\n,Open-Ended Response,At home,At school,Open-Ended Response\n"
    "s1,1,3,4,0\ns2,2,5,6,3\n"
)
IN_TWO_ROWS = """
[file."surveys.csv"]
header_height = 2
"""


def test_names_in_two_rows(tmp_path: Path) -> None:
    items = 'mspss_1 = "How is it? [At home]", mspss_2 = "How is it? [At school]"'
    answers = ANSWERS.partition("columns")[0] + f'columns = {{ administration_id = "Respondent ID", {items} }}\n'
    mapping = HEAD + GIVEN.replace('"Id"', '"Respondent ID"') + answers + IN_TWO_ROWS
    tables = read(tmp_path, mapping, surveys=TWO_ROWS, which="mspss", coding="1-7")
    assert tables.responses.sort("administration_id", "item")["response"].to_list() == [3.0, 4.0, 5.0, 6.0]
    assert next(use for use in tables.report.files if use.purpose == "responses").rows_read == 2
