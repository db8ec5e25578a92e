"""Code lists of contacts and services. Types and outcomes are the contract's own codes, stored as they are exported."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactType(models.TextChoices):
    """Whom a contact was with (joint: the client and others), or what it answered. Trying in vain is an outcome."""

    CLIENT = "client", _("Client")
    CAREGIVER = "caregiver", _("Caregiver")
    TEAM_PARTNER = "team_partner", _("Team partner")
    OUTSIDE_PROVIDER = "outside_provider", _("Outside provider")
    JOINT = "joint", _("Joint")
    CRISIS_RESPONSE = "crisis_response", _("Crisis response")
    NON_CRISIS_RESPONSE = "non_crisis_response", _("Non-crisis response")


class Outcome(models.TextChoices):
    """Whether a contact took place or was tried."""

    COMPLETED = "completed", _("It took place")
    ATTEMPTED = "attempted", _("Tried, no answer")


class Medium(models.TextChoices):
    """By what medium."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("Phone")
    TEXT = "text", _("Text message")
    VIDEO = "video", _("Video")
    EMAIL = "email", _("Email")
    LETTER = "letter", _("Letter")


class Party(models.TextChoices):
    """Who was there; several may be."""

    CLIENT = "client", _("Client")
    CAREGIVER = "caregiver", _("Caregiver")
    SCHOOL = "school", _("School")
    COURT = "court", _("Court")
    POLICE = "police", _("Police")
    HEALTH = "health", _("Health care")
    OTHER = "other", _("Somebody else")


class Category(models.TextChoices):
    """What a kind of service is for."""

    SAFETY = "safety", _("Safety")
    BASIC_NEEDS = "basic_needs", _("Basic needs")
    HEALTH = "health", _("Health")
    SCHOOL_AND_WORK = "school_and_work", _("School and work")
    LEGAL = "legal", _("Legal")
    SUPPORT = "support", _("Support")


class Unit(models.TextChoices):
    """What a quantity of a service counts."""

    TIMES = "times", _("times")
    MINUTES = "minutes", _("minutes")
    ITEMS = "items", _("items")


class Signature(models.TextChoices):
    """How far a contact note has come with a supervisor's signature."""

    NONE = "none", _("No signature needed")
    WAITING = "waiting", _("Waits for a signature")
    RETURNED = "returned", _("Returned with a comment")
    SIGNED = "signed", _("Signed")


class SigningPolicy(models.TextChoices):
    """Whose contact notes a supervisor signs in a program."""

    NOBODY = "nobody", _("Nobody's")
    NEW_STAFF = "new_staff", _("Those of new staff")
    EVERYBODY = "everybody", _("Everybody's")
