"""A REDCap project over its programming interface: raw data, and the files that describe them.

PyCap writes the requests; they go through our own client, which knows one address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
from redcap.project import Project

from casearc.files.limits import few_enough_cells
from casearc.files.redcap.columns import GROUP, PERSON, PERSONAL, PERSONAL_VALIDATIONS
from casearc.files.redcap.companions import CODES_COLUMN
from casearc.tables import FaultLog
from casearc_sources.client import Client
from casearc_sources.configuration import RedcapSource
from casearc_sources.errors import FetchError
from casearc_sources.fetched import Fetched

_DICTIONARY = ("field_name", "form_name", "field_type", "field_label")
_WHY_LEFT = {
    "identifiers": "the project marks them, or their kind of content, as telling who a person is",
    "texts": "they are boxes for notes",
}
"""Setting -> why fields were left out for want of it."""
_AGAIN = "Fetch again when nobody is changing the project."


class _Project(Project):
    """PyCap's project, with every request led through our client."""

    def __init__(self, source: RedcapSource, client: Client) -> None:
        super().__init__(source.address, source.token, allow_redirects=False, timeout=source.timeout)
        self._name, self._client = source.name, client

    def _call_api(self, payload: dict[str, Any], return_type: str, file: object = None) -> Any:
        """The answer, parsed. PyCap calls this for every request."""
        del return_type, file
        return parsed(self._client.ask(payload), self._name)


def parsed(body: bytes, name: str) -> Any:
    """An answer in JSON; FetchError where it is none, or tells of an error."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if content is None:
        raise FetchError(
            f"The source {name} was not fetched. The answer is not what REDCap sends (JSON), or it was cut off. "
            "Check that the address is that of the API; if it is, try again with a lower records_at_once."
        )
    if isinstance(content, dict) and "error" in content:
        raise FetchError(
            f"The source {name} was not fetched. REDCap answered with an error (its text is not shown, as it may "
            "repeat data). Check the token's rights, and forms in sources.toml."
        )
    return content


def fetch_redcap(source: RedcapSource, client: Client, progress: Callable[[str], object]) -> Fetched:
    """Every file of a project, as frames of text.

    Parameters
    ----------
    source
        Where, and what of it.
    client
        Leads there.
    progress
        Told what is being done.

    Returns
    -------
    Fetched
        Name of a file -> its cells, and notes without values.

    Raises
    ------
    FetchError
        The project cannot be fetched whole.

    Examples
    --------
    >>> fetch_redcap(source, Client(source), print).frames.keys()  # doctest: +SKIP
    """
    project = _Project(source, client)
    progress("Reading the project's dictionary")
    dictionary = _frame(project.export_metadata(format_type="json"), source, needed=_DICTIONARY)
    if dictionary.is_empty():
        raise FetchError(f"The source {source.name} was not fetched. The project has no fields.")
    frames, notes = _described(project, source, dictionary)
    fields, left = _fields(dictionary, source)
    data = _records(project, source, fields=fields, record=dictionary["field_name"][0], progress=progress)
    if not dictionary.equals(_frame(project.export_metadata(format_type="json"), source, needed=_DICTIONARY)):
        raise FetchError(f"The source {source.name} was not fetched. The project's fields were changed. {_AGAIN}")
    frames[f"{source.name}.csv"] = data.drop(_unwanted(data.columns, left, source))
    notes += [
        f"Fields left out ({len(names):,}) as {_WHY_LEFT[setting]}: {', '.join(names)}. "
        f"With {setting} = true they are fetched too."
        for setting, names in left.items()
        if names
    ]
    return Fetched(frames=frames, notes=tuple(notes))


def _described(
    project: _Project, source: RedcapSource, dictionary: pl.DataFrame
) -> tuple[dict[str, pl.DataFrame], list[str]]:
    """The files that describe the data, and what is to be said of the project."""
    settings = project.export_project_info(format_type="json")
    if not isinstance(settings, dict):
        raise FetchError(f"The source {source.name} was not fetched. The project's settings are not what REDCap sends.")
    kept = {key: settings.get(key, "") for key in ("project_title", "is_longitudinal", CODES_COLUMN)}
    frames = {
        "dictionary": dictionary,
        "project": _frame([kept], source),
        "instruments": _frame(project.export_instruments(format_type="json"), source),
    }
    if _yes(settings.get("is_longitudinal")):
        frames |= {
            "events": _frame(project.export_events(format_type="json"), source),
            "arms": _frame(project.export_arms(format_type="json"), source, needed=("arm_num", "name")),
            "form_events": _frame(project.export_instrument_event_mappings(format_type="json"), source),
        }
        frames["arms"] = frames["arms"].select("arm_num", "name")
    notes = []
    if _yes(settings.get("has_repeating_instruments_or_events")):
        repeating = _frame(project.export_repeating_instruments_events(format_type="json"), source)
        forms = repeating["form_name"].to_list() if "form_name" in repeating.columns else []
        notes.append(f"Forms that repeat: {', '.join(dict.fromkeys(filter(None, forms))) or 'whole events'}.")
    return {f"{source.name}_{role}.csv": frame for role, frame in frames.items()}, notes


def _yes(setting: object) -> bool:
    return setting in (1, "1", True)


def _fields(dictionary: pl.DataFrame, source: RedcapSource) -> tuple[list[str], dict[str, list[str]]]:
    """The fields to ask for, those of states of forms included; and setting -> those left out for want of it."""
    record = dictionary["field_name"][0]
    forms = dictionary["form_name"].unique(maintain_order=True).to_list()
    unknown = sorted(set(source.forms) - set(forms))
    if unknown:
        raise FetchError(
            f"The source {source.name} was not fetched. The project has no form {', '.join(unknown)}. "
            f"It has: {', '.join(forms)}."
        )
    of_form = pl.col("form_name").is_in(list(source.forms) or forms)
    chosen = dictionary.filter(of_form & (pl.col("field_type") != "descriptive"))
    others = chosen.filter(pl.col("field_name") != record)
    personal, text = _personal(others.columns), pl.col("field_type") == "notes"
    left = {
        "identifiers": [] if source.identifiers else others.filter(personal)["field_name"].to_list(),
        "texts": [] if source.texts else others.filter(text & ~personal)["field_name"].to_list(),
    }
    asked = [name for name in others["field_name"] if not any(name in names for names in left.values())]
    return [record, *asked, *(f"{form}_complete" for form in source.forms or forms)], left


def _personal(columns: Sequence[str]) -> pl.Expr:
    """Whether a line of a dictionary marks its field, or its kind of content, as telling who a person is."""
    found = pl.col("field_type").is_in(PERSONAL)
    if "identifier" in columns:
        found = found | (pl.col("identifier").str.to_lowercase() == "y")
    if "text_validation_type_or_show_slider_number" in columns:
        validation = pl.col("text_validation_type_or_show_slider_number")
        found = found | validation.str.contains(rf"^(?:{'|'.join(PERSONAL_VALIDATIONS)})")
    return found.fill_null(value=False)


def _unwanted(columns: Sequence[str], left: Mapping[str, Sequence[str]], source: RedcapSource) -> list[str]:
    """Columns that came although they were left out of what was asked for."""
    unwanted = [column for column in columns if any(column.split("___")[0] in names for names in left.values())]
    return unwanted if source.identifiers or PERSON not in columns else [*unwanted, PERSON]


def _records(
    project: _Project,
    source: RedcapSource,
    *,
    fields: Sequence[str],
    record: str,
    progress: Callable[[str], object],
) -> pl.DataFrame:
    """The data, some records at a time."""
    progress("Listing the records")
    listed = _frame(project.export_records(fields=[record], event_name="unique"), source)
    records = listed[record].drop_nulls().unique(maintain_order=True).to_list() if record in listed.columns else []
    if not records:
        raise FetchError(f"The source {source.name} was not fetched. It has no records that the token's owner may see.")
    parts: list[pl.DataFrame] = []
    for start in range(0, len(records), source.records_at_once):
        some = records[start : start + source.records_at_once]
        progress(f"Fetching records {start + 1:,} to {start + len(some):,} of {len(records):,}")
        parts.append(_part(project, source, fields=fields, record=record, records=some))
        _check_size(parts, source)
    data = pl.concat(parts, how="diagonal")
    return data.drop(GROUP) if GROUP in data.columns and data[GROUP].fill_null("").eq("").all() else data


def _part(
    project: _Project, source: RedcapSource, *, fields: Sequence[str], record: str, records: Sequence[str]
) -> pl.DataFrame:
    rows = project.export_records(
        records=list(records),
        fields=list(fields),
        event_name="unique",
        export_data_access_groups=True,
        export_survey_fields=source.timestamps,
    )
    part = _frame(rows, source)
    if record not in part.columns or set(part[record]) != set(records):
        raise FetchError(
            f"The source {source.name} was not fetched. Other records came than were asked for: some may have been "
            f"deleted or renamed meanwhile, or the answer was cut off. {_AGAIN}"
        )
    return part


def _check_size(parts: Sequence[pl.DataFrame], source: RedcapSource) -> None:
    log = FaultLog()
    rows, columns = sum(part.height for part in parts), max(part.width for part in parts)
    few_enough_cells(rows=rows, columns=columns, name=f"{source.name}.csv", log=log)
    log.raise_if_any(FetchError, f"The source {source.name} is")


def _frame(rows: object, source: RedcapSource, *, needed: Sequence[str] = ()) -> pl.DataFrame:
    """A list of objects as text cells; FetchError where it is none."""
    sound = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    objects: list[dict[str, object]] = rows if isinstance(rows, list) and sound else []
    columns = dict.fromkeys(key for row in objects for key in row)
    flat = not any(isinstance(cell, (dict, list)) for row in objects for cell in row.values())
    if not sound or not flat or (columns and not set(needed) <= set(columns)):
        raise FetchError(f"The source {source.name} was not fetched. The answer has not the shape that REDCap's has.")
    return pl.DataFrame(objects, schema=dict.fromkeys([*columns] or needed, pl.String()), strict=False)
