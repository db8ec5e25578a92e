"""Columns that KoboToolbox and ODK Central add to every export."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from casearc.files.sheet import Field, Holds
from casearc.files.xlsform.types import ABOUT_THE_DEVICE
from casearc.language import say, to_say

_KOBO: dict[str, tuple[str, Holds]] = {
    "_id": ("Number of the submission on the server", Holds.TEXT),
    "_uuid": ("Id of the submission", Holds.TEXT),
    "_submission_time": (to_say("When the server received it"), Holds.MOMENT),
    "_validation_status": ("Whether somebody approved it on the server", Holds.TEXT),
    "_notes": ("Remarks on the server", Holds.TEXT),
    "_status": ("How it reached the server", Holds.TEXT),
    "_submitted_by": ("Account that sent it", Holds.TEXT),
    "__version__": ("Version of the form", Holds.TEXT),
    "_version_": ("Version of the form", Holds.TEXT),
    "_tags": ("Tags on the server", Holds.TEXT),
    "_index": ("Number of the row in this export", Holds.INTEGER),
    "_parent_table_name": ("Worksheet of the row it belongs to", Holds.TEXT),
    "_parent_index": ("_index of the row it belongs to, on the worksheet above", Holds.INTEGER),
    "_attachments": ("Files that were sent", Holds.TEXT),
    "_geolocation": ("Where it was filled in", Holds.TEXT),
    "_xform_id_string": ("Id of the form", Holds.TEXT),
    "_bamboo_dataset_id": ("", Holds.TEXT),
    "formhub/uuid": ("Id of the form on the server", Holds.TEXT),
    "meta/instanceID": ("Id of the submission", Holds.TEXT),
    "meta/instanceName": ("Name that the form gives a submission", Holds.TEXT),
    "meta/rootUuid": ("Id of the submission before it was edited", Holds.TEXT),
    "meta/deprecatedID": ("Id of the submission before it was edited", Holds.TEXT),
}
_CENTRAL: dict[str, tuple[str, Holds]] = {
    "KEY": ("Id of the row", Holds.TEXT),
    "PARENT_KEY": ("KEY of the row it belongs to, on the file above", Holds.TEXT),
    "SubmissionDate": (to_say("When the server received it"), Holds.MOMENT),
    "SubmitterID": ("Account that sent it", Holds.TEXT),
    "SubmitterName": ("Name of who sent it", Holds.TEXT),
    "AttachmentsPresent": ("Files that arrived", Holds.INTEGER),
    "AttachmentsExpected": ("Files that were sent", Holds.INTEGER),
    "Status": ("State on the server", Holds.TEXT),
    "ReviewState": ("Whether somebody approved it on the server", Holds.TEXT),
    "DeviceID": ("Device it was filled in on", Holds.TEXT),
    "Edits": ("How often it was changed", Holds.INTEGER),
    "FormVersion": ("Version of the form", Holds.TEXT),
    "instanceID": ("Id of the submission", Holds.TEXT),
    "instanceName": ("Name that the form gives a submission", Holds.TEXT),
    "meta-instanceID": ("Id of the submission", Holds.TEXT),
    "meta-instanceName": ("Name that the form gives a submission", Holds.TEXT),
    "meta-entity-label": ("Name of the entity", Holds.TEXT),
}
_IDENTIFYING = frozenset(
    {
        "_submitted_by", "_geolocation", "_attachments", "_notes", "meta/instanceName", "SubmitterID", "SubmitterName",
        "DeviceID", "instanceName", "meta-instanceName", "meta-entity-label", "deviceid", "username", "phonenumber",
        "email", "simserial", "subscriberid", "start-geopoint",
    }
)  # fmt: skip
_OF_SUBMISSION = "_submission_"
"""KoboToolbox repeats the columns of a submission on worksheets of repeats with this before them."""
_POINT = ("_latitude", "_longitude", "_altitude", "_precision", "-Latitude", "-Longitude", "-Altitude", "-Accuracy")

SECTION = "export"
KOBO_MARKS = frozenset(
    {"_id", "_uuid", "_submission_time", "_index", "_parent_index", "_parent_table_name", "_submission__id"}
    | {"_submission__uuid", "formhub/uuid", "meta/instanceID", "__version__", "_submission__submission_time"}
)
CENTRAL_MARKS = frozenset({"SubmissionDate", "PARENT_KEY", "meta-instanceID", "instanceID", "SubmitterID"})
LINKS: Mapping[str, str] = MappingProxyType({"_parent_index": "_index", "PARENT_KEY": "KEY"})
"""Column of a repeat -> column of the sheet above that it refers to."""


def system_field(column: str) -> Field | None:
    """What is known of a column that the server or the device fills in; None where it is a question's.

    Examples
    --------
    >>> system_field("_submitted_by").identifier, system_field("age") is None
    (True, True)
    """
    plain = column.removeprefix(_OF_SUBMISSION) if column.startswith(f"{_OF_SUBMISSION}_") else column
    known = _KOBO.get(plain) or _CENTRAL.get(plain)
    if known is None and plain in ABOUT_THE_DEVICE:
        known = (say("Noted by the device"), ABOUT_THE_DEVICE[plain])
    if known is None:
        return None
    return Field(name=column, label=known[0], holds=known[1], section=SECTION, identifier=plain in _IDENTIFYING)


def point_field(column: str) -> Field | None:
    """What is known of a part of a place: it tells where somebody was."""
    if column.endswith(_POINT):
        return Field(name=column, holds=Holds.NUMBER, identifier=True)
    return None
