"""Rows without ids of their own: a later or longer export gives them the same ones, and writes none over another."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.errors import TableError
from casearc.files.importing import import_files, write_import
from casearc.files.proposal import propose

Counts = dict[str, tuple[int, int, int]]
CONTACTS = ["Client ID", "Contact date", "Contact type", "Outcome", "Minutes"]
A = ("c1", "2024-02-05", "Client", "Completed", 30)
B = ("c2", "2024-02-06", "Client", "Completed", 45)
C = ("c1", "2024-03-05", "Client", "Attempted", None)
D = ("c2", "2024-03-05", "Client", "Completed", 20)
CALL = ("c1", "2024-02-05", "Caregiver", "Completed", 10)


def contacts(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CONTACTS, orient="row")


def put(folder: Path, given: dict[str, str] | None = None, **frames: pl.DataFrame) -> Counts:
    """Propose for files, run, lay down beside what is there: new, changed and untouched rows by table."""
    files = folder / "files"
    files.mkdir(exist_ok=True)
    proposal = propose(write(files, clients=CLIENTS, **frames))
    mapping = files / "mapping.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    asked = {question.id for question in proposal.questions}
    imported = import_files(
        mapping, files, answers={name: told for name, told in (given or {}).items() if name in asked}
    )
    written = write_import(imported, folder / "tables", mapping=mapping, folder=files)
    return {name: (each.added, each.changed, each.others) for name, each in written.counts.items()}


def there(folder: Path, table: str) -> pl.DataFrame:
    return pl.read_csv(folder / "tables" / f"{table}.csv")


# the first export, the next one, its contacts that are new, changed, not in it
NEXT = {
    "the same": ([A, B], [A, B], (0, 0, 0)),
    "a later one": ([A, B], [C, D], (2, 0, 2)),
    "a longer one": ([A, B], [A, B, C], (1, 0, 0)),
    "new rows first": ([A, B], [C, B, A], (1, 0, 0)),
    "another of the same day first": ([A, B], [CALL, A, B], (1, 0, 0)),
    "another of the same day alone": ([A, B], [CALL, D], (2, 0, 2)),
    "one corrected": ([A, B], [A, (*B[:4], 50)], (0, 1, 0)),
    "two of a day and kind": ([A, (*A[:4], 5), B], [A, (*A[:4], 5), B, C], (1, 0, 0)),
}


@pytest.mark.parametrize("kind", NEXT)
def test_the_next_export_of_contacts(kind: str, tmp_path: Path) -> None:
    first, later, counts = NEXT[kind]
    put(tmp_path, contacts=contacts(*first))
    assert put(tmp_path, contacts=contacts(*later))["contacts"] == counts
    days = set(there(tmp_path, "contacts").select("enrollment_id", "day").rows())
    assert days >= {
        (row[0], {"2024-02-05": 21, "2024-02-06": 22, "2024-03-05": 50}[row[1]]) for row in (*first, *later)
    }


def test_the_name_of_a_file_is_no_part_of_an_id(tmp_path: Path) -> None:
    put(tmp_path, contacts=contacts(A, B))
    (tmp_path / "files" / "contacts.csv").unlink()
    assert put(tmp_path, march=contacts(A, B, C))["contacts"] == (1, 0, 0)


def test_files_of_a_month_each(tmp_path: Path) -> None:
    put(tmp_path, contacts=contacts(A, B))
    assert put(tmp_path, contacts=contacts(A, B), march=contacts(C, D))["contacts"] == (2, 0, 0)


def test_no_word_of_a_cell_but_person_and_day_stands_in_an_id(tmp_path: Path) -> None:
    put(tmp_path, contacts=contacts(A, CALL, B))
    ids = there(tmp_path, "contacts")["contact_id"].to_list()
    assert [name.startswith("contacts-c1-2024-02-05-") for name in ids] == [True, True, False]
    assert not any(word in name.lower() for name in ids for word in ("client", "caregiver"))


def test_a_goal_that_went_on_is_the_same_goal(tmp_path: Path) -> None:
    columns = ["Client ID", "Goal area", "Date set", "Date closed", "Status", "Rating"]
    rows = [("c1", "Housing", "2024-02-01", None, "Open", None), ("c2", "School", "2024-02-01", None, "Open", None)]
    put(tmp_path, goals=pl.DataFrame(rows, schema=columns, orient="row"))
    rows = [("c1", "Housing", "2024-02-01", "2024-04-01", "Met", 1), rows[1]]
    assert put(tmp_path, goals=pl.DataFrame(rows, schema=columns, orient="row"))["goals"] == (0, 1, 0)


MSPSS = survey(answers("mspss"), **{"Survey date": "2024-02-01", "language": "en"})
LATER = survey(answers("mspss", seed=2), **{"Survey date": "2024-08-01", "language": "en"})


def test_before_and_after_one_after_the_other(tmp_path: Path) -> None:
    put(tmp_path, survey=MSPSS)
    assert put(tmp_path, survey=LATER)["administrations"] == (40, 0, 40)
    assert put(tmp_path, survey=pl.concat([LATER, MSPSS]))["administrations"] == (0, 0, 0)


def test_two_forms_of_a_day(tmp_path: Path) -> None:
    both = pl.concat(
        [
            MSPSS,
            answers("mspss", people=2, seed=5)
            .join(MSPSS.select("Client ID", "Survey date"), on="Client ID")
            .with_columns(pl.lit("en").alias("language"))
            .select(MSPSS.columns),
        ]
    )
    put(tmp_path, survey=MSPSS)
    assert put(tmp_path, survey=both)["administrations"] == (2, 0, 0)


def test_answers_of_nobody_in_particular(tmp_path: Path) -> None:
    anonymous = pl.concat([MSPSS, LATER]).drop("Client ID")
    folder = tmp_path / "files"
    folder.mkdir()
    for rows in (anonymous.head(20), anonymous.tail(60), anonymous):
        proposal = propose(write(folder, survey=rows))
        (folder / "mapping.toml").write_text(proposal.text, encoding="utf-8")
        imported = import_files(folder / "mapping.toml", folder)
        write_import(imported, tmp_path / "tables", mapping=folder / "mapping.toml", folder=folder)
    assert there(tmp_path, "participants").height == there(tmp_path, "administrations").height == 80


def undated(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop("Survey date")


def test_a_file_of_a_wave_without_dates_asks_for_its_day(tmp_path: Path) -> None:
    days = {"pre.csv-day": "0", "mspss_6_months.csv-day": "183"}
    put(tmp_path, days, pre=undated(MSPSS), mspss_6_months=undated(LATER))
    given = there(tmp_path, "administrations")
    assert sorted(given.group_by("day").len().rows()) == [(0, 40), (183, 40)]
    assert given["administration_id"].str.extract("^mspss-(pre|6-months)-c").null_count() == 0
    (tmp_path / "files" / "mspss_6_months.csv").unlink()
    assert put(tmp_path, days, pre=undated(MSPSS))["administrations"] == (0, 0, 40)


def test_before_and_after_with_one_date_are_told_apart_by_their_files(tmp_path: Path) -> None:
    after = LATER.with_columns(MSPSS["Survey date"])
    assert put(tmp_path, pre=MSPSS, post=after)["administrations"] == (80, 0, 0)


def test_the_same_form_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="Another row has the same id"):
        put(tmp_path, pre=MSPSS, post=MSPSS)


# a survey and its copies; the copies that are set aside
SKIPPED = MSPSS.with_columns(pl.lit(None, dtype=pl.Int64).alias("mspss_4"))
COPIED = {
    "whole": (pl.concat([MSPSS, MSPSS.head(3)]), 3),
    "with an item skipped": (pl.concat([SKIPPED, SKIPPED.head(2)]), 2),
    "with ids of the rows": (
        pl.concat([each := MSPSS.with_columns(pl.Series("Response ID", [f"r{at}" for at in range(40)])), each.head(4)]),
        4,
    ),
    "beside another of the day": (pl.concat([MSPSS, LATER.with_columns(MSPSS["Survey date"]), MSPSS.head(5)]), 5),
}


@pytest.mark.parametrize("kind", COPIED)
def test_a_copy_of_a_form_is_no_second_form(kind: str, tmp_path: Path) -> None:
    frame, copies = COPIED[kind]
    assert put(tmp_path, survey=frame)["administrations"] == (frame.height - copies, 0, 0)
    report = json.loads((tmp_path / "tables" / "import-report.json").read_text(encoding="utf-8"))
    aside = {use["purpose"]: use["set_aside"] for use in report["files"] if use["file"] == "survey.csv"}
    assert [each["rows"] for each in aside["administrations"]] == [copies]
    assert aside["administrations"][0]["reason"].startswith("a copy")


@pytest.mark.parametrize(("answer", "rows"), [("first", 2), ("all", 3)])
def test_whether_copies_of_contacts_count_is_asked(answer: str, rows: int, tmp_path: Path) -> None:
    assert put(tmp_path, {"contacts.csv-copies": answer}, contacts=contacts(A, B, A))["contacts"] == (rows, 0, 0)


def test_copies_of_rows_with_ids_are_copies(tmp_path: Path) -> None:
    named = contacts(A, A, B).with_columns(pl.Series("Contact ID", ["k1", "k1", "k2"]))
    assert put(tmp_path, contacts=named)["contacts"] == (2, 0, 0)
    assert there(tmp_path, "contacts")["contact_id"].to_list() == ["k1", "k2"]


def test_services_that_say_the_same_are_told(tmp_path: Path) -> None:
    """The same service may be delivered twice on a day."""
    rows = [(f"c{day}", f"2024-02-{day:02}", "Counseling") for day in range(1, 20)]
    services = pl.DataFrame([*rows, rows[0]], schema=["Client ID", "Service date", "Service"], orient="row")
    assert put(tmp_path, services=services)["services"] == (20, 0, 0)
    report = json.loads((tmp_path / "tables" / "import-report.json").read_text(encoding="utf-8"))
    assert [note for note in report["notes"] if note.startswith("1 row of services.csv says the same as another")]
