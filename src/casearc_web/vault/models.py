"""Identity, ways to reach somebody safely, and keyed digests by which an identity is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casearc_web.records.base import AgencyRecord, Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedJSONField, SealedTextField


class Identity(Record):
    """Who a client is. No other table holds any of it."""

    given_name = SealedTextField(_("Given name"))
    family_name = SealedTextField(_("Family name"))
    aliases = SealedJSONField(_("Other names"), default=list)
    pronouns = SealedTextField(_("Pronouns"))
    birth_date = SealedTextField(_("Date of birth"))
    """``2010-03-14``, or ``2010`` where only the age was known; read it with `vault.birth`."""
    safety_notes = SealedTextField(_("What to know before reaching out"))

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("given_name", "family_name", "aliases", "pronouns", "birth_date"), Privacy.IDENTITY),
        "safety_notes": Privacy.LOCATING,
    }

    class Meta:
        verbose_name_plural = "identities"

    @property
    def full_name(self) -> str:
        """Given and family name, as far as they are known."""
        return " ".join(part for part in (self.given_name, self.family_name) if part)


class Channel(models.TextChoices):
    """By what somebody can be reached."""

    CALL = "call", _("Phone call")
    TEXT = "text", _("Text message")
    EMAIL = "email", _("Email")
    SOCIAL = "social", _("Social media")
    MAIL = "mail", _("Letter")
    VISIT = "visit", _("Visit")
    THROUGH = "through", _("Through somebody")


class Permission(models.TextChoices):
    """Whether a way may be used."""

    SAFE = "safe", _("Safe to use")
    CARE = "care", _("Only as written here")
    NEVER = "never", _("Never")


class ContactWay(Record):
    """One way to reach a client, and its rule: when, in which words, or never."""

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="contact_ways")
    channel = models.CharField(_("Way"), max_length=10, choices=Channel.choices)
    value = SealedTextField(_("Number, address or account"), blank=False)
    permission = models.CharField(_("May it be used?"), max_length=10, choices=Permission.choices)
    hours = SealedJSONField(_("When"), default=dict)
    """``{"days": [0, 4], "from": "15:00", "until": "18:00"}``, parts optional; Monday is 0. `vault.hours` reads it."""
    words = SealedTextField(_("Words to use, and who to say is calling"))
    notes = SealedTextField(_("What else to know"))
    removed_at = models.DateTimeField(_("Removed"), null=True, editable=False)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "identity": Privacy.OPERATIONAL,
        "removed_at": Privacy.OPERATIONAL,
        **dict.fromkeys(("channel", "value", "permission", "hours", "words", "notes"), Privacy.LOCATING),
    }

    class Meta:
        ordering: ClassVar = ["permission", "created_at"]


class SearchKind(models.TextChoices):
    """What a digest stands for."""

    PREFIX = "prefix"
    """The first letters of a name."""
    NAME = "name"
    """A whole name."""
    BIRTH = "birth"
    """A date of birth."""
    WAY = "way"
    """A phone number or an address."""


class SearchDigest(AgencyRecord):
    """A keyed digest of something an identity can be found by. Without the key it tells nothing."""

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="digests")
    kind = models.CharField(max_length=6, choices=SearchKind.choices)
    digest = models.BinaryField(max_length=16)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "identity": Privacy.OPERATIONAL,
        "kind": Privacy.OPERATIONAL,
        "digest": Privacy.IDENTITY,
    }

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agency", "kind", "digest"], name="find_by_digest")]
