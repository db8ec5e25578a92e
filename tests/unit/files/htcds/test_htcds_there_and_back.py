"""What HTCDS can carry comes back the same: written, proposed for again, imported; what it cannot is said."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casearc.files.htcds.codes import PAIRS
from casearc.files.htcds.write import write_htcds
from casearc.files.importing import import_files
from casearc.files.proposal import propose
from casearc.tables import Tables

SAME = {
    pair.column: [code for code, field in pair.to_field.items() if pair.to_column.get(field) == code] for pair in PAIRS
}
"""Column -> codes that the standard tells apart."""
COLUMNS = ["participant_id", *SAME]


def come_back(people: pl.DataFrame, stays: pl.DataFrame, folder: Path) -> Tables:
    write_htcds(people, stays, folder / "htcds.csv")
    proposal = propose([folder / "htcds.csv"])
    assert proposal.questions == ()
    (folder / "mapping.toml").write_text(proposal.text, encoding="utf-8")
    return import_files(folder / "mapping.toml", folder).tables


def a_program(seed: int, *, people: int = 20) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Everybody with codes of the standard; every fourth with two enrollments, every fifth with none."""
    columns: dict[str, list[str | None]] = {"participant_id": [f"P{number:03d}" for number in range(people)]}
    for column, codes in SAME.items():
        columns[column] = [
            None if (number + seed) % 7 == 0 else codes[(number * 3 + seed) % len(codes)] for number in range(people)
        ]
    columns["exploitation_types"] = [
        None if first is None else ";".join(dict.fromkeys((first, SAME["exploitation_types"][number % 3])))
        for number, first in enumerate(columns["exploitation_types"])
    ]
    whose = [f"P{number:03d}" for number in range(people) if number % 5 for _ in range(1 + (number % 4 == 0))]
    stays = pl.DataFrame({"enrollment_id": [f"E{number:03d}" for number in range(len(whose))], "participant_id": whose})
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), stays


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 400))
def test_people_and_stays_come_back_the_same(tmp_path: Path, seed: int) -> None:
    people, stays = a_program(seed)
    tables = come_back(people, stays, tmp_path)
    assert tables.participants.select(COLUMNS).sort("participant_id").equals(people.select(COLUMNS))
    assert tables.enrollments.select(stays.columns).sort("enrollment_id").equals(stays)


def test_a_word_that_shares_a_code_is_counted(tmp_path: Path) -> None:
    people = pl.DataFrame({"participant_id": ["P1", "P2", "P3"], "gender": ["girl", "female", "Girl"]})
    stays = pl.DataFrame({"enrollment_id": ["E1"], "participant_id": ["P1"], "start_date": ["2024-01-01"]})
    notes = write_htcds(people, stays, tmp_path / "htcds.csv")
    assert [note for note in notes if note.startswith("prs_Gender: 2 entries of gender share a code")]
    assert [note for note in notes if note.endswith("the file does not hold them: start_date.")]
    assert not any("female" in note for note in notes)


# columns as agencies write them beside fields of the standard, and whether people come in with what is said of them
@pytest.mark.parametrize("names", [("Case ID",), ("cas_CaseID",), ()])
def test_a_file_of_the_standard_with_another_id_or_none(names: tuple[str, ...], tmp_path: Path) -> None:
    fields = pl.DataFrame(
        {
            "prs_Gender": ["Feminine", "Masculine"] * 10,
            "vic_Trafficking_Status": ["ActualVictimOfTrafficking", "PossibleVictimOfTrafficking"] * 10,
            "cas_Status": ["Active", "Closed"] * 10,
        }
    )
    ids = [pl.Series(name, [f"K{number}" for number in range(20)]) for name in names]
    fields.with_columns(ids).write_csv(tmp_path / "people.csv")
    proposal = propose([tmp_path / "people.csv"])
    (tmp_path / "mapping.toml").write_text(proposal.text, encoding="utf-8")
    people = import_files(tmp_path / "mapping.toml", tmp_path).tables.participants
    assert people["gender"].to_list() == ["girl", "boy"] * 10
    assert people["trafficking_status"].to_list() == ["confirmed", "presumed"] * 10
