"""Parquet and Arrow that other programs wrote become text without guessing; what a sheet cannot hold is refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from casearc.errors import TableError
from casearc.files.columnar import here, read
from casearc.files.columnar.footer import put_text
from casearc.files.reading import Reading
from casearc.files.sheet import Holds, Sheet
from casearc.tables import FaultLog

SECRET = "Rosalind Invented"


def sheet_from(path: Path) -> Sheet:
    log = FaultLog()
    sheets = here.read(path, name=path.name, log=log, reading=Reading())
    assert log.total == 0
    return sheets[0]


def refusal(path: Path, **options: str) -> str:
    log = FaultLog()
    assert here.read(path, name=path.name, log=log, reading=Reading(**options)) == ()  # type: ignore[arg-type]
    with pytest.raises(TableError) as refused:
        log.raise_if_any(TableError, "The file")
    assert SECRET not in str(refused.value)
    return str(refused.value)


CELLS = [
    (pl.Series("c", [1, None, -3], dtype=pl.Int8), ["1", "-3"], Holds.INTEGER),
    (pl.Series("c", [2**64 - 1], dtype=pl.UInt64), ["18446744073709551615"], Holds.INTEGER),
    (pl.Series("c", [1.0, 0.1, float("nan")]), ["1", "0.1"], Holds.NUMBER),
    (pl.Series("c", [1.1], dtype=pl.Float32), ["1.1"], Holds.NUMBER),
    (
        pl.Series("c", [Decimal("1.50"), Decimal("2.00"), Decimal("-0.25"), Decimal("100.00")]),
        ["1.5", "2", "-0.25", "100"],
        Holds.NUMBER,
    ),
    (pl.Series("c", [Decimal("100"), Decimal("7")], dtype=pl.Decimal(10, 0)), ["100", "7"], Holds.NUMBER),
    (pl.Series("c", ["a ", "", " b"]), ["a", "b"], Holds.TEXT),
    (pl.Series("c", ["x", "y"], dtype=pl.Categorical), ["x", "y"], Holds.TEXT),
    (pl.Series("c", ["x", "y"], dtype=pl.Enum(["y", "x"])), ["x", "y"], Holds.TEXT),
    (pl.Series("c", [True, False]), ["true", "false"], Holds.YES_NO),
    (pl.Series("c", [date(1, 1, 1), date(9999, 12, 31)]), ["0001-01-01", "9999-12-31"], Holds.DATE),
    (pl.Series("c", [datetime(1850, 3, 4, 5, 6, 7, 8)]), ["1850-03-04 05:06:07"], Holds.MOMENT),
    (
        pl.Series("c", [datetime(2020, 7, 1, 12)], dtype=pl.Datetime("ns")),
        ["2020-07-01 12:00:00"],
        Holds.MOMENT,
    ),
    (pl.Series("c", [time(1, 2, 3)]), ["01:02:03"], Holds.TIME),
]


@pytest.mark.parametrize("end", ["parquet", "arrow", "stream"])
@pytest.mark.parametrize(("cells", "texts", "holds"), CELLS, ids=[str(each[0].dtype) for each in CELLS])
def test_types(cells: pl.Series, texts: list[str], holds: Holds, end: str, tmp_path: Path) -> None:
    path = written(cells.to_frame(), tmp_path, end)
    sheet = sheet_from(path)
    assert sheet.frame["c"].to_list() == texts
    assert sheet.field("c").holds is holds


def written(frame: pl.DataFrame, folder: Path, end: str) -> Path:
    path = folder / ("c.parquet" if end == "parquet" else "c.arrow")
    {"parquet": frame.write_parquet, "arrow": frame.write_ipc, "stream": frame.write_ipc_stream}[end](path)
    return path


def test_moments_with_a_zone_are_clocks_there(tmp_path: Path) -> None:
    moment = datetime(2024, 7, 1, 18, 30, tzinfo=UTC)
    zoned = pl.Series("c", [moment]).dt.convert_time_zone("America/Chicago")
    zoned.to_frame().write_parquet(tmp_path / "c.parquet")
    sheet = sheet_from(tmp_path / "c.parquet")
    assert sheet.frame["c"].to_list() == ["2024-07-01 13:30:00"]
    assert sheet.notes == ("Column c: moments are given as clocks in America/Chicago showed them.",)


NOT_PLAIN = [
    (pl.Series("c", [[1, 2]]), "lists or groups"),
    (pl.Series("c", [[1, 2]], dtype=pl.Array(pl.Int64, 2)), "lists or groups"),
    (pl.Series("c", [{"a": 1}]), "lists or groups"),
    (pl.Series("c", [b"x"]), "bytes or objects"),
    (pl.Series("c", [timedelta(hours=1)]), "lengths of time"),
]


@pytest.mark.parametrize("end", ["parquet", "arrow", "stream"])
@pytest.mark.parametrize(("cells", "words"), NOT_PLAIN, ids=[str(each[0].dtype) for each in NOT_PLAIN])
def test_columns_that_hold_no_plain_values_are_named(cells: pl.Series, words: str, end: str, tmp_path: Path) -> None:
    frame = pl.DataFrame([pl.Series("name", [SECRET]), cells, cells.alias("d")])
    said = refusal(written(frame, tmp_path, end))
    assert words in said
    assert "column c:" in said
    assert "column d:" in said


def test_names(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1], "a ": [2], "": [3], "_row": [4]}).write_parquet(tmp_path / "c.parquet")
    said = refusal(tmp_path / "c.parquet")
    assert all(words in said for words in ("have the same name", "no name", "taken by Casearc"))


@pytest.mark.parametrize("end", ["parquet", "arrow"])
def test_rows_are_counted_before_they_are_unpacked(end: str, tmp_path: Path) -> None:
    """A few kilobytes that unpack to a hundred million rows."""
    frame = pl.select(pl.repeat(0, 100_000_000, dtype=pl.Int8).alias("n"))
    path = tmp_path / f"bomb.{end}"
    frame.write_parquet(path) if end == "parquet" else frame.write_ipc(path, compression="zstd")
    assert path.stat().st_size < 1_000_000
    assert "cells at once" in refusal(path)


def test_text_that_unpacks_to_more_than_memory_should_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pl.DataFrame({"t": ["x" * 1000] * 1000}).write_parquet(tmp_path / "t.parquet")
    monkeypatch.setattr(here, "LARGEST_UNPACKED", 900_000)
    assert "text unpacks to" in refusal(tmp_path / "t.parquet")


@pytest.mark.parametrize("kind", [pl.Date, pl.Datetime("ms")], ids=["date", "moment"])
def test_dates_too_far_off_name_their_rows(kind: pl.DataType, tmp_path: Path) -> None:
    far = 2**31 - 1 if kind == pl.Date else 2**62
    cells = pl.Series("day", [0, far, -far], dtype=pl.Int64).cast(pl.Int32 if kind == pl.Date else pl.Int64).cast(kind)
    cells.to_frame().write_parquet(tmp_path / "c.parquet")
    assert "rows 3 to 4, column day" in refusal(tmp_path / "c.parquet")


DAMAGED = ["{", "[]", '{"layout": 2}', '{"layout": 1, "fields": [{"name": "n"}]}', '{"layout": 1, "fields": 3}']


@pytest.mark.parametrize("text", DAMAGED)
@pytest.mark.parametrize("end", ["parquet", "arrow"])
def test_a_description_that_is_damaged_is_refused(end: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / f"c.{end}"
    with_metadata(path, {"casearc": text})
    said = refusal(path)
    assert "is damaged, or of a later version" in said
    assert f"c.{end}" in said


@pytest.mark.parametrize("end", ["parquet", "arrow"])
def test_what_other_programs_write_of_columns_is_not_looked_at(end: str, tmp_path: Path) -> None:
    path = tmp_path / f"c.{end}"
    with_metadata(path, {"pandas" if end == "parquet" else "huggingface": '{"info": {"features": {"n": '})
    sheet = sheet_from(path)
    assert (sheet.frame["n"].to_list(), sheet.field("n").label, sheet.notes) == (["1"], "", ())


def with_metadata(path: Path, texts: dict[str, str]) -> None:
    """A file with texts in its own metadata."""
    frame = pl.DataFrame({"n": [1]})
    if path.suffix == ".parquet":
        frame.write_parquet(path, metadata=texts)
        return
    frame.write_ipc(path)
    for key, text in texts.items():
        put_text(path, key, text)


def test_a_footer_whose_texts_lead_out_of_it(tmp_path: Path) -> None:
    path = tmp_path / "c.arrow"
    with_metadata(path, {"casearc": "{}"})
    data = bytearray(path.read_bytes())
    data[data.rindex(b"casearc") - 4 - 8] = 0xFF  # where the key begins
    path.write_bytes(data)
    assert "damaged" in refusal(path)


def test_no_rows(tmp_path: Path) -> None:
    pl.DataFrame(schema={"n": pl.Int64}).write_parquet(tmp_path / "c.parquet")
    assert sheet_from(tmp_path / "c.parquet").frame.shape == (0, 1)


def whole(form: str) -> bytes:
    import io

    frame = pl.DataFrame({"name": [SECRET, "Bo Made-Up"] * 30, "n": list(range(60))})
    buffer = io.BytesIO()
    frame.write_parquet(buffer) if form == "parquet" else frame.write_ipc(buffer)
    return buffer.getvalue()


SPOILED: list[tuple[str, str, Callable[[], bytes], str]] = [
    ("nothing in it", "c.parquet", lambda: b"", "not Parquet or Arrow"),
    ("CSV called .parquet", "c.parquet", lambda: b"client_id,day\nC1,3\n", "not Parquet or Arrow"),
    ("the magic alone", "c.parquet", lambda: b"PAR1", "damaged"),
    ("the magic twice", "c.parquet", lambda: b"PAR1PAR1", "damaged"),
    ("the end cut off", "c.parquet", lambda: whole("parquet")[:-10], "damaged"),
    ("the middle cut out", "c.parquet", lambda: whole("parquet")[:50] + whole("parquet")[200:], "damaged"),
    ("half of it zeros", "c.parquet", lambda: whole("parquet")[:4] + bytes(400) + whole("parquet")[404:], "damaged"),
    ("a footer longer than the file", "c.parquet", lambda: b"PAR1" + bytes(20) + b"\xff\xff\xff\x7fPAR1", "damaged"),
    ("Feather of old", "c.feather", lambda: b"FEA1" + bytes(100), "first version"),
    ("Arrow's magic alone", "c.arrow", lambda: b"ARROW1\0\0", "damaged"),
    ("Arrow with its end cut off", "c.arrow", lambda: whole("arrow")[:-20], "damaged"),
    ("Arrow cut in half", "c.arrow", lambda: whole("arrow")[: len(whole("arrow")) // 2], "damaged"),
    ("a stream that breaks off", "c.arrow", lambda: b"\xff\xff\xff\xff\x10\0\0\0" + bytes(9), "damaged"),
]


@pytest.mark.parametrize(("name", "data", "words"), [each[1:] for each in SPOILED], ids=[each[0] for each in SPOILED])
def test_spoiled(name: str, data: Callable[[], bytes], words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data())
    assert words in refusal(tmp_path / name)


def test_a_folder_and_another_format_than_the_mapping_says(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path)
    (tmp_path / "c.parquet").write_bytes(whole("parquet"))
    assert 'says format = "arrow", but this is Parquet' in refusal(tmp_path / "c.parquet", format="arrow")


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_flipped_bits_give_a_sheet_or_a_fault(form: str, tmp_path: Path) -> None:
    chance = random.Random(11)
    for _ in range(4):
        spoiled = bytearray(whole(form))
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
        path = tmp_path / f"c.{form}"
        path.write_bytes(spoiled)
        log = FaultLog()
        sheets = read.read(path, name=path.name, log=log, reading=Reading())
        assert len(sheets) + bool(log.total) == 1
