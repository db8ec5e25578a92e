"""An import is undone as a whole, as long as nobody has worked on its records; what a person did is never erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from casearc_web.access.models import BrokenGlass, Notice
from casearc_web.audit.verify import verify
from casearc_web.casework.models import Contact, ServiceKind
from casearc_web.clients.models import Client
from casearc_web.drafts.models import Draft
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from casearc_web.goals.models import Goal, GoalReview
from casearc_web.imports import actions
from casearc_web.imports.models import Import, State
from casearc_web.imports.undoing import made_by, standing
from casearc_web.records.changes import change
from casearc_web.retention.models import Hold
from casearc_web.vault.models import Identity
from web.cast import Cast
from web.imports.made import exports, imported, previewed, started
from web.imports.small import TABLES, tables

KEPT = ("audit.", "imports.", "axes.", "signin.")


def counts() -> dict[str, int]:
    """Rows of every table but the log and the imports themselves."""
    models = [model for model in apps.get_models() if not model._meta.label_lower.startswith(KEPT)]
    found = {model._meta.label: model._default_manager.count() for model in models}
    return {name: count for name, count in found.items() if name != "records.Revision"}


def test_everything_is_gone_again(cast: Cast) -> None:
    before = counts()
    batch = imported(cast, exports(participants=6))
    assert counts() != before
    undone = actions.undo(by=cast.by(cast.dora), batch=batch)
    assert counts() == before
    assert (undone.state, undone.undone_by) == (State.UNDONE, cast.dora)
    assert not batch.rows.exists()
    assert verify(cast.riverbend.pk).sound
    with pytest.raises(ValidationError):
        actions.undo(by=cast.by(cast.dora), batch=undone)


def test_it_can_be_imported_again_afterwards(cast: Cast) -> None:
    batch = imported(cast, tables())
    actions.undo(by=cast.by(cast.dora), batch=batch)
    assert imported(cast, tables()).counts == batch.counts


def test_traces_beside_the_records_go_too(cast: Cast) -> None:
    batch = imported(cast, tables())
    client = _somebody(cast)
    own = {"agency": cast.riverbend, "client_id": client.pk}
    BrokenGlass.objects.create(**own, staff=cast.carl, reason="Made up.")
    Notice.objects.create(**own, to=cast.carl, kind="glass_broken", about=cast.cleo)
    Draft.objects.create(agency=cast.riverbend, staff=cast.cleo, key=f"contact-new:{client.pk}", fields=[])
    actions.undo(by=cast.by(cast.dora), batch=batch)
    assert not BrokenGlass.objects.exists()
    assert not Notice.objects.exists()
    assert not Draft.objects.exists()


def _somebody(cast: Cast) -> Client:
    return Client.objects.get(enrollments__started_on="2025-01-10", enrollments__program=cast.north)


def _change(record: Contact | Client | Enrollment | Identity, cast: Cast, **values: object) -> None:
    change(record, by=cast.by(cast.cleo), version=1, values=values, client_id=None)


def _note(cast: Cast) -> None:
    _change(Contact.objects.get(on="2025-01-10"), cast, note="Made up.")


def _describe(cast: Cast) -> None:
    _change(_somebody(cast), cast, education="college")


def _name(cast: Cast) -> None:
    _change(Identity.objects.get(client=_somebody(cast)), cast, pronouns="they")


def _meet(cast: Cast) -> None:
    stay = Enrollment.objects.get(client=_somebody(cast))
    Contact.objects.create(agency=cast.riverbend, enrollment=stay, on=date(2025, 4, 1), staff=cast.cleo)


def _review(cast: Cast) -> None:
    goal = Goal.objects.get(enrollment__client=_somebody(cast))
    GoalReview.objects.create(agency=cast.riverbend, goal=goal, on=date(2025, 4, 1), progress=1)


def _assign(cast: Cast) -> None:
    stay = Enrollment.objects.get(client=_somebody(cast))
    CareTeamMember.objects.create(agency=cast.riverbend, enrollment=stay, staff=cast.sue, since=date(2025, 4, 1))


def _hold(cast: Cast) -> None:
    Hold.objects.create(agency=cast.riverbend, client=_somebody(cast), reason="Made up.")


WORK = (_note, _describe, _name, _meet, _review, _assign, _hold)


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__.strip("_"))
def test_work_on_a_record_stands_in_the_way(cast: Cast, work: Callable[[Cast], None]) -> None:
    batch = imported(cast, tables())
    work(cast)
    before = counts()
    with pytest.raises(actions.StandingError) as refused:
        actions.undo(by=cast.by(cast.dora), batch=batch)
    assert (refused.value.found.records, refused.value.found.clients) == (1, {_somebody(cast).pk})
    assert counts() == before
    assert Import.objects.get(pk=batch.pk).state == State.IMPORTED


def test_a_later_import_is_undone_first(cast: Cast) -> None:
    first = imported(cast, tables())
    before = counts()
    second = imported(cast, tables(contacts=TABLES["contacts"] + "C4,E1,14,client,completed,20,phone\n"))
    assert standing(made_by(first)).records == 1
    actions.undo(by=cast.by(cast.dora), batch=second)
    assert counts() == before
    actions.undo(by=cast.by(cast.dora), batch=first)
    assert not Contact.objects.exists()


def test_the_clients_of_others_are_left_alone(cast: Cast) -> None:
    batch = imported(cast, tables())
    actions.undo(by=cast.by(cast.dora), batch=batch)
    assert set(Client.objects.all()) == {cast.acacia, cast.birch, cast.cedar, cast.fern}


def test_a_kind_of_service_that_somebody_uses_stays(cast: Cast) -> None:
    batch = imported(cast, tables())
    kind = ServiceKind.objects.get(agency=cast.riverbend, code="counseling")
    stay = cast.enrollment_of(cast.acacia)
    contact = Contact.objects.create(agency=cast.riverbend, enrollment=stay, on=date(2026, 2, 1), staff=cast.cleo)
    contact.services.create(agency=cast.riverbend, kind=kind)
    actions.undo(by=cast.by(cast.dora), batch=batch)
    assert list(ServiceKind.objects.filter(agency=cast.riverbend)) == [kind]


def test_files_are_gone_when_discarded(cast: Cast) -> None:
    batch = previewed(cast, started(cast, tables()))
    gone = actions.discard(by=cast.by(cast.dora), batch=batch)
    assert gone.state == State.DISCARDED
    assert not gone.files.exists()
    with pytest.raises(ValidationError):
        actions.discard(by=cast.by(cast.dora), batch=batch)
