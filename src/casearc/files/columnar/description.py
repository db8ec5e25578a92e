"""What is to be said of columns, as JSON in a file's own metadata: written by Casearc, read back by it.

Under `KEY` a Parquet file's metadata and an Arrow file's footer hold ``{"layout": 1, "name", "title", "fields"}``;
`casearc.files.field_json` says what a field holds: label, choices, codes for missing with their reasons. pyarrow shows
it as ``schema.metadata[b"casearc"]`` (Parquet) and ``ipc.open_file(path).metadata[b"casearc"]`` (Arrow).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from casearc.files.described import Described
from casearc.files.field_json import told, understood
from casearc.files.sheet import Field

KEY = "casearc"
_LAYOUT = 1


def description_of(table: Described) -> str:
    """The JSON that tells a table's fields.

    Parameters
    ----------
    table
        The table.

    Returns
    -------
    str

    Examples
    --------
    >>> import polars as pl
    >>> table = Described(name="ages", title="", frame=pl.DataFrame({"age": [15]}), fields={"age": Field(name="age")})
    >>> fields_of(description_of(table))["age"].name
    'age'
    """
    fields = [told(table.fields[column]) for column in table.frame.columns if column in table.fields]
    return json.dumps({"layout": _LAYOUT, "name": table.name, "title": table.title, "fields": fields})


def fields_of(text: str) -> Mapping[str, Field]:
    """The fields that a JSON text tells, by name.

    Parameters
    ----------
    text
        What `description_of` gave.

    Returns
    -------
    mapping of str to Field

    Raises
    ------
    ValueError
        The text is of another layout, or damaged.

    Examples
    --------
    >>> fields_of('{"layout": 1, "fields": []}')
    {}
    """
    try:
        values = json.loads(text)
        if values["layout"] != _LAYOUT:
            raise ValueError("another layout")
        return {each["name"]: understood(each) for each in values["fields"]}
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("no description of columns") from error
