"""One thing of every kind that an address can name, made for one client or for that client's agency."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from casearc_web.access.work import Status
from casearc_web.agencies.models import Agency, Program, StaffMember
from casearc_web.analysis_export.models import RowExport, State
from casearc_web.casework.models import Contact, ContactTemplate, ServiceKind
from casearc_web.clients.models import Client
from casearc_web.consent.models import Authorization, AuthorizedCategory, BarredSigner, Consent
from casearc_web.consent.recipients import Recipient
from casearc_web.enrollments.models import CareTeamMember, Enrollment, Referral
from casearc_web.goals.models import Goal, GoalReview
from casearc_web.imports.models import FilePart, Import, ImportFile
from casearc_web.needs.models import NeedsAssessment
from casearc_web.outcomes.models import EvaluationPlan, EvaluationRun, ReportFile
from casearc_web.outcomes.plans import first_plan
from casearc_web.retention.models import Hold, PurgeRequest
from casearc_web.surveys.models import Administration
from casearc_web.vault.models import ContactWay, Permission
from web.cast import Cast
from web.everywhere.routes import Address

DAY = date(2026, 2, 3)


MAPPING = """version = 1

[[question]]
id = "sheet"
asks = "Which column holds the day?"
why = "There are two."
answers = ["When", "Entered"]
answer = ""

[table.participants]
file = "people.csv"
columns = { participant_id = "Nr" }
"""
TOLD = {
    "feeds": [
        {
            "table": "participants",
            "file": "people.csv",
            "columns": [
                {"column": "participant_id", "source": "Nr", "said": "its name says so", "sure": "sure"},
                {"column": "gender", "source": "Sex", "said": "its cells say so", "sure": "a guess"},
            ],
        }
    ],
    "left": [{"file": "people.csv", "column": "Remarks", "why": "its name says that it holds notes"}],
    "definitions": [{"file": "dictionary.csv", "program": "REDCap", "role": "dictionary", "questions": 3}],
    "notes": ["Made up."],
}
_NOTE = {"table": "contacts", "count": 3, "column": "medium", "file": "people.csv", "rows": "2–4"}
PREVIEW = {
    "counts": {"participants": {"added": 2, "there": 1, "changed": 1, "erased": 1, "left_out": 1}},
    "faults": [{"file": "people.csv", "rows": "9", "column": "Nr", "problem": "It is empty.", "remedy": "Fill it."}],
    "notes": [
        {**_NOTE, "why": "code", "left_out": False},
        {**_NOTE, "why": "future", "left_out": True},
        {**_NOTE, "why": "no_start", "left_out": True},
    ],
    "named": 2,
    "aside": [{"file": "people.csv", "table": "participants", "reason": "a trial", "rows": 2}],
    "remarks": ["Made up."],
    "compared": [{"score": "mspss_total", "agree": 2, "compared": 3}],
}
"""Everything that the pages of an import can tell, made up."""


class Maker:
    """Makes things of one client, each once."""

    def __init__(self, cast: Cast, owner: Client) -> None:
        self.cast, self.owner = cast, owner
        self.agency: Agency = owner.agency
        self.stay: Enrollment = owner.enrollments.get()
        self.staff: StaffMember = self.stay.care_team.get().staff
        self.made: dict[str, Any] = {}

    def client(self) -> uuid.UUID:
        return self.owner.pk

    def enrollment(self) -> uuid.UUID:
        return self.stay.pk

    def member(self) -> uuid.UUID:
        return CareTeamMember.objects.get(enrollment=self.stay).pk

    def referral(self) -> uuid.UUID:
        return Referral.objects.create(agency=self.agency, enrollment=self.stay, direction="out", on=DAY).pk

    def contact(self) -> uuid.UUID:
        return Contact.objects.create(
            agency=self.agency, enrollment=self.stay, on=DAY, staff=self.staff, created_by=self.staff, note="Made up."
        ).pk

    def way(self) -> uuid.UUID:
        return ContactWay.objects.create(
            agency=self.agency,
            identity=self.owner.identity,
            channel="call",
            value="555-0100",
            permission=Permission.SAFE,
        ).pk

    def goal(self) -> uuid.UUID:
        self.made["goal"] = Goal.objects.create(
            agency=self.agency, enrollment=self.stay, domain="housing", words="Made up.", opened_on=DAY
        )
        return self.made["goal"].pk

    def review(self) -> uuid.UUID:
        return GoalReview.objects.create(agency=self.agency, goal=self.made["goal"], on=DAY, progress=1).pk

    def assessment(self) -> uuid.UUID:
        found, _ = NeedsAssessment.objects.get_or_create(
            agency=self.agency,
            enrollment=self.stay,
            on=DAY,
            defaults={"answers": {"housing": 2}, "created_by": self.staff},
        )
        return found.pk

    def kind(self) -> Any:
        code = f"ride-{self.owner.code.lower()}"
        return ServiceKind.objects.create(
            agency=self.agency, code=code, name_en="Ride", name_es="Viaje", category="support"
        ).pk

    def program(self) -> uuid.UUID:
        return self.stay.program_id

    def template(self) -> uuid.UUID:
        return ContactTemplate.objects.create(agency=self.agency, program=self.stay.program, name="Made up").pk

    def account(self) -> uuid.UUID:
        return self.staff.pk

    def plan(self) -> uuid.UUID:
        plan = EvaluationPlan.objects.create(
            agency=self.agency, name="Made up", text=first_plan(), evaluator=self.agency.name
        )
        plan.programs.set(Program.objects.filter(agency=self.agency))
        self.made["plan"] = plan
        return plan.pk

    def run(self) -> uuid.UUID:
        self.plan()
        run = EvaluationRun.objects.create(
            agency=self.agency, plan=self.made["plan"], asked_by=self.staff, status=Status.DONE
        )
        ReportFile.objects.create(agency=self.agency, run=run, name="report.html", content=b"<h1>Made up</h1>")
        return run.pk

    def export(self) -> uuid.UUID:
        """Asked for by the agency's evaluator, approved where it is to be taken."""
        evaluator = StaffMember.objects.filter(agency=self.agency, role="evaluator").first() or self.staff
        return RowExport.objects.create(
            agency=self.agency, evaluator=self.agency.name, reason="Made up.", created_by=evaluator
        ).pk

    def import_id(self) -> uuid.UUID:
        """With a file, a mapping that asks something, and a preview that has everything to tell."""
        made = Import.objects.create(
            agency=self.agency,
            program=self.stay.program,
            lead=self.staff,
            created_by=self.staff,
            mapping=MAPPING,
            told=TOLD,
            preview={**PREVIEW, "alike": [str(self.owner.pk)]},
        )
        file = ImportFile.objects.create(agency=self.agency, batch=made, name="people.csv", size=9)
        FilePart.objects.create(agency=self.agency, file=file, number=0, content=b"made,up\n")
        return made.pk

    def authorization(self) -> uuid.UUID:
        organization, person = Recipient("Made-up school").digests(self.agency.pk)
        made = Authorization.objects.create(
            agency=self.agency,
            client=self.owner,
            kind="release",
            purpose="school",
            organization="Made-up school",
            organization_digest=organization,
            person_digest=person,
            given_on=DAY,
            expires_on=date(2099, 1, 1),
            how="in_person",
            language="en",
            not_a_condition=True,
        )
        AuthorizedCategory.objects.create(
            agency=self.agency, authorization=made, client=self.owner, category="demographics"
        )
        return made.pk

    def consent(self) -> uuid.UUID:
        return Consent.objects.create(
            agency=self.agency,
            client=self.owner,
            kind="service",
            answer="agreed",
            given_on=DAY,
            how="in_person",
            language="en",
        ).pk

    def signer(self) -> uuid.UUID:
        return BarredSigner.objects.create(agency=self.agency, client=self.owner, name="Made Up").pk

    def hold(self) -> uuid.UUID:
        return Hold.objects.create(agency=self.agency, client=self.owner, reason="Made up.").pk

    def request_id(self) -> uuid.UUID:
        """Proposed by somebody who may neither approve it nor take it back."""
        found, _ = PurgeRequest.objects.get_or_create(
            agency=self.agency,
            client=self.owner,
            defaults={"scope": "partial", "why": "asked", "created_by": self.staff},
        )
        return found.pk

    def administration(self) -> uuid.UUID:
        return Administration.objects.create(
            agency=self.agency, enrollment=self.stay, instrument="mspss", language="en", mode="paper", on=DAY
        ).pk


FIXED: Mapping[tuple[str, str], object] = {
    ("clients:before", "what"): "description",
    ("drafts:draft", "key"): "made-up:key",
    ("needs:change_domain", "code"): "housing",
    ("outcomes:file", "name"): "report.html",
    ("retention:due", "scope"): "partial",
    ("staff:edit_part", "kind"): "programs",
    ("staff:new_part", "kind"): "programs",
    ("surveys:enter", "reference"): "mspss",
}
"""Words in addresses that name no record."""

NAMED: Mapping[tuple[str, str], str] = {
    ("staff:edit_part", "record"): "program",
    **{(f"staff:{page}", "staff"): "account" for page in ("account", "close", "edit_account", "invite", "invited")},
    **{(f"staff:{page}", "staff"): "account" for page in ("reopen", "reset")},
}
"""Where an address calls a thing otherwise than its maker."""

PERSONAL = frozenset({"drafts:draft", "drafts:kept", "mfa_remove_webauthn"})
"""Only ever one's own, by the query: tested with `drafts` and `signin`."""

NARROWED = frozenset(
    {
        *("casework:rules", "casework:template"),  # a supervisor sets those of the own team's programs
        *("goals:agree", "goals:reopen", "casework:restore"),  # for a goal that is closed, a contact withdrawn
        *("mfa_deactivate_totp", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_view_recovery_codes"),
        *("analysis_export:take", "analysis_export:decide"),  # by whoever asked; by somebody else
        "consent:unbar",  # what the first to send it has removed
        *("retention:policy", "retention:decide"),  # a director: of the own programs
        *(f"imports:{page}" for page in ("import", "questions", "mapping", "preview", "undo")),  # the same
        *(f"imports:{page}" for page in ("download", "carry_out", "discard", "look", "working")),
    }
)
"""Pages that refuse some who have verb and reach, for what the thing is or whose."""


def names_a_record(address: Address) -> bool:
    """Whether an address names something of one client or agency, and not only a word."""
    return any((address.name, kwarg) not in FIXED for kwarg in address.kwargs)


def things(cast: Cast, address: Address, owner: str) -> dict[str, Any]:
    """What the address needs, made for one client."""
    maker = Maker(cast, getattr(cast, owner))
    found: dict[str, Any] = {}
    for kwarg in address.kwargs:
        if (address.name, kwarg) in FIXED:
            found[kwarg] = FIXED[address.name, kwarg]
        else:
            make: Callable[[], Any] = getattr(maker, NAMED.get((address.name, kwarg), kwarg))
            found[kwarg] = make()
    if address.name == "analysis_export:take":
        _approve(cast, found["export"])
    return found


def _approve(cast: Cast, export: uuid.UUID) -> None:
    from django.utils import timezone

    now = timezone.now()
    RowExport.objects.filter(pk=export).update(state=State.APPROVED, decided_by=cast.dora, decided_at=now)
