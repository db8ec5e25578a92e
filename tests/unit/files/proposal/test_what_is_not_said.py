"""A proposal quotes nobody's name, takes no chance for a key, and asks nothing that chance alone brings up."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.files.identity import why_identifying
from casearc.files.proposal import propose
from casearc.files.sheet import Field

NUMBERED = CLIENTS.with_columns(pl.Series("Client ID", [str(number) for number in range(1, 41)]))


def test_persons_in_a_column_of_codes_are_not_quoted(tmp_path: Path) -> None:
    """ "Contact with" may say a kind of contact or a name: names are neither asked about nor written down."""
    contacts = pl.DataFrame(
        {
            "Client ID": ["c1", "c2", "c3"] * 8,
            "Contact date": [f"2024-02-{day:02}" for day in range(1, 25)],
            "Contact with": ["Made Upford", "Inven Tedson", "Ficti Tiousky", "Ima Ginary"] * 6,
            "Outcome": ["Completed"] * 24,
        }
    )
    proposal = propose(write(tmp_path, clients=CLIENTS, contacts=contacts))
    told = proposal.text + "".join(each.asks + each.why for each in proposal.questions)
    assert not any(name in told for name in ("Upford", "Tedson", "Tiousky", "Ginary"))
    assert [each.id for each in proposal.questions] == ["contacts-contacts-contact_type"]


def test_what_hardly_repeats_is_not_written_down_as_a_code(tmp_path: Path) -> None:
    clients = CLIENTS.with_columns(pl.Series("Housing", [f"with made-up aunt {number}" for number in range(40)]))
    assert "made-up aunt" not in propose(write(tmp_path, clients=clients)).text


def test_minutes_are_no_ids_though_the_same_numbers_are(tmp_path: Path) -> None:
    """Nothing but numbers that happen to be ids elsewhere links the rows: then nothing does."""
    contacts = pl.DataFrame(
        {
            "Contact date": ["2024-02-01"] * 12,
            "Contact type": ["Youth"] * 12,
            "Outcome": ["Completed"] * 12,
            "Minutes": [5, 10, 20, 30] * 3,
        }
    )
    proposal = propose(write(tmp_path, clients=NUMBERED, contacts=contacts))
    assert any("no column of it leads to a participant" in note for note in proposal.notes)
    assert not any(feed.table == "contacts" for feed in proposal.feeds)


def test_a_response_id_is_no_persons(tmp_path: Path) -> None:
    rows = survey(answers("mspss").drop("Client ID"), Taken="2024-02-01", language="en")
    rows = rows.with_columns(pl.Series("Response ID", [f"R{number}" for number in range(40)]))
    assert any("no column says whose row it is" in note for note in propose(write(tmp_path, survey=rows)).notes)


@pytest.mark.parametrize("seed", range(5))
def test_items_that_run_against_the_others_by_chance_alone_are_not_asked_about(seed: int, tmp_path: Path) -> None:
    """Answers without any order: of forty people some items always run a little against the rest."""
    noise = pl.DataFrame({f"mspss_{item}": list(range(1, 8)) * 6 for item in range(1, 13)})[:40]
    noise = noise.select(pl.col(name).shuffle(seed=seed * 100 + at) for at, name in enumerate(noise.columns))
    rows = survey(noise, Taken="2024-02-01", language="en").with_columns(CLIENTS["Client ID"])
    asked = [each.id for each in propose(write(tmp_path, clients=CLIENTS, survey=rows)).questions]
    assert len(asked) <= 1


SPANISH = {
    "Nombre": True,
    "Nombres y apellidos": True,
    "Nombre de la madre": True,
    "Teléfono": True,
    "Dirección": True,
    "Nombre del programa": False,
    "Fecha de ingreso": False,
    "Estado": False,
}


@pytest.mark.parametrize("name", SPANISH)
def test_spanish_names_of_columns_that_tell_who_somebody_is(name: str) -> None:
    cells = pl.Series(name, ["inventada", "inventado"])
    assert bool(why_identifying(Field(name=name), cells)) == SPANISH[name]
