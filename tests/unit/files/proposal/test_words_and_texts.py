"""Words that mean a code, words that only seem to, and texts, which no proposal shows. Everybody here is made up."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.errors import TableError
from casearc.files.importing import import_files
from casearc.files.proposal import Proposal, propose
from casearc.files.proposal.vocabulary import CODES
from casearc.files.proposal.words import meaning_of

# column, what stands in the cell, the code it means ("" asks), whether that is a guess, codes that are near
MEANT = [
    ("outcome", "Completed", "completed", False, ()),
    ("outcome", "NO-SHOWS", "attempted", False, ()),
    ("outcome", "Unsuccessful", "attempted", False, ()),
    ("outcome", "Visit completed", "completed", True, ()),
    ("outcome", "Not completed", "", False, ("completed",)),
    ("outcome", "Completed? no", "", False, ("completed",)),
    ("outcome", "Attempted - completed", "", False, ("attempted", "completed")),
    ("outcome", "Incomplete", "", False, ()),
    ("contact_type", "Parent/Guardian", "caregiver", False, ()),
    ("contact_type", "Phone call with client", "client", True, ()),
    ("contact_type", "Non-crisis response", "non_crisis_response", False, ()),
    ("contact_type", "Client's school", "", False, ("client",)),
    ("contact_type", "Staffing about client", "", False, ("client",)),
    ("contact_type", "Not client - provider", "", False, ("outside_provider", "client")),
    ("contact_type", "Client and caregiver", "", False, ("caregiver", "client")),
    ("contact_type", "Text to youth (no reply)", "", False, ("client",)),
    ("contact_type", "Sin cliente", "", False, ("client",)),
    ("status", "Not Met", "not_met", False, ()),
    ("status", "Partially met", "", False, ("met",)),
    ("trafficking_status", "Not confirmed", "", False, ("confirmed",)),
    ("trafficking_status", "Unconfirmed", "", False, ()),
]


@pytest.mark.parametrize(("column", "cell", "code", "guess", "near"), MEANT, ids=[each[1] for each in MEANT])
def test_only_a_whole_phrase_means_a_code(
    column: str, cell: str, code: str, *, guess: bool, near: tuple[str, ...]
) -> None:
    found = meaning_of(cell, "", CODES[column])
    assert (found.code, found.guess, found.near) == (code, guess, near)


def contacts(**columns: list[object]) -> pl.DataFrame:
    """Contacts of the first clients; what is given in place of what is sound."""
    rows = max((len(cells) for cells in columns.values()), default=12)
    sound = {
        "Client ID": [f"c{number % 40 + 1}" for number in range(rows)],
        "Contact date": ["2024-02-01"] * rows,
        "Contact type": ["Client"] * rows,
        "Outcome": ["Completed"] * rows,
    }
    return pl.DataFrame({**sound, **columns})


def told(proposal: Proposal) -> str:
    """Everything that a proposal shows to anybody."""
    asked = " ".join(f"{each.id} {each.asks} {each.why} {each.answers}" for each in proposal.questions)
    return f"{proposal.text} {asked} {json.dumps(proposal.around())}"


def asked(proposal: Proposal) -> dict[str, tuple[str, ...]]:
    return {each.id: each.answers for each in proposal.questions}


def taken(folder: Path, proposal: Proposal, **answered: str) -> dict[str, pl.DataFrame]:
    mapping = folder / "mapping.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    tables = import_files(mapping, folder, answers=answered).tables
    return {name: getattr(tables, name) for name in ("participants", "enrollments", "contacts", "services")}


def test_a_denied_word_is_asked_about_and_a_near_one_offered_first(tmp_path: Path) -> None:
    log = contacts(Outcome=["Not completed", "Completed"] * 6, **{"Contact type": ["Client's school", "Client"] * 6})
    proposal = propose(write(tmp_path, clients=CLIENTS, contacts=log))
    assert asked(proposal)["contacts-outcome-not-completed"] == ("completed", "attempted")
    assert asked(proposal)["contacts-contact_type-client-s-school"][0] == "client"
    assert len(proposal.questions) == 2


def test_a_guess_is_marked_as_one(tmp_path: Path) -> None:
    log = contacts(Outcome=["Call completed", "Attempted"] * 6)
    line = next(
        each for each in propose(write(tmp_path, clients=CLIENTS, contacts=log)).text.splitlines() if "Call" in each
    )
    assert '"Call completed" = "completed"' in line
    assert line.endswith("# a guess: by one word among others: Call completed")


SECRETS = ("Rosa", "Elena", "Madeup", "0142", "rosa", "elena", "madeup")


def test_a_text_among_codes_is_named_by_its_row_alone(tmp_path: Path) -> None:
    cells = ["Completed"] * 9 + ["Called Rosa Madeup 555-0142, left vm"] * 4 + ["Mom (Elena Madeup) hung up"]
    proposal = propose(write(tmp_path, clients=CLIENTS, contacts=contacts(Outcome=cells)))
    assert asked(proposal) == {"contacts-outcome-otherwise": ("completed", "attempted")}
    assert "rows 11, 12, 13, 14, 15 " in proposal.questions[0].asks
    assert not any(secret in told(proposal) for secret in SECRETS)
    found = taken(tmp_path, proposal, **{"contacts-outcome-otherwise": "attempted"})["contacts"]
    assert found["outcome"].to_list() == ["completed"] * 9 + ["attempted"] * 5


def test_a_column_of_sentences_is_no_column_of_codes(tmp_path: Path) -> None:
    clients = CLIENTS.with_columns(
        pl.Series("Exit reason", [f"Moved in with aunt Elena Madeup in week {n} of the year" for n in range(40)])
    )
    services = pl.DataFrame(
        {
            "Client ID": ["c1", "c2"] * 6,
            "Service date": ["2024-02-01"] * 12,
            "Service": [f"Drove Rosa Madeup and sister to court, visit {n}" for n in range(12)],
            "Quantity": [1] * 12,
            "Unit": ["hour"] * 12,
        }
    )
    proposal = propose(write(tmp_path, clients=clients, services=services))
    why = {left.column: left.why for left in proposal.left}
    assert "sentences" in why["Exit reason"]
    assert "sentences" in why["Service"]
    assert list(asked(proposal)) == ["services-services-service_code"]
    assert not any(secret in told(proposal) for secret in SECRETS)
    found = taken(tmp_path, proposal, **{"services-services-service_code": "transport"})
    assert found["services"]["service_code"].to_list() == ["transport"] * 12


def test_a_text_in_a_persons_characteristic_is_not_made_a_code(tmp_path: Path) -> None:
    cells = ["Girl", "Boy"] * 19 + ["Girl, goes by Rosa Madeup", "Girl"]
    proposal = propose(write(tmp_path, clients=CLIENTS.with_columns(pl.Series("Gender", cells))))
    assert asked(proposal) == {"participants-gender-otherwise": ("girl", "boy", "other", "(leave empty)")}
    assert not any(secret in told(proposal) for secret in SECRETS)
    found = taken(tmp_path, proposal, **{"participants-gender-otherwise": "(leave empty)"})["participants"]
    assert found["gender"].to_list()[-3:] == ["boy", None, "girl"]


def test_a_rare_label_that_looks_like_a_name_may_be_kept(tmp_path: Path) -> None:
    clients = CLIENTS.with_columns(pl.Series("Program", ["Inventa North"] * 38 + ["Camp Inventa"] * 2))
    proposal = propose(write(tmp_path, clients=clients))
    assert "(keep as written)" in asked(proposal)["enrollments-program-otherwise"]
    assert "Camp Inventa" not in told(proposal)
    found = taken(tmp_path, proposal, **{"enrollments-program-otherwise": "(keep as written)"})["enrollments"]
    assert found["program"].to_list()[-1] == "Camp Inventa"


def test_an_answer_that_is_none_of_a_scale_is_named_by_its_row(tmp_path: Path) -> None:
    words = {str(number): word for number, word in enumerate(("never", "seldom", "at times", "mostly"), start=1)}
    given = answers("mspss", high=4).with_columns(pl.col("^mspss_.*$").cast(pl.String).replace(words))
    spoiled = given.with_columns(
        pl.when(pl.int_range(pl.len()) == 5)
        .then(pl.lit("ask Rosa Madeup 555-0199"))
        .otherwise("mspss_3")
        .alias("mspss_3")
    )
    proposal = propose(write(tmp_path, clients=CLIENTS, s=survey(spoiled, Taken="2024-02-01", language="en")))
    assert "mspss-answer-otherwise" in asked(proposal)
    assert "mspss-answer-never" in asked(proposal)
    assert "In row 7 of s.csv" in next(each.asks for each in proposal.questions if each.id == "mspss-answer-otherwise")
    assert not any(secret in told(proposal) for secret in (*SECRETS, "0199"))


def test_a_sheet_of_notes_is_not_quoted(tmp_path: Path) -> None:
    notes = pl.DataFrame({"Rosa Madeup's mother will call back about the court date": ["x", "y"]})
    proposal = propose(write(tmp_path, clients=CLIENTS, notes=notes))
    assert [left.column for left in proposal.left if left.file == "notes.csv"] == ["number 1"]
    assert not any(secret in told(proposal) for secret in SECRETS)


# the column's name, its cells, how the minutes are made ("?" asks)
LENGTHS = [
    ("Minutes", ["5", "30"], '"Minutes"'),
    ("Minutes", ["0.5", "2"], '"Minutes"'),
    ("Duration", ["5", "30"], '"Duration"'),
    ("Duration (hours)", ["0.5", "1.25"], '{duration = "Duration (hours)", written_in = "hours"}'),
    ("Hours", ["1", "12"], '{duration = "Hours", written_in = "hours"}'),
    ("Duración (horas)", ["1", "12"], '{duration = "Duración (horas)", written_in = "hours"}'),
    ("Duration", ["0.5", "30"], '{duration = "Duration", written_in = "?contacts.csv-minutes"}'),
    ("Duration", ["1", "8"], '{duration = "Duration", written_in = "?contacts.csv-minutes"}'),
    ("Duration", ["0:30", "1:15"], '{duration = "Duration", written_in = "?contacts.csv-minutes"}'),
]


@pytest.mark.parametrize(("name", "cells", "made"), LENGTHS, ids=[f"{each[0]} {each[1][0]}" for each in LENGTHS])
def test_hours_are_not_taken_for_minutes(name: str, cells: list[str], made: str, tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS, contacts=contacts(**{name: cells * 6})))
    line = next(each for each in proposal.text.splitlines() if each.startswith("minutes = "))
    assert line.partition(" = ")[2].partition(" #")[0] == made
    assert bool(proposal.questions) == ("?" in made)


def test_of_hours_and_minutes_beside_each_other_a_note_says_which_is_taken(tmp_path: Path) -> None:
    log = contacts(Hours=[1, 0] * 6, Minutes=[30, 45] * 6)
    proposal = propose(write(tmp_path, clients=CLIENTS, contacts=log))
    assert 'minutes = "Minutes"' in proposal.text
    assert any("Hours and Minutes, and only Minutes is taken" in note for note in proposal.notes)


def test_what_a_quantity_counts_is_said_by_its_name(tmp_path: Path) -> None:
    services = pl.DataFrame(
        {
            "Client ID": ["c1", "c2"] * 3,
            "Service date": [f"2024-02-0{day}" for day in range(1, 7)],
            "Service": ["Counseling"] * 6,
            "Hours": [1.5] * 6,
        }
    )
    found = taken(tmp_path, propose(write(tmp_path, clients=CLIENTS, services=services)))["services"]
    assert set(found["unit"]) == {"hours"}
    assert set(found["quantity"]) == {1.5}


KOBO = {"_id": "1", "_uuid": "u", "_submission_time": "2024-01-02T03:04:05", "_index": "1"}


def kobo(**columns: list[str]) -> pl.DataFrame:
    """Submissions of a form in KoboToolbox."""
    rows = len(next(iter(columns.values())))
    server = {
        name: [f"{cell}{at}" if name != "_submission_time" else cell for at in range(rows)]
        for name, cell in KOBO.items()
    }
    ids = {"client_id": [f"c{at}" for at in range(rows)], "enroll_date": ["2024-01-02"] * rows}
    return pl.DataFrame({**ids, **columns, **server})


def test_several_choices_are_read_from_their_own_columns(tmp_path: Path) -> None:
    given = kobo(
        race=["black white", "latina", "black"],
        **{"race/black": ["1", "0", "1"], "race/white": ["1", "0", "0"], "race/latina": ["0", "1", "0"]},
    )
    found = taken(tmp_path, propose(write(tmp_path, intake=given)))["participants"]
    assert found["race_ethnicity"].to_list() == ["black;white", "latina", "black"]


def form(folder: Path) -> Path:
    """A definition whose race and gender take several choices."""
    from xlsxwriter import Workbook

    survey_rows = [
        ("type", "name", "label"),
        ("begin_group", "about", "About you"),
        ("text", "client_id", "Client ID"),
        ("date", "enroll_date", "Enrollment date"),
        ("select_multiple race", "race", "Race"),
        ("select_multiple gender", "gender", "Gender"),
        ("end_group", "", ""),
    ]
    lists = {"race": ("black", "white", "latina"), "gender": ("girl", "boy", "nonbinary")}
    choices = [
        ("list_name", "name", "label"),
        *((of, code, code.title()) for of, codes in lists.items() for code in codes),
    ]
    with Workbook(folder / "form.xlsx") as book:
        for name, rows in (("survey", survey_rows), ("choices", choices)):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return folder / "form.xlsx"


def test_several_choices_in_one_cell_by_the_form(tmp_path: Path) -> None:
    """A list takes them all; a column of one code asks which."""
    given = kobo(race=["black white", "latina", "black"], gender=["girl", "girl nonbinary", "girl"])
    proposal = propose([*write(tmp_path, intake=given), form(tmp_path)])
    assert list(asked(proposal)) == ["participants-gender-several"]
    assert asked(proposal)["participants-gender-several"] == ("multiple", "boy", "girl", "nonbinary", "(leave empty)")
    found = taken(tmp_path, proposal, **{"participants-gender-several": "multiple"})["participants"]
    assert found["race_ethnicity"].to_list() == ["black;white", "latina", "black"]
    assert found["gender"].to_list() == ["girl", "multiple", "girl"]


def test_an_export_with_the_words_of_groups_and_questions_is_put_back_by_its_form(tmp_path: Path) -> None:
    given = kobo(race=["Black White", "Latina", "Black"], gender=["Girl", "Girl", "Boy"])
    worded = {"client_id": "Client ID", "enroll_date": "Enrollment date", "race": "Race", "gender": "Gender"}
    given = given.rename({name: f"About you/{label}" for name, label in worded.items()})
    proposal = propose([*write(tmp_path, intake=given), form(tmp_path)])
    found = taken(tmp_path, proposal)["participants"]
    assert found["race_ethnicity"].to_list() == ["black;white", "latina", "black"]
    assert found["gender"].to_list() == ["girl", "girl", "boy"]


def test_an_archive_is_to_be_unpacked(tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(b"PK\x03\x04 and more")
    with pytest.raises(TableError, match="Unpack it"):
        propose([tmp_path / "export.zip"])


def test_a_proposal_with_texts_is_sound_toml(tmp_path: Path) -> None:
    cells = ["Completed"] * 11 + ['said "no", then\tleft']
    proposal = propose(write(tmp_path, clients=CLIENTS, contacts=contacts(Outcome=cells)))
    table = tomllib.loads(proposal.text)["table"]["contacts"]
    assert table["otherwise"] == {"outcome": "?contacts-outcome-otherwise"}
