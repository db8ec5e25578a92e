"""The made-up agency holds the library's made-up program, and what comes out again is what went in."""

from __future__ import annotations

from datetime import date, time

import polars as pl
import pytest

from casearc.synthetic import make_program
from casearc.tables import TABLES, build
from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency, Program, StaffMember
from casearc_web.analysis_export.export import Export, export_tables
from casearc_web.clients.models import Client
from casearc_web.demo import DemoAgency, fill
from casearc_web.vault.hours import Hours
from casearc_web.vault.models import ContactWay

TODAY = date(2026, 11, 2)


@pytest.fixture
def agency(db: None) -> DemoAgency:
    return fill(participants=30, seed=7, today=TODAY, complete=True)


def _export(agency: DemoAgency) -> Export:
    by = Asker(staff_id=None, agency_id=agency.agency_id, role="evaluator")
    name = Agency.objects.get().name
    programs = list(Program.objects.values_list("pk", flat=True))
    return export_tables(by=by, programs=programs, evaluator=name, study="", verb=Verb.RUN_EVALUATION)


def test_what_went_in_comes_out(agency: DemoAgency) -> None:
    """Counts, days, minutes, answers and scores are those of the program; only those who said no are missing."""
    went_in = make_program(participants=30, seed=7).tables
    came_out = _export(agency)
    refused = {f"P{number:03d}" for number in (24,)}
    stays = went_in["enrollments"].filter(~pl.col("participant_id").is_in(refused))
    assert came_out.left_out == len(refused)
    for name in ("contacts", "services", "goals", "administrations"):
        own = went_in[name].join(stays, on="enrollment_id", how="semi")
        day = "opened_day" if name == "goals" else "day"
        assert sorted(came_out.tables[name][day]) == sorted(own[day]), name
    given = went_in["administrations"].join(stays, on="enrollment_id", how="semi")
    answers = went_in["responses"].join(given, on="administration_id", how="semi")
    assert came_out.tables["responses"]["response"].sum() == answers["response"].sum()
    assert came_out.tables["contacts"]["minutes"].sum() == went_in["contacts"].join(
        stays, on="enrollment_id", how="semi"
    )["minutes"].sum()


def test_every_way_to_reach_somebody_says_when(agency: DemoAgency) -> None:
    """Hours as the pages read them, not words."""
    hours = [Hours.of(way.hours) for way in ContactWay.objects.all()]
    assert {each.start for each in hours} == {None, time(15)}


def test_the_tables_keep_the_contract(agency: DemoAgency) -> None:
    tables = _export(agency).tables
    for name, schema in TABLES.items():
        assert set(tables[name].columns) <= {column.name for column in schema.columns}, name
    built = build(tables)
    assert built.participants.height == 29
    assert not built.report.to_dict().get("faults")


def test_no_name_date_or_word_leaves(agency: DemoAgency) -> None:
    out = "\n".join(frame.write_csv() for frame in _export(agency).tables.values())
    for client in Client.objects.select_related("identity"):
        assert client.identity is not None
        for word in (client.identity.family_name, client.identity.birth_date, client.code, str(client.pk)):
            assert word not in out
    for word in ("Made-up note", "I want", "555-01", "2026-"):
        assert word not in out


def test_an_evaluator_is_needed(agency: DemoAgency) -> None:
    from casearc_web.access.decide import Denied

    by = Asker(staff_id=None, agency_id=agency.agency_id, role="case_manager")
    with pytest.raises(Denied):
        export_tables(by=by, programs=[], evaluator="", study="", verb=Verb.RUN_EVALUATION)


def test_a_demo_is_never_mixed_with_records(agency: DemoAgency) -> None:
    with pytest.raises(ValueError, match="already"):
        fill()


def test_everybody_can_sign_in_with_the_drawn_password(agency: DemoAgency) -> None:
    roles = {member.role for member in StaffMember.objects.all()}
    assert roles == {"case_manager", "supervisor", "director", "evaluator", "administrator"}
    assert len(agency.accounts) == len(set(agency.accounts)) == StaffMember.objects.count()
    assert StaffMember.objects.all()[0].check_password(agency.password)
