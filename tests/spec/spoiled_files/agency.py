"""A made-up agency with three files and the mapping it wrote once. Nobody in them exists.

The notes that the mapping leaves behind hold a word that nothing may repeat: no message, no report, no table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta

MARK = "Zebra-7731"
Rows = list[list[str]]

CLIENTS_HEADER = ["Client ID", "Age", "Gender", "Start", "Remarks"]
CONTACTS_HEADER = ["Contact ID", "Client ID", "When", "Type", "Outcome", "Minutes", "Hours", "Notes"]
SURVEY_HEADER = ["Survey ID", "Client ID", "Taken", *(f"Q{item}" for item in range(1, 13)), "SUM", "Comments"]
PEOPLE = [f"01{number:02}" for number in range(1, 9)]
TYPES = ["Client", "Parent", "Joint"]


def clients() -> Rows:
    """Eight young people, each with a program entry."""
    rows = [[who, str(14 + at % 4), "FM"[at % 2], _start(at).isoformat(), MARK] for at, who in enumerate(PEOPLE)]
    return [list(CLIENTS_HEADER), *rows]


def contacts() -> Rows:
    """Three contacts each; row 2 to 25."""
    rows = []
    for number in range(24):
        at = number // 3
        day = _start(at) + timedelta(days=13 + 11 * (number % 3))
        minutes, hours = str(20 + 5 * (number % 6)), str((20 + 5 * (number % 6)) / 60)[:4]
        who = [PEOPLE[at], day.isoformat(), TYPES[number % 3], str(int(number % 5 > 0)), minutes, hours, MARK]
        rows.append([f"K{number + 1:03}", *who])
    return [list(CONTACTS_HEADER), *rows]


def survey() -> Rows:
    """Two administrations each, of twelve answers; row 2 to 17."""
    rows = []
    for number in range(16):
        at = number // 2
        answers = [1 + (number * 5 + item * 3 + item // 4) % 7 for item in range(12)]
        taken = _start(at) + timedelta(days=180 * (number % 2))
        cells = [*map(str, answers), str(sum(answers)), MARK]
        rows.append([f"S{number + 1:02}", PEOPLE[at], taken.isoformat(), *cells])
    return [list(SURVEY_HEADER), *rows]


def _start(at: int) -> date:
    return date(2024, 1, 3) + timedelta(days=17 * at)


GOOD: dict[str, Callable[[], Rows]] = {"clients": clients, "contacts": contacts, "survey": survey}


def as_csv(rows: Sequence[Sequence[str]], *, sign: str = ",", end: str = "\n") -> bytes:
    """Rows as the agency's programs write CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=sign, lineterminator=end).writerows(rows)
    return text.getvalue().encode()


MAPPING = """\
version = 1

[table.participants]
file = "{clients}"
columns = {{ participant_id = "Client ID", age_at_enrollment = "Age", gender = "Gender" }}
codes = {{ gender = {{ F = "girl", M = "boy" }} }}

[table.enrollments]
file = "{clients}"
columns = {{ enrollment_id = "Client ID", participant_id = "Client ID", start_date = "Start" }}

[table.contacts]
file = "{contacts}"
columns = {{ contact_id = "Contact ID", enrollment_id = "Client ID", date = "When", contact_type = "Type", \
outcome = "Outcome", minutes = "Minutes" }}

[table.contacts.codes]
contact_type = {{ Client = "client", Parent = "caregiver", Joint = "joint" }}
outcome = {{ 1 = "completed", 0 = "attempted" }}

[table.administrations]
file = "{survey}"
columns = {{ administration_id = "Survey ID", enrollment_id = "Client ID", date = "Taken" }}
derive = {{ instrument = {{ value = "mspss" }} }}
totals = {{ mspss_total = {{ column = "SUM", made = "sum" }} }}

[table.responses]
file = "{survey}"
columns = {{ administration_id = "Survey ID", {items} }}
"""
ITEMS = ", ".join(f'mspss_{item} = "Q{item}"' for item in range(1, 13))


def mapping(**sheets: str) -> str:
    """The agency's mapping, with other names for sheets: ``contacts="cases.xlsx#Contacts"``."""
    names = {table: f"{table}.csv" for table in GOOD} | sheets
    return MAPPING.format(items=ITEMS, **names)
