"""The types of XLSForm questions: which hold an answer, of what kind, and which tell who somebody is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from casearc.files.sheet import Holds

HOLDS: Mapping[str, Holds] = MappingProxyType(
    {
        "text": Holds.TEXT,
        "string": Holds.TEXT,
        "barcode": Holds.TEXT,
        "calculate": Holds.TEXT,
        "hidden": Holds.TEXT,
        "geopoint": Holds.TEXT,
        "geotrace": Holds.TEXT,
        "geoshape": Holds.TEXT,
        "image": Holds.TEXT,
        "photo": Holds.TEXT,
        "audio": Holds.TEXT,
        "video": Holds.TEXT,
        "file": Holds.TEXT,
        "background-audio": Holds.TEXT,
        "integer": Holds.INTEGER,
        "int": Holds.INTEGER,
        "decimal": Holds.NUMBER,
        "range": Holds.NUMBER,
        "date": Holds.DATE,
        "datetime": Holds.MOMENT,
        "time": Holds.TIME,
        "acknowledge": Holds.YES_NO,
        "trigger": Holds.YES_NO,
        "select_one": Holds.CHOICE,
        "select_one_from_file": Holds.CHOICE,
        "select_multiple": Holds.CHOICES,
        "select_multiple_from_file": Holds.CHOICES,
        "rank": Holds.CHOICES,
    }
)
"""Type, in small letters -> what its answers are."""

IDENTIFYING = frozenset(
    {"geopoint", "geotrace", "geoshape", "image", "photo", "audio", "video", "file", "background-audio"}
)
"""Places, pictures and voices tell who somebody is."""

ABOUT_THE_DEVICE: Mapping[str, Holds] = MappingProxyType(
    {
        "start": Holds.MOMENT,
        "end": Holds.MOMENT,
        "today": Holds.DATE,
        "deviceid": Holds.TEXT,
        "username": Holds.TEXT,
        "phonenumber": Holds.TEXT,
        "email": Holds.TEXT,
        "simserial": Holds.TEXT,
        "subscriberid": Holds.TEXT,
        "audit": Holds.TEXT,
        "start-geopoint": Holds.TEXT,
    }
)
"""What a device notes by itself; nobody is asked."""

WRITTEN: Mapping[Holds, str] = MappingProxyType(
    {
        Holds.TEXT: "text",
        Holds.NUMBER: "decimal",
        Holds.INTEGER: "integer",
        Holds.DATE: "date",
        Holds.MOMENT: "dateTime",
        Holds.TIME: "time",
        Holds.CHOICE: "select_one",
        Holds.CHOICES: "select_multiple",
        Holds.YES_NO: "select_one",
    }
)
"""What an answer is -> the type it is written as."""

KNOWN = frozenset(HOLDS) | frozenset(ABOUT_THE_DEVICE) | {"note", "xml-external", "csv-external"}
_SELECT = re.compile(
    r"(?:add )?select[ _](?P<many>one|multiple|all that apply)(?P<file>_from_file)?(?: from)?(?: (?P<list>\S+))?",
    re.IGNORECASE,
)
GROUPS = ("begin_group", "begin_repeat")
ENDS = ("end_group", "end_repeat")


def split(cell: str) -> tuple[str, str]:
    """The type of a cell in small letters, and the name of its list, or ``""``.

    Examples
    --------
    >>> split("select one from gender"), split("begin group"), split("dateTime")
    (('select_one', 'gender'), ('begin_group', ''), ('datetime', ''))
    """
    plain = " ".join(cell.split())
    select = _SELECT.match(plain)
    if select:
        kind = "select_one" if select["many"].lower() == "one" else "select_multiple"
        return kind + ("_from_file" if select["file"] else ""), select["list"] or ""
    group = plain.lower().replace(" ", "_")
    if group in (*GROUPS, *ENDS):
        return group, ""
    first, _, rest = plain.partition(" ")
    return first.lower(), rest.partition(" ")[0] if first.lower() == "rank" else ""
