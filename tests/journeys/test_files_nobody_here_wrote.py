"""Small public files that nobody here wrote: each is read, mapped and reported as it is, without a hand on the file."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from journey import walk

ROOT = Path(__file__).parents[2]
FORMATS = ROOT.parent / "shared" / "data" / "formats"

pytestmark = pytest.mark.skipif(
    not FORMATS.is_dir(), reason="the public files lie beside the repository (../shared/data/formats) and are not here"
)

REDCAP = ["longitudinal_data.csv", "longitudinal_dictionary.csv", "longitudinal_event.csv", "longitudinal_arm.csv"]

# the files, rows of participants and enrollments that come of them, identifying columns that are kept out
MAPPED = {
    "REDCap, longitudinal, with dictionary": (
        "redcap", REDCAP, 3, {"first_name", "last_name", "telephone_1", "email", "dob", "ec_phone"}),
    "Qualtrics, three header rows": (
        "qualtrics", ["sample.csv"], 1, {"IPAddress", "RecipientLastName", "RecipientEmail", "LocationLatitude"}),
    "Qualtrics, two header rows": ("qualtrics", ["sample_legacy.csv"], 1, {"V3", "V5", "V6"}),
    "SPSS": ("spss", ["sample.sav"], 5, set()),
    "SPSS with user-missing values": ("spss", ["sample_missing.sav"], 7, set()),
    "SPSS with ordered labels": ("spss", ["ordered_category.sav"], 4, set()),
}  # fmt: skip


@pytest.mark.parametrize("kind", MAPPED)
def test_data_are_read_mapped_and_reported(kind: str, tmp_path: Path) -> None:
    folder, names, people, kept_out = MAPPED[kind]
    paths = [FORMATS / folder / name for name in names]
    before = {path: path.read_bytes() for path in paths}
    mapping = tmp_path / "mapping.toml"
    looked = walk("import", "inspect", *paths, "-o", mapping, "--json")
    assert looked.code == 0, looked.err
    told = json.loads(looked.out)
    assert told["questions"] == []
    left = {each["column"] for each in told["left"]}
    text = mapping.read_text(encoding="utf-8")
    tables_part, _, vault = text.partition("[[vault]]")
    for column in kept_out:
        assert column in left or f'"{column}"' in vault
        assert f'"{column}"' not in tables_part
    ran = walk("import", "run", mapping, "--data", FORMATS / folder, "-o", tmp_path / "tables", "--json")
    assert ran.code == 0, ran.err
    report = json.loads(ran.out)
    assert {name: report["tables"][name]["added"] for name in ("participants", "enrollments")} == {
        "participants": people,
        "enrollments": people,
    }
    rows = pl.read_csv(tmp_path / "tables" / "import-rows.csv")
    assert set(rows["fate"]) <= {"kept", "changed", "set aside"}
    assert {path: path.read_bytes() for path in paths} == before


def test_every_row_of_the_longitudinal_project_is_accounted_for(tmp_path: Path) -> None:
    """18 rows, 3 records: the rows of other events are set aside by name, not lost."""
    mapping = tmp_path / "mapping.toml"
    walk("import", "inspect", *[FORMATS / "redcap" / name for name in REDCAP], "-o", mapping)
    walk("import", "run", mapping, "--data", FORMATS / "redcap", "-o", tmp_path / "tables")
    rows = pl.read_csv(tmp_path / "tables" / "import-rows.csv").filter(table="enrollments")
    counted = (rows["last_row"] - rows["first_row"] + 1).sum()
    with (FORMATS / "redcap" / "longitudinal_data.csv").open(encoding="utf-8") as file:
        assert counted == sum(line.startswith(("100,", "220,", "304,")) for line in file)


def test_a_form_without_answers_is_told_as_what_it_is(tmp_path: Path) -> None:
    looked = walk("import", "inspect", FORMATS / "htcds" / "htcds_xlsform.xlsx", "-o", tmp_path / "mapping.toml")
    assert looked.code == 0
    assert "a definition of" in looked.out
    assert "it holds no answers" in looked.out
    assert not (tmp_path / "mapping.toml").exists()
