"""Labels of SAS's codes, which lie in a catalog apart. SAS alone writes catalogs: what the library says is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyreadstat
import pytest

from casearc.errors import MappingError, TableError
from casearc.files.mapping import read_mapping
from casearc.files.proposal.draft import Draft
from casearc.files.proposal.opening import _with_catalogs
from casearc.files.statistical.catalog import with_labels
from casearc.files.statistical.programs import CATALOG, SAS7BDAT
from casearc.files.statistical.source import Source
from casearc.tables import FaultLog

YES_NO = {0.0: "no", 1.0: "yes"}


def answering(labels: Mapping[str, Mapping[Any, str]]) -> Callable[..., Any]:
    return lambda _path, output_format: (None, SimpleNamespace(value_labels=labels))


def damaged(_path: Path, output_format: str) -> Any:
    raise ValueError(f"zebra-marker, a cell, asked for as {output_format}")


def labelled(folder: Path, catalog: bytes | None) -> tuple[bool, Any, FaultLog]:
    if catalog is not None:
        (folder / "formats.sas7bcat").write_bytes(catalog)
    meta = SimpleNamespace(variable_to_label={"safe": "YESNO", "age": "BEST"}, variable_value_labels={})
    log = FaultLog()
    source = Source(
        path=folder / "waves.sas7bdat", name="waves.sas7bdat", program=SAS7BDAT, log=log, catalog="formats.sas7bcat"
    )
    return with_labels(source, meta), meta, log


def test_columns_get_the_labels_of_their_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyreadstat, "read_sas7bcat", answering({"YESNO": YES_NO, "OTHER": {1.0: "x"}}))
    done, meta, log = labelled(tmp_path, CATALOG)
    assert done
    assert not log.total
    assert meta.variable_value_labels == {"safe": YES_NO}


@pytest.mark.parametrize(
    ("catalog", "said"),
    [
        (None, "cannot be opened"),
        (b"", "no SAS catalog"),
        (b"id,age\n", "no SAS catalog"),
        (CATALOG + bytes(200), "damaged"),
    ],
)
def test_another_file_is_refused(
    catalog: bytes | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pyreadstat, "read_sas7bcat", damaged)
    done, meta, log = labelled(tmp_path, catalog)
    assert not done
    assert not meta.variable_value_labels
    with pytest.raises(TableError) as refused:
        log.raise_if_any(TableError, "The file was")
    fault = str(refused.value)
    assert said in fault
    assert "formats.sas7bcat" in fault
    assert "zebra" not in fault


@pytest.mark.parametrize(
    ("given", "named", "left"),
    [
        (["a.sas7bdat", "f.sas7bcat"], {"a.sas7bdat": "f.sas7bcat"}, ["a.sas7bdat"]),
        (["a.sas7bdat", "a.sas7bcat", "formats.sas7bcat"], {"a.sas7bdat": "a.sas7bcat"}, ["a.sas7bdat"]),
        (["a.sas7bdat", "b.sas7bcat", "FORMATS.SAS7BCAT"], {"a.sas7bdat": "FORMATS.SAS7BCAT"}, ["a.sas7bdat"]),
        (["a.csv", "f.sas7bcat"], {}, ["a.csv", "f.sas7bcat"]),
        (["a.sas7bdat"], {}, ["a.sas7bdat"]),
    ],
)
def test_a_data_set_finds_its_catalog(given: list[str], named: dict[str, str], left: list[str]) -> None:
    draft = Draft()
    assert [path.name for path in _with_catalogs([Path(name) for name in given], draft)] == left
    assert {name: entry["catalog"] for name, entry in draft.entries.items()} == named


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('[file."a.csv"]\ncatalog = "f.sas7bcat"', "no key catalog"),
        ('[file."a.sas7bdat"]\ncatalog = "../f.sas7bcat"', "inside the data folder"),
        ('[file."a.csv"]\nformat = "redcap"\ndictionary = "/etc/fields.csv"', "inside the data folder"),
    ],
)
def test_a_mapping_names_a_catalog_of_its_folder_for_sas_alone(line: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(f"version = 1\n{line}\n", encoding="utf-8")
    with pytest.raises(MappingError, match=said):
        read_mapping(tmp_path / "m.toml")
