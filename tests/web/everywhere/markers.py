"""Planting a marker in every sealed field of every kind of record, for four clients of two agencies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.db import models

from casearc_web.access.actions import log
from casearc_web.access.models import BrokenGlass, Notice
from casearc_web.access.verbs import Verb
from casearc_web.consent.models import Revocation, Signature
from casearc_web.drafts.models import Draft, KeptForm, expiry
from casearc_web.goals.models import SupportPlan
from casearc_web.records.changes import change
from casearc_web.records.sealed import SealedJSONField, SealedTextField
from casearc_web.vault.models import Identity
from casearc_web.vault.search import reindex
from web.cast import Cast
from web.everywhere.things import DAY, Maker

_MADE = (
    *("contact", "contact", "way", "way", "goal", "review", "goal", "assessment", "referral", "referral"),
    *("authorization", "signer", "export", "import_id"),
)
OWNERS = ("acacia", "birch", "cedar", "fern")

_SHAPES: Mapping[str, Callable[[str], Any]] = {
    "vault.Identity.aliases": lambda word: [word],
    "needs.NeedsAssessment.notes": lambda word: {"housing": word},
    "needs.NeedsAssessment.substance_use": lambda word: {"substance_use": {"answer": 2, "note": word}},
    "goals.Goal.steps": lambda word: [{"text": word, "done_on": None}],
    "goals.Goal.looks_like": lambda word: {"0": word},
    "drafts.Draft.fields": lambda word: [["note", word]],
    "drafts.KeptForm.fields": lambda word: [["note", word]],
}
"""Structures that pages read; sealed text takes the word itself."""

NOT_PLANTED = frozenset(
    {
        *("surveys.Administration.answers", "surveys.Administration.reasons"),  # numbers and codes
        *("outcomes.ReportFile.content", "signin.SignedIn.browser", "vault.Identity.birth_date"),
        *("records.Revision.content", "audit.AuditDetail.text"),  # filled by what is changed and said below
        *("retention.Hold.lifted_because", "retention.Hold.reason", "retention.PurgeRequest.reason"),
    }
)


def plant(cast: Cast) -> dict[str, str]:
    """Plant markers; each word with the field it lies in."""
    planted: dict[str, str] = {}
    for owner in OWNERS:
        client = getattr(cast, owner)
        for record in _records(cast, Maker(cast, client)):
            _fill(record, owner, planted)
        _change_and_say(cast, owner, planted)
        reindex(client.identity)
    return planted


def _records(cast: Cast, maker: Maker) -> list[models.Model]:
    """One of each, made or found."""
    for make in _MADE:
        getattr(maker, make)()
    agency, client, staff = maker.agency, maker.owner, maker.staff
    authorization = client.authorizations.get()
    SupportPlan.objects.create(agency=agency, enrollment=maker.stay, opened_on=DAY)
    BrokenGlass.objects.create(agency=agency, client_id=client.pk, staff=staff, reason="x")
    Notice.objects.create(agency=agency, to=staff, kind="glass_broken", client_id=client.pk, about=staff)
    Draft.objects.create(agency=agency, staff=staff, key=f"a:{client.pk}", fields=[], expires_at=expiry())
    KeptForm.objects.create(agency=agency, staff=staff, address="/", fields=[])
    Signature.objects.create(
        agency=agency, client=client, authorization=authorization, relation="client", signed_on=DAY, method="paper"
    )
    Revocation.objects.create(
        agency=agency, client=client, authorization=authorization, asked_by="client", how="in_person"
    )
    return [record for model in _sealed_models() for record in _of(model, maker)]


def _of(model: type[models.Model], maker: Maker) -> list[models.Model]:
    """The records of this model that were just made: those without a marker yet, of this agency."""
    return list(model._default_manager.filter(agency=maker.agency))


def _sealed_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if any(f"{model._meta.label}.{field.name}" not in NOT_PLANTED for field in _sealed(model))
    ]


def _sealed(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [f for f in model._meta.concrete_fields if isinstance(f, SealedTextField | SealedJSONField)]


def _fill(record: models.Model, owner: str, planted: dict[str, str]) -> None:
    for field in _sealed(type(record)):
        place = f"{record._meta.label}.{field.name}"
        before = str(getattr(record, field.name))
        if place in NOT_PLANTED or "marker" in before:
            continue
        word = f"marker{len(planted):03d}{owner}"
        planted[word] = place
        value = (
            _SHAPES[place](word) if place in _SHAPES else word if isinstance(field, SealedTextField) else {"x": word}
        )
        type(record)._default_manager.filter(pk=record.pk).update(**{field.name: value})


def _change_and_say(cast: Cast, owner: str, planted: dict[str, str]) -> None:
    """An earlier version with a marker in it, and a marker in the log's words."""
    client = getattr(cast, owner)
    staff = client.enrollments.get().care_team.get().staff
    by = cast.by(staff)
    identity = Identity.objects.get(pk=client.identity_id)
    change(identity, by=by, version=identity.version, values={"pronouns": f"later{owner}"}, client_id=client.pk)
    word = f"marker{len(planted):03d}{owner}"
    planted[word] = "audit.AuditDetail.text"
    by.trail.say(word)
    log(by, Verb.BREAK_GLASS, clients=frozenset({client.pk}))
