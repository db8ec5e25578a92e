"""The columns Qualtrics adds to every export, by the id it imports them under, which no language changes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from casearc.files.sheet import Field, Holds
from casearc.language import to_say

_STATUS = {
    "0": "a response by its link",
    "1": "a preview by the survey's editors",
    "2": "a test",
    "4": "imported",
    "8": "marked as spam",
    "12": "a preview that was marked as spam",
    "16": "taken offline",
    "17": "an offline preview",
}

PARADATA: Mapping[str, Field] = MappingProxyType(
    {
        "startDate": Field(name="", label=to_say("When the response was begun"), holds=Holds.MOMENT),
        "endDate": Field(name="", label=to_say("When the response was ended"), holds=Holds.MOMENT),
        "recordedDate": Field(name="", label=to_say("When the response was recorded"), holds=Holds.MOMENT),
        "status": Field(name="", label="Kind of response", holds=Holds.CHOICE, choices=_STATUS),
        "ipAddress": Field(name="", label="Address of the device", identifier=True),
        "progress": Field(name="", label="Percent of the survey seen", holds=Holds.NUMBER),
        "duration": Field(name="", label="Seconds from begin to end", holds=Holds.NUMBER),
        "finished": Field(name="", label="Whether the response was finished", holds=Holds.YES_NO),
        "_recordId": Field(name="", label="Id of the response"),
        "recipientLastName": Field(name="", label="Last name of the recipient", identifier=True),
        "recipientFirstName": Field(name="", label="First name of the recipient", identifier=True),
        "recipientEmail": Field(name="", label="Mail address of the recipient", identifier=True),
        "externalDataReference": Field(name="", label="The program's own reference to the person"),
        "locationLatitude": Field(name="", label="Latitude of the device", identifier=True),
        "locationLongitude": Field(name="", label="Longitude of the device", identifier=True),
        "locationAccuracy": Field(name="", label="Whether the position is exact", identifier=True),
        "distributionChannel": Field(name="", label="How the survey reached the person"),
        "userLanguage": Field(name="", label="Language the survey was shown in"),
    }
)

OLDER: Mapping[str, str] = MappingProxyType(
    {
        "ResponseID": "_recordId",
        "Name": "recipientLastName",
        "ExternalDataReference": "externalDataReference",
        "EmailAddress": "recipientEmail",
        "IPAddress": "ipAddress",
        "Status": "status",
        "StartDate": "startDate",
        "EndDate": "endDate",
        "Finished": "finished",
        "LocationLatitude": "locationLatitude",
        "LocationLongitude": "locationLongitude",
        "LocationAccuracy": "locationAccuracy",
    }
)
"""What exports with two header rows write under their ``V1``, ``V2`` …"""

TIMINGS = ("_First Click", "_Last Click", "_Page Submit", "_Click Count")
SEEN_NOT_ANSWERED = "-99"
