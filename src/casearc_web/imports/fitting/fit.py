"""All tables in the order in which they rest on each other."""

from __future__ import annotations

import polars as pl

from casearc_web.access.asker import Asker
from casearc_web.imports.fitting.house import house
from casearc_web.imports.fitting.ledger import open_ledger
from casearc_web.imports.fitting.measures import fit_measures
from casearc_web.imports.fitting.people import fit_people
from casearc_web.imports.fitting.plan import Plan
from casearc_web.imports.fitting.work import fit_contacts, fit_goals, fit_needs, fit_services
from casearc_web.imports.models import Import
from casearc_web.imports.reading import Read


def fit(read: Read, batch: Import, *, by: Asker) -> Plan:
    """What an import would do to the records as they are now. Nothing is written but, once, the agency's secret."""
    own = house(batch.program, lead_id=batch.lead_id, by_id=by.staff_id)
    ledger = open_ledger(batch.agency_id, batch.program_id)
    plan = Plan(ledger=ledger, batch_id=batch.pk, agency_id=batch.agency_id)
    fit_people(read, own, plan)
    starts = read.tables.enrollments.select("enrollment_id", pl.col("start_date").alias("_start"))
    for step in (fit_contacts, fit_services, fit_goals, fit_needs, fit_measures):
        step(read, starts, own, plan)
    return plan
