"""Small made-up tables under the contract's own names, one row changed at a time."""

from __future__ import annotations

from collections.abc import Mapping

from web.imports.made import Files, csv

TABLES: Mapping[str, str] = {
    "participants": "participant_id,age_at_enrollment,gender,housing\nP1,15.5,girl,foster\nP2,16,boy,own\n",
    "enrollments": "enrollment_id,participant_id,start_date,exit_day,exit_reason\n"
    "E1,P1,2025-01-10,,\nE2,P2,2025-02-01,90,completed\n",
    "contacts": "contact_id,enrollment_id,day,contact_type,outcome,minutes,medium\n"
    "C1,E1,0,client,completed,30,phone\nC2,E1,7,client,attempted,,text\nC3,E2,3,caregiver,completed,45,in_person\n",
    "services": "enrollment_id,day,service_code,quantity,unit\nE1,0,counseling,1.5,hours\nE2,3,transport,2,rides\n",
    "goals": "goal_id,enrollment_id,domain,opened_day,closed_day,status,rating\n"
    "G1,E1,housing,0,,open,\nG2,E2,education,0,60,met,1\n",
    "needs": "enrollment_id,day,domain,level\nE1,0,housing,3\nE1,0,safety,1\nE2,0,housing,0\n",
    "administrations": "administration_id,enrollment_id,instrument,language,mode,day\nA1,E1,mspss,en,paper,0\n",
    "responses": "administration_id,item,response,missing_reason\n"
    + "".join(f"A1,mspss_{item},{1 + item % 7},\n" for item in range(1, 12))
    + "A1,mspss_12,,declined\n",
}


def tables(**changed: str) -> Files:
    """The tables as files; `changed` are whole tables, or ``table_old="new"`` lines."""
    return [(f"{name}.csv", csv(changed.get(name, text))) for name, text in TABLES.items()]


def with_line(table: str, old: str, new: str) -> Files:
    """One piece of one table replaced."""
    if old not in TABLES[table]:
        raise ValueError(f"{table} has no {old}")
    return tables(**{table: TABLES[table].replace(old, new)})
