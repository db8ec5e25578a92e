"""The ledger. Nothing in it is ever changed: an authorization ends by a revocation beside it, and begins as a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc_web.clients.models import Client
from casearc_web.consent import codes
from casearc_web.records.base import AgencyRecord
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedTextField


class Entered(AgencyRecord):
    """A row of the ledger: about whom, entered by whom and when."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="%(class)ss")
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    entered_by = models.ForeignKey(
        "agencies.StaffMember", on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "client": Privacy.OPERATIONAL,
        "entered_at": Privacy.OPERATIONAL,
        "entered_by": Privacy.STAFF,
    }

    class Meta:
        abstract = True


class Authorization(Entered):
    """What a client allows to be disclosed: to one recipient, for one purpose, named categories, until a day.

    `rules` keeps under which signer rules it was given: ids, versions and the facts they were asked about.
    """

    kind = models.CharField(max_length=10, choices=codes.AuthorizationKind.choices)
    purpose = models.CharField(_("What for"), max_length=20, choices=codes.Purpose.choices)
    purpose_words = SealedTextField(_("What for, in words"))
    organization = SealedTextField(_("Organization"), blank=False)
    person = SealedTextField(_("Person there"))
    organization_digest = models.BinaryField(max_length=16, editable=False)
    person_digest = models.BinaryField(max_length=16, editable=False, blank=True)
    given_on = models.DateField(_("Given on"))
    expires_on = models.DateField(_("Last day"))
    how = models.CharField(_("How it was given"), max_length=10, choices=codes.Given.choices)
    language = models.CharField(_("Explained in"), max_length=10, choices=codes.Explained.choices)
    not_a_condition = models.BooleanField(_("It was explained that services do not depend on it"))
    rules = models.JSONField(default=dict)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(
            ("kind", "purpose", "given_on", "expires_on", "how", "language", "not_a_condition", "rules"),
            Privacy.CASEWORK,
        ),
        **dict.fromkeys(
            ("purpose_words", "organization", "person", "organization_digest", "person_digest"), Privacy.TEXT
        ),
    }

    class Meta:
        ordering: ClassVar = ["-given_on", "-entered_at"]
        indexes: ClassVar = [
            models.Index(fields=["client", "expires_on"], name="authorization_by_client"),
            models.Index(fields=["agency", "purpose", "expires_on"], name="authorization_by_purpose"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_on__gte=models.F("given_on")), name="no_end_before_start"
            ),
            models.CheckConstraint(condition=models.Q(not_a_condition=True), name="never_a_condition_of_service"),
        ]


class AuthorizedCategory(AgencyRecord):
    """One category that an authorization names."""

    authorization = models.ForeignKey(Authorization, on_delete=models.CASCADE, related_name="categories")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=20, choices=codes.Category.choices)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("authorization", "client"), Privacy.OPERATIONAL),
        "category": Privacy.CASEWORK,
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authorization", "category"], name="a_category_once_an_authorization")
        ]


class Consent(Entered):
    """Consent or assent to services or to research, or its refusal. It allows no disclosure."""

    kind = models.CharField(_("Consent"), max_length=20, choices=codes.ConsentKind.choices)
    answer = models.CharField(_("Answer"), max_length=10, choices=codes.Answer.choices)
    study = models.CharField(_("Study, by its code"), max_length=120, blank=True)
    given_on = models.DateField(_("Given on"))
    expires_on = models.DateField(_("Last day"), null=True, blank=True)
    how = models.CharField(_("How it was given"), max_length=10, choices=codes.Given.choices)
    language = models.CharField(_("Explained in"), max_length=10, choices=codes.Explained.choices)
    permission_waived = models.BooleanField(_("A review board has waived a parent's permission"), default=False)
    rules = models.JSONField(default=dict)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("kind", "answer", "study", "given_on", "expires_on", "how", "language", "permission_waived", "rules"),
        Privacy.CASEWORK,
    )

    class Meta:
        ordering: ClassVar = ["-given_on", "-entered_at"]


class Signature(AgencyRecord):
    """Somebody signed an authorization or a consent. A client's own name is not repeated here."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    authorization = models.ForeignKey(Authorization, on_delete=models.CASCADE, related_name="signatures", null=True)
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="signatures", null=True)
    relation = models.CharField(_("Who signs"), max_length=20, choices=codes.Relation.choices)
    name = SealedTextField(_("Name"))
    signed_on = models.DateField(_("Signed on"))
    method = models.CharField(_("How"), max_length=10, choices=codes.Signed.choices)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("client", "authorization", "consent"), Privacy.OPERATIONAL),
        **dict.fromkeys(("relation", "signed_on", "method"), Privacy.CASEWORK),
        "name": Privacy.IDENTITY,
    }

    class Meta:
        ordering: ClassVar = ["relation"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(authorization__isnull=False, consent__isnull=True)
                | models.Q(authorization__isnull=True, consent__isnull=False),
                name="a_signature_signs_one_thing",
            )
        ]


class Revocation(Entered):
    """The end of an authorization or a consent. It cannot be taken back: whoever thinks again gives a new one."""

    authorization = models.OneToOneField(
        Authorization, on_delete=models.CASCADE, related_name="revocation", null=True, editable=False
    )
    consent = models.OneToOneField(
        Consent, on_delete=models.CASCADE, related_name="revocation", null=True, editable=False
    )
    asked_by = models.CharField(_("Who asked"), max_length=20, choices=codes.Relation.choices)
    how = models.CharField(_("How"), max_length=10, choices=codes.Given.choices)
    reason = SealedTextField(_("Why, if they want to say"))

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("authorization", "consent"), Privacy.OPERATIONAL),
        **dict.fromkeys(("asked_by", "how"), Privacy.CASEWORK),
        "reason": Privacy.TEXT,
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(authorization__isnull=False, consent__isnull=True)
                | models.Q(authorization__isnull=True, consent__isnull=False),
                name="a_revocation_ends_one_thing",
            )
        ]


class BarredSigner(Entered):
    """Somebody who may never sign for this client: who abused or exploited them, or who abused the other parent."""

    name = SealedTextField(_("Name"), blank=False)
    relation = SealedTextField(_("Who they are to the client"))

    privacy: ClassVar[Mapping[str, Privacy]] = {"name": Privacy.IDENTITY, "relation": Privacy.TEXT}


class Disclosure(Entered):
    """Something left the house under an authorization. The account of it is kept as long as the client's record."""

    authorization = models.ForeignKey(Authorization, on_delete=models.CASCADE, related_name="disclosures")
    categories = models.JSONField(default=list)
    delivery = models.CharField(_("How it reaches them"), max_length=10, choices=codes.Delivery.choices)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "authorization": Privacy.OPERATIONAL,
        **dict.fromkeys(("categories", "delivery"), Privacy.CASEWORK),
    }

    class Meta:
        ordering: ClassVar = ["-entered_at"]
