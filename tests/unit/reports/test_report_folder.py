"""Writing is all or nothing, and never at the cost of somebody's other files."""

from __future__ import annotations

import sys
from pathlib import Path

import made_up_release as made_up
import pytest

from casearc.errors import MissingExtraError, UsageError
from casearc.reports import folder as folder_module
from casearc.reports import render


def write(folder: Path, formats: tuple[str, ...] = ()) -> None:
    render(made_up.release(), made_up.details(), folder, formats=formats)


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_report_of_ours_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    write(folder, ("html",))
    (folder / "tables" / "old.csv").write_text("from an earlier plan")
    write(folder)
    assert "report.html" not in listing(folder)
    assert "tables/old.csv" not in listing(folder)
    assert listing(tmp_path)[0] == "report", "no temporary folder is left"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    write(tmp_path / "report")
    assert "results.json" in listing(tmp_path / "report")


@pytest.mark.parametrize("found", ["notes.txt", "results.json"])
def test_what_is_not_ours_is_left_alone(tmp_path: Path, found: str) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / found).write_text('{"somebody": "else"}')
    with pytest.raises(UsageError, match="not a report of Casearc's"):
        write(folder)
    assert listing(folder) == [found]


def test_somebodys_file_beside_our_report_is_not_lost(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    write(folder)
    (folder / "comments of the board.docx").write_bytes(b"precious")
    before = listing(folder)
    with pytest.raises(UsageError, match="would be lost"):
        write(folder)
    assert listing(folder) == before


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file")
    with pytest.raises(UsageError, match="is a file, not a folder"):
        write(tmp_path / "report")


def test_a_failure_half_way_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "report"
    write(folder, ("html",))
    before = {name: (folder / name).read_bytes() for name in listing(folder) if (folder / name).is_file()}
    real = folder_module.os.replace

    def fails_on_the_new(source: Path, target: Path) -> None:
        if Path(source).name == "new":
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(folder_module.os, "replace", fails_on_the_new)
    with pytest.raises(UsageError, match="No space left on device"):
        write(folder)
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="html, pdf, docx"):
        write(tmp_path / "report", ("odt",))
    assert listing(tmp_path) == []


@pytest.mark.parametrize(
    ("format_name", "library"), [("html", "jinja2"), ("html", "matplotlib"), ("pdf", "typst"), ("docx", "docx")]
)
def test_a_missing_extra_is_told_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_name: str, library: str
) -> None:
    from casearc.reports.html import write as html

    html._template.cache_clear()
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'casearc\[reports\]'"):
        write(tmp_path / "report", (format_name,))
    assert listing(tmp_path) == []


def test_data_alone_need_no_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("jinja2", "markupsafe", "matplotlib", "typst", "docx"):
        monkeypatch.setitem(sys.modules, library, None)
    write(tmp_path / "report")
    assert {"results.json", "data-report.json", "tables"} <= set(listing(tmp_path / "report"))
