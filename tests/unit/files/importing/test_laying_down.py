"""Files are laid into a folder together: whatever step fails, the old ones or all new ones are there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from casearc.files import place
from casearc.files.place import lay, settle

OLD = {"a.csv": b"old a", "b.csv": b"old b"}
NEW = {"a.csv": b"new a", "b.csv": b"new b", "c.csv": b"new c"}
STEPS = ("replace", "rename", "fsync")


class PowerFailedError(Exception):
    """Stands for the end of everything at one step."""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("step", range(1, 15))
def test_a_failure_at_any_step(step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, OLD)
    counted = 0

    def failing(name: str) -> object:
        right = getattr(os, name)

        def call(*given: object, **named: object) -> object:
            nonlocal counted
            counted += 1
            if counted == step:
                raise PowerFailedError
            return right(*given, **named)

        return call

    with monkeypatch.context() as patched:
        for name in STEPS:
            patched.setattr(place.os, name, failing(name))
        try:
            lay(tmp_path, NEW)
        except PowerFailedError:
            pass
        else:
            assert counted < step, "the step was passed over"
    settle(tmp_path)
    assert contents(tmp_path) in (OLD, NEW)
    lay(tmp_path, NEW)
    assert contents(tmp_path) == NEW


def test_files_of_other_names_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"mine")
    lay(tmp_path, NEW)
    assert contents(tmp_path) == {**NEW, "mine.txt": b"mine"}


def test_there_is_nothing_to_settle_in_a_folder_at_rest(tmp_path: Path) -> None:
    lay(tmp_path, OLD)
    assert settle(tmp_path) is False
