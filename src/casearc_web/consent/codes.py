"""Code lists of authorizations and consents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What something may be disclosed for. An authorization has one."""

    COORDINATION = "coordination", _("Working together on services")
    COURT = "court", _("Court")
    SCHOOL = "school", _("School")
    HEALTH = "health", _("Health care")
    EVALUATION = "evaluation", _("Evaluation or research")
    FUNDER = "funder", _("A funder's report")
    OTHER = "other", _("Something else")


class Category(models.TextChoices):
    """What may be disclosed. Never "everything": each one is named, or stays in the house."""

    IDENTITY = "identity", _("Name and date of birth")
    CONTACT_WAYS = "contact_ways", _("Ways to reach the client")
    DEMOGRAPHICS = "demographics", _("Gender, race, language, school, housing")
    VICTIMIZATION = "victimization", _("What was done to the client, in codes")
    ENROLLMENT = "enrollment", _("Enrollments and services")
    GOALS = "goals", _("Needs and goals")
    MEASURES = "measures", _("Questionnaires and their scores")
    NOTES = "notes", _("Contact notes")
    SUBSTANCE_USE = "substance_use", _("Substance use")


class AuthorizationKind(models.TextChoices):
    """Substance use has an authorization of its own (42 CFR Part 2); the two are never one paper."""

    RELEASE = "release", _("Release of information")
    PART2 = "part2", _("Release of substance use information (42 CFR Part 2)")


OF_KIND = {
    AuthorizationKind.RELEASE: tuple(one for one in Category if one != Category.SUBSTANCE_USE),
    AuthorizationKind.PART2: (Category.SUBSTANCE_USE,),
}
"""Which categories an authorization of a kind can name."""


class ConsentKind(models.TextChoices):
    """Consents that are no authorization to disclose. Each is given, and withdrawn, by itself."""

    SERVICE = "service", _("Consent to services")
    SERVICE_ASSENT = "service_assent", _("Assent to services, by a client under 18")
    RESEARCH = "research", _("Consent to take part in research, from 18")
    RESEARCH_PERMISSION = "research_permission", _("Permission of a parent or guardian for research")
    RESEARCH_ASSENT = "research_assent", _("Assent to take part in research, by a client under 18")


RESEARCH_KINDS = (ConsentKind.RESEARCH, ConsentKind.RESEARCH_PERMISSION, ConsentKind.RESEARCH_ASSENT)


class Answer(models.TextChoices):
    """A no is kept as carefully as a yes."""

    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Said no")


class Relation(models.TextChoices):
    """Who signs, as they stand to the client."""

    CLIENT = "client", _("The client")
    PARENT = "parent", _("Parent")
    GUARDIAN = "guardian", _("Legal guardian")
    COURT_GUARDIAN = "court_guardian", _("Guardian appointed by a court")


class Given(models.TextChoices):
    """How it was given or revoked."""

    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("By video, papers signed and sent")
    MAIL = "mail", _("By letter")
    PHONE = "phone", _("By phone")


class Signed(models.TextChoices):
    """How somebody signed. Each of these is writing."""

    PAPER = "paper", _("On paper")
    ELECTRONIC = "electronic", _("Electronically")


class Explained(models.TextChoices):
    """The language in which it was explained."""

    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")
    OTHER = "other", _("Another language, with an interpreter")


class Delivery(models.TextChoices):
    """How what was disclosed reached the recipient. Casearc sends nothing by itself."""

    HANDED = "handed", _("Handed over on paper")
    MAIL = "mail", _("By letter")
    SECURE = "secure", _("By the recipient's secure system")
    SPOKEN = "spoken", _("Read out")
