"""What the tests of the ledger give, revoke and disclose."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from casearc_web.access.asker import Asker
from casearc_web.clients.models import Client
from casearc_web.consent import actions
from casearc_web.consent.age import months_later
from casearc_web.consent.codes import (
    Answer,
    AuthorizationKind,
    Category,
    ConsentKind,
    Explained,
    Given,
    Purpose,
    Relation,
    Signed,
)
from casearc_web.consent.models import Authorization, Consent
from casearc_web.consent.recipients import Recipient
from casearc_web.consent.signers import Facts
from casearc_web.consent.terms import Agreement, Signer, Terms

COURT = Recipient("Willow County Court (made up)", "Judge Juniper")
STUDY = "RIVER-1"


def terms(**other: Any) -> Terms:
    """Terms for a court, for three months, with identity and enrollments."""
    given: dict[str, Any] = {
        "kind": AuthorizationKind.RELEASE,
        "purpose": Purpose.COURT,
        "recipient": COURT,
        "categories": (Category.IDENTITY, Category.ENROLLMENT),
        "expires_on": months_later(timezone.localdate(), 3),
        "how": Given.IN_PERSON,
        "language": Explained.ENGLISH,
        "not_a_condition": True,
    }
    return Terms(**{**given, **other})


def signed(*relations: Relation, on: date | None = None, name: str = "Olive Oriole") -> list[Signer]:
    """Signatures of today."""
    day = on or timezone.localdate()
    return [
        Signer(
            relation=one, name="" if one == Relation.CLIENT else name, signed_on=day, method=Signed.PAPER
        )
        for one in relations or (Relation.CLIENT, Relation.PARENT)
    ]


def give(by: Asker, client: Client, **other: Any) -> Authorization:
    """An authorization of today by a minor and a parent."""
    return actions.give(by=by, client=client, terms=terms(**other), signers=signed(), facts=Facts(age=16))


def consent(by: Asker, client: Client, kind: ConsentKind, *relations: Relation, **other: Any) -> Consent:
    """A consent of today at 16, or at the age given."""
    age = other.pop("age", 16)
    waived = other.get("permission_waived", False)
    research = kind not in (ConsentKind.SERVICE, ConsentKind.SERVICE_ASSENT)
    said: dict[str, Any] = {
        "kind": kind,
        "answer": Answer.AGREED,
        "how": Given.IN_PERSON,
        "language": Explained.ENGLISH,
        "study": STUDY if research else "",
    }
    return actions.record_consent(
        by=by,
        client=client,
        agreement=Agreement(**{**said, **other}),
        signers=signed(*relations) if relations else [],
        facts=Facts(age=age, waived=waived),
    )
