"""Promise: a made-up program keeps the contract, holds no text about a person, and comes out the same from one seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from casearc.errors import UsageError
from casearc.files import read_folder
from casearc.synthetic import CLEAN, PROGRAM_NAME, Dirt, Program, make_program, null_program, write_program
from casearc.tables import TABLES

_IDS = {
    "participants": "participant_id",
    "enrollments": "enrollment_id",
    "contacts": "contact_id",
    "goals": "goal_id",
    "administrations": "administration_id",
}
_DISTINCT_WORDS_ALLOWED = 40


@pytest.fixture(scope="module")
def program() -> Program:
    return make_program(seed=11)


def test_tables_have_the_contracts_columns_and_types(program: Program) -> None:
    assert list(program.tables) == list(TABLES)
    for name, table in program.tables.items():
        assert table.schema == TABLES[name].empty().schema, name


def test_no_id_repeats_and_every_reference_is_found(program: Program) -> None:
    for name, column in _IDS.items():
        assert not program.tables[name][column].is_duplicated().any(), name
    enrollments = set(program.tables["enrollments"]["enrollment_id"])
    for name in ("contacts", "services", "goals", "needs", "administrations"):
        assert set(program.tables[name]["enrollment_id"]) <= enrollments, name
    responses = program.tables["responses"]
    assert set(responses["administration_id"]) == set(program.tables["administrations"]["administration_id"])
    assert not responses.select("administration_id", "item").is_duplicated().any()


def test_written_files_are_read_back_without_a_fault(program: Program, tmp_path: Path) -> None:
    write_program(program, tmp_path)
    read = read_folder(tmp_path)
    for name, table in program.tables.items():
        assert getattr(read, name).height == table.height, name
    again = read.responses.sort("administration_id", "item").select("response")
    assert again.equals(program.tables["responses"].sort("administration_id", "item").select("response"))


def test_one_seed_makes_one_program_and_another_seed_another(program: Program) -> None:
    same, other = make_program(seed=11), make_program(seed=12)
    for name, table in program.tables.items():
        assert table.equals(same.tables[name]), name
        assert not table.equals(other.tables[name]), name
    assert program.truth.levels.equals(same.truth.levels)


def test_another_share_of_dirt_leaves_the_people_and_their_beginnings_alone(program: Program) -> None:
    clean = make_program(seed=11, dirt=Dirt(missing_covariate=CLEAN.missing_covariate))
    kept = ["participant_id", "age_at_enrollment", "gender", "trafficking_status"]
    assert clean.tables["participants"].select(kept).equals(program.tables["participants"].select(kept))
    first = pl.col("number") == 1
    assert clean.truth.levels.filter(first)["support_intake"].equals(
        program.truth.levels.filter(first)["support_intake"]
    )


def test_everybody_is_obviously_made_up_and_nothing_is_free_text(program: Program) -> None:
    assert program.tables["participants"]["participant_id"][0] == "P001"
    assert set(program.tables["enrollments"]["program"]) == {PROGRAM_NAME}
    assert "made up" in PROGRAM_NAME
    for name, table in program.tables.items():
        for column in table.select(pl.col(pl.String)).columns:
            if column.endswith("_id") or column == "item":
                continue
            words = table[column].str.split(";").explode().drop_nulls().unique()
            assert words.len() < _DISTINCT_WORDS_ALLOWED, (name, column)
            assert column == "program" or words.str.contains(r"^[a-z0-9_-]+$").all(), (name, column)


def test_contacts_services_and_goals_lie_inside_their_enrollment(program: Program) -> None:
    exits = program.tables["enrollments"].select("enrollment_id", "exit_day")
    for name, column in (("contacts", "day"), ("services", "day"), ("needs", "day"), ("goals", "opened_day")):
        joined = program.tables[name].join(exits, on="enrollment_id")
        assert joined.filter(pl.col(column) > pl.col("exit_day")).height == 0, name


def test_second_enrollments_start_after_the_first_has_ended() -> None:
    table = make_program(seed=3, participants=400).tables["enrollments"].sort("participant_id", "start_date")
    both = table.group_by("participant_id", maintain_order=True).agg("start_date", "exit_day")
    several = both.filter(pl.col("start_date").list.len() > 1)
    assert several.height == round(0.03 * 400)
    for _, starts, exits in several.iter_rows():
        first, second = starts
        assert (second - first).days > exits[0]
    assert table["start_date"].min() >= date(2021, 1, 1)


@pytest.mark.parametrize("participants", [1, 2, 11, 1500])
def test_any_number_of_participants_works(participants: int) -> None:
    tables = null_program(participants=participants, seed=5).tables
    assert tables["participants"]["participant_id"].n_unique() == participants


def test_a_small_demo_has_groups_on_both_sides_of_the_threshold() -> None:
    people = make_program().tables["participants"]
    counts = dict(people["gender"].value_counts().iter_rows())
    assert counts["girl"] > 70
    assert counts["nonbinary"] < 11
    status = dict(people["trafficking_status"].value_counts().iter_rows())
    assert all(count >= 11 for count in status.values())


def test_made_up_files_never_replace_what_could_be_an_agencys(program: Program, tmp_path: Path) -> None:
    write_program(program, tmp_path)
    write_program(program, tmp_path)  # its own may be replaced
    own = "enrollment_id,participant_id,program\nE1,P1,east\n"
    (tmp_path / "enrollments.csv").write_text(own, encoding="utf-8")
    with pytest.raises(UsageError, match="name another folder"):
        write_program(program, tmp_path)
    assert (tmp_path / "enrollments.csv").read_text(encoding="utf-8") == own


def test_a_lone_file_of_the_same_name_is_not_replaced(program: Program, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("when,who\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"contacts\.csv"):
        write_program(program, tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [{"participants": 0}, {"engagement": 1.5}, {"engagement": -0.1}],
)
def test_senseless_arguments_are_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        make_program(**arguments)  # type: ignore[arg-type]


def test_a_share_of_dirt_outside_0_to_1_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="late"):
        Dirt(late=1.2)
