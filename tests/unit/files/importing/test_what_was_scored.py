"""Administrations are scored where a score came out of them; of the others the report says how many, and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casearc.files.importing import import_files, write_import

ITEMS = [f"mspss_{item}" for item in range(1, 13)]
COLUMNS = ", ".join(f'{item} = "{item}"' for item in ITEMS)
MAPPING = f"""
version = 1
[table.participants]
file = "survey.csv"
columns = {{ participant_id = "who" }}
[table.enrollments]
file = "survey.csv"
columns = {{ enrollment_id = "who", participant_id = "who" }}
[table.administrations]
file = "survey.csv"
columns = {{ administration_id = "who", enrollment_id = "who", day = "day" }}
derive = {{ instrument = {{ value = "mspss" }} }}
[table.responses]
file = "survey.csv"
columns = {{ administration_id = "who", {COLUMNS} }}
"""
WHOLE, FEW, NONE = "4" * 12, "4" + " " * 11, " " * 12

# the answers of each form; how many were scored, and the notes on the others
FORMS = {
    "all": ([WHOLE, WHOLE], 2, {}),
    "some": ([WHOLE, FEW, FEW, NONE], 1, {"too many items missing": 2, "no item answered": 1}),
    "none": ([FEW], 0, {"too many items missing": 1}),
}


@pytest.mark.parametrize("kind", FORMS)
def test_forms_with_and_without_a_score(kind: str, tmp_path: Path) -> None:
    forms, scored, reasons = FORMS[kind]
    rows = [f"p{at},0,{','.join(form).replace(' ', '')}" for at, form in enumerate(forms)]
    (tmp_path / "survey.csv").write_text("\n".join([f"who,day,{','.join(ITEMS)}", *rows]), encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    imported = import_files(mapping, tmp_path)
    assert dict(imported.scored) == {"mspss 1.0.0": scored}
    assert imported.unscored == ({"mspss": reasons} if reasons else {})
    written = write_import(imported, tmp_path / "tables", mapping=mapping, folder=tmp_path)
    report = json.loads((written.folder / "import-report.json").read_text(encoding="utf-8"))
    assert report["unscored"] == imported.unscored
    told = [note for note in report["notes"] if "got no score" in note]
    assert len(told) == len(reasons)
    assert all(any(note.startswith(f"{count} administration") for note in told) for count in reasons.values())
