"""What the gate took away stands nowhere in a report, in no format, and what it rounded stands nowhere in full."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import made_up_release as made_up
import pytest
from pypdf import PdfReader

from casearc.disclosure import Edition, Exact, Release, ReleasedFinding, Withheld
from casearc.findings import (
    Body,
    Column,
    CountBars,
    CountRef,
    Figure,
    Hidden,
    Number,
    Quantity,
    Row,
    Section,
    Sentence,
    ShareRef,
    Table,
    Text,
)
from casearc.reports import render


def first(folder: Path, kind: str) -> dict:
    """The first table or figure of results.json, in whichever section it stands."""
    sections = json.loads((folder / "results.json").read_text())["sections"]
    return next(each for section in sections for finding in section["findings"] for each in finding[kind])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outside edition of a finding with a withheld count, a hidden cell and a mean of many digits."""
    where = tmp_path_factory.mktemp("outside") / "report"
    render(hiding_release(), made_up.details(data_report={}), where)
    return where


def hiding_release() -> Release:
    cells = (Text("group"), CountRef("small"), ShareRef("small", "all"), Hidden("told to nobody"),
             Number(3.1415926535, Quantity.MEAN, "all"), Hidden("nor this"))  # fmt: skip
    others = (Text("others"), CountRef("all"), ShareRef("all", "all"), Number(2.5, Quantity.MEAN, "all"),
              Number(2.5, Quantity.MEAN, "all"), Hidden("nor this"))  # fmt: skip
    finding = ReleasedFinding(
        id="hiding",
        section=Section.FLOW,
        title="A finding with a secret",
        body=Body(
            sentences=(Sentence("There are {n} of {all}.", {"n": CountRef("small"), "all": CountRef("all")}),),
            tables=(
                Table(
                    id="hiding",
                    title="A table",
                    columns=tuple(Column(name, name) for name in ("a", "b", "c", "d", "e", "f")),
                    rows=(Row(cells), Row(others)),
                ),
            ),
            figures=(
                Figure(
                    id="hiding",
                    title="Bars",
                    drawing=CountBars(labels=("one", "two"), keys=("small", "all"), axis_label="People"),
                    alt=Sentence("{n} people", {"n": CountRef("small")}),
                ),
            ),
        ),
    )
    return made_up.release(findings=(finding,), shown={"small": Withheld(), "all": Exact(50)})


def words_of(folder: Path) -> dict[str, str]:
    """The readable text of each format."""
    html = (folder / "report.html").read_text()
    with zipfile.ZipFile(folder / "report.docx") as package:
        word = package.read("word/document.xml").decode()
    pdf = "\n".join(page.extract_text() for page in PdfReader(folder / "report.pdf").pages)
    return {
        "html": re.sub(r"<[^>]+>", " ", re.sub(r"<(style|svg).*?</\1>", "", html, flags=re.DOTALL)),
        "docx": re.sub(r"<[^>]+>", " ", word),
        "pdf": pdf,
        "json": (folder / "results.json").read_text(),
        "csv": (folder / "tables/hiding.csv").read_text(),
    }


def test_a_hidden_value_has_one_mark_and_no_reason(folder: Path) -> None:
    for name, text in words_of(folder).items():
        assert "[c]" in text, name
        assert "told to nobody" not in text, name
    row = first(folder, "tables")["rows"][0]
    count, share, hidden = row["cells"][1:4]
    assert count == share == hidden == {"kind": "hidden", "text": "[c]"}


def test_a_column_of_nothing_but_hidden_cells_is_left_out(folder: Path) -> None:
    assert (folder / "tables/hiding.csv").read_text().splitlines()[0].split(",") == ["a", "b", "c", "d", "e"]


def test_sentences_and_pictures_hide_what_tables_hide(folder: Path) -> None:
    html = (folder / "report.html").read_text()
    assert re.sub(r"<[^>]+>", "", html).count("There are [not shown] of 50.") == 1
    assert 'aria-label="[not shown] people"' in html
    drawing = first(folder, "figures")["drawing"]
    assert drawing["bars"][0] == {"label": "one", "highlight": False, "shown": "withheld"}


def test_outside_no_file_carries_more_digits_than_are_printed(folder: Path) -> None:
    for name, text in words_of(folder).items():
        assert "3.14" in text, name
        assert "3.141" not in text, name


def test_in_the_house_data_keep_every_digit(tmp_path: Path) -> None:
    render(made_up.release(Edition.IN_HOUSE), made_up.details(), tmp_path / "r", formats=())
    assert "0.4127" in (tmp_path / "r/tables/change_mspss_total.csv").read_text()
    render(made_up.release(Edition.OUTSIDE), made_up.details(), tmp_path / "o", formats=())
    assert "0.4127" not in (tmp_path / "o/tables/change_mspss_total.csv").read_text()
    assert "0.4127" not in (tmp_path / "o/results.json").read_text()


def test_rows_that_stand_for_people_are_not_counted_outside(tmp_path: Path) -> None:
    """98 rows read and 95 kept would tell that three people were set aside."""
    for edition, told in ((Edition.OUTSIDE, None), (Edition.IN_HOUSE, 98)):
        folder = tmp_path / str(edition)
        render(made_up.release(edition), made_up.details(), folder, formats=())
        for name in ("results.json", "data-report.json"):
            report = json.loads((folder / name).read_text())
            files = (report["data"] if name == "results.json" else report)["files"]
            assert files[0]["rows_read"] == told, (edition, name)
            assert files[1]["rows_read"] == 12480
    assert "(3)" not in (tmp_path / "outside/data-report.json").read_text()


def test_the_edition_is_marked_on_every_page(tmp_path: Path) -> None:
    for edition, mark in (
        (Edition.IN_HOUSE, "IN-HOUSE EDITION: may identify a participant; do not send"),
        (Edition.OUTSIDE, "Outside edition: small groups are protected"),
    ):
        folder = tmp_path / str(edition)
        render(made_up.release(edition), made_up.details(), folder)
        pages = PdfReader(io.BytesIO((folder / "report.pdf").read_bytes())).pages
        assert len(pages) > 5
        assert all(mark in page.extract_text() for page in pages)
        assert mark in (folder / "report.html").read_text()
        with zipfile.ZipFile(folder / "report.docx") as package:
            headers = [name for name in package.namelist() if name.startswith("word/header")]
            assert headers
            assert all(mark in package.read(name).decode() for name in headers)
