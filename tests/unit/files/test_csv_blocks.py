"""A CSV file is looked at in blocks, which changes nothing that is found, and keeps memory near the file's own size."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casearc.files.csv import encoding, structure
from casearc.files.csv.encoding import BadBytes, check_bytes
from casearc.files.csv.structure import shape_of

LIKE_CSV = st.text('a,"\n\r;é', min_size=1, max_size=40).map(str.encode)
once = settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("block", [1, 2, 3, 7])
@once
@given(data=LIKE_CSV)
def test_records_are_the_same_in_blocks(block: int, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = shape_of(data)
    with monkeypatch.context() as patched:
        patched.setattr(structure, "_BLOCK", block)
        parts = shape_of(data)
    for name in ("starts", "ends", "cells"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name
    assert (whole.stray_quote, whole.stray_return) == (parts.stray_quote, parts.stray_return)


@once
@given(
    text=st.text("aé€😀", max_size=30),
    bad=st.sampled_from([b"", b"\xff", b"\x80\x80\x80\x80\x80", b"\xe2\x82"]),
    at=st.integers(0, 120),
)
def test_the_first_byte_that_is_no_utf_8(text: str, bad: bytes, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    good = text.encode()
    data = b"n\n" + good[:at] + bad + good[at:]
    with monkeypatch.context() as patched:
        patched.setattr(encoding, "_BLOCK", 8)
        found = check_bytes(data)
    if isinstance(found, BadBytes):
        with pytest.raises(UnicodeDecodeError) as refused:
            data.decode()
        assert found.position == refused.value.start
    else:
        assert found.decode() == data.decode()


MEASURED = """
import resource, sys
from pathlib import Path
from casearc.files.csv.read import read_csv
from casearc.tables import FaultLog
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sheet = read_csv(Path(sys.argv[1]), name="x", log=FaultLog())
print(sheet.frame.height, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in the system's own unit")
@pytest.mark.parametrize("quote", ["", '"'], ids=["plain", "quoted"])
def test_memory_stays_near_the_file_s_size(quote: str, tmp_path: Path) -> None:
    """Of a file of 40 MB. In one piece, one in quotation marks took twenty times its size."""
    row = ",".join(
        f"{quote}{cell}{quote}" for cell in ("C1024", "E77", "31", "client", "completed", "45", "phone", "S3")
    )
    count = 40_000_000 // (len(row) + 1)
    header = "contact_id,enrollment_id,day,contact_type,outcome,minutes,medium,staff_id\n"
    path = tmp_path / "contacts.csv"
    path.write_text(header + f"{row}\n" * count, encoding="utf-8")
    environment = {**os.environ, "POLARS_MAX_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, check=True, env=environment, text=True
    )
    rows, kilobytes = map(int, done.stdout.split())
    assert rows == count
    assert kilobytes * 1024 < 9 * path.stat().st_size
