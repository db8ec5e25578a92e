"""SAS catalogs (.sas7bcat): the labels of codes, which a SAS data set itself does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyreadstat

from casearc.files.head import head_of
from casearc.files.statistical.programs import CATALOG
from casearc.files.statistical.source import Source
from casearc.language import say
from casearc.tables import FaultLog

Labels = Mapping[str, Mapping[Any, str]]


def labels_in(path: Path, *, name: str, log: FaultLog) -> Labels | None:
    """The labels of a catalog by the name of their format; None after logging why there are none.

    Parameters
    ----------
    path, name
        Where the catalog is, and what messages call it.
    log
        Where faults go.

    Returns
    -------
    dict or None
        Format -> code -> label.

    Examples
    --------
    >>> labels_in(Path("formats.sas7bcat"), name="formats.sas7bcat", log=FaultLog())  # doctest: +SKIP
    {'YESNO': {0.0: 'no', 1.0: 'yes'}}
    """
    head = head_of(path, len(CATALOG), name=name, log=log)
    if head is None:
        return None
    if head != CATALOG:
        log.add(
            say("The file is no SAS catalog."),
            say("Name the .sas7bcat that lies with the data set, or leave the line out: codes have no labels then."),
            file=name,
        )
        return None
    try:
        return dict(pyreadstat.read_sas7bcat(path, output_format="dict")[1].value_labels)
    except Exception:  # whatever a damaged file makes the library raise
        left_out = say("Copy it again, or leave it out: codes have no labels then.")
        log.add(say("The catalog is damaged."), left_out, file=name)
        return None


def with_labels(source: Source, meta: Any) -> bool:
    """Give a data set's columns the labels of its catalog; False after logging why that cannot be.

    Parameters
    ----------
    source
        The data set, with the name of its catalog.
    meta
        The library's object of it, which takes the labels.

    Returns
    -------
    bool

    Examples
    --------
    >>> with_labels(source, outline.meta)  # doctest: +SKIP
    True
    """
    labels = labels_in(source.path.parent / source.catalog, name=source.catalog, log=source.log)
    if labels is None:
        return False
    formats = {column: labels.get(form) for column, form in meta.variable_to_label.items()}
    meta.variable_value_labels = {column: each for column, each in formats.items() if each}
    return True
