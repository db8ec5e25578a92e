"""Code lists about people. The trafficking lists follow HTCDS 2.0; each code's HTCDS name stands in `htcds.py` of
`analysis_export`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Gender(models.TextChoices):
    """How somebody describes themselves."""

    GIRL = "girl", _("Girl or woman")
    BOY = "boy", _("Boy or man")
    TRANS_GIRL = "trans_girl", _("Transgender girl or woman")
    TRANS_BOY = "trans_boy", _("Transgender boy or man")
    NONBINARY = "nonbinary", _("Nonbinary or another gender")


class RaceEthnicity(models.TextChoices):
    """Several may be true."""

    AMERICAN_INDIAN = "american_indian", _("American Indian or Alaska Native")
    ASIAN = "asian", _("Asian")
    BLACK = "black", _("Black or African American")
    HISPANIC = "hispanic", _("Hispanic or Latino")
    MIDDLE_EASTERN = "middle_eastern", _("Middle Eastern or North African")
    PACIFIC = "pacific", _("Native Hawaiian or Pacific Islander")
    WHITE = "white", _("White")


class Language(models.TextChoices):
    """The language somebody prefers."""

    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")
    OTHER = "other", _("Another language")


class Education(models.TextChoices):
    """Where somebody stands with school."""

    IN_SCHOOL = "in_school", _("In school")
    ALTERNATIVE = "alternative", _("In an alternative program")
    NOT_IN_SCHOOL = "not_in_school", _("Not in school")
    GRADUATED = "graduated", _("High school diploma or equivalent")
    COLLEGE = "college", _("College or training")


class Housing(models.TextChoices):
    """Where somebody lives."""

    FAMILY = "family", _("With family or guardian")
    FOSTER = "foster", _("Foster home")
    GROUP = "group", _("Group home or residential program")
    SHELTER = "shelter", _("Shelter or transitional housing")
    OWN = "own", _("Own place")
    UNSTABLE = "unstable", _("No stable place")
    DETENTION = "detention", _("Detention")


class TraffickingStatus(models.TextChoices):
    """What is known. HTCDS calls these actual, possible, and no trafficking."""

    CONFIRMED = "confirmed", _("Confirmed")
    PRESUMED = "presumed", _("Presumed")
    NOT_IDENTIFIED = "not_identified", _("Not identified")


class DecidedBy(models.TextChoices):
    """Who decided on the status."""

    POLICE = "police", _("Police")
    NGO = "ngo", _("An agency like ours")
    COURT = "court", _("Court or prosecution")
    GOVERNMENT = "government", _("Another public agency")
    OTHER = "other", _("Somebody else")


class Exploitation(models.TextChoices):
    """Kinds of exploitation."""

    SEXUAL = "sexual", _("Sexual exploitation")
    LABOR = "labor", _("Forced labor")
    CHILD_LABOR = "child_labor", _("Child labor")
    MARRIAGE = "marriage", _("Forced marriage")
    SERVITUDE = "servitude", _("Servitude")
    BEGGING = "begging", _("Forced begging")
    OTHER = "other", _("Another kind")


class SexualExploitation(models.TextChoices):
    """Kinds of sexual exploitation."""

    PROSTITUTION = "prostitution", _("Commercial sex")
    PORNOGRAPHY = "pornography", _("Images or recordings")
    REMOTE = "remote", _("Online, live")
    PRIVATE = "private", _("For a private person")


class Control(models.TextChoices):
    """Means of control."""

    PHYSICAL_THREATS = "physical_threats", _("Threats of violence")
    LAW_THREATS = "law_threats", _("Threats of police or deportation")
    FAMILY_THREATS = "family_threats", _("Threats against family")
    DEBT = "debt", _("Debt")
    PROMISES = "promises", _("False promises")
    PHYSICAL_ABUSE = "physical_abuse", _("Physical abuse")
    SEXUAL_ABUSE = "sexual_abuse", _("Sexual abuse")
    TAKES_EARNINGS = "takes_earnings", _("Takes earnings")
    MONEY = "money", _("Keeps from money")
    MEDICAL_CARE = "medical_care", _("Keeps from medical care")
    NECESSITIES = "necessities", _("Keeps from food, sleep or shelter")
    PSYCHOLOGICAL = "psychological", _("Psychological abuse")
    SUBSTANCES = "substances", _("Alcohol or drugs")
    HOURS = "hours", _("Excessive hours")
    DOCUMENTS = "documents", _("Keeps documents")
    OTHER = "other", _("Another means")


class Relationship(models.TextChoices):
    """To the person who exploited."""

    FAMILIAL = "familial", _("Family")
    ACQUAINTED = "acquainted", _("Known before")
    UNACQUAINTED = "unacquainted", _("Not known before")


class Victimization(models.TextChoices):
    """What else was done to somebody."""

    PHYSICAL_ABUSE = "physical_abuse", _("Physical abuse")
    SEXUAL_ABUSE = "sexual_abuse", _("Sexual abuse")
    EMOTIONAL_ABUSE = "emotional_abuse", _("Emotional abuse")
    NEGLECT = "neglect", _("Neglect")
    DATING_VIOLENCE = "dating_violence", _("Dating violence")
    FAMILY_VIOLENCE = "family_violence", _("Violence in the family")
    COMMUNITY_VIOLENCE = "community_violence", _("Violence in the neighborhood")
    BULLYING = "bullying", _("Bullying")
    OTHER = "other", _("Something else")


class SubstanceUse(models.TextChoices):
    """Under 42 CFR Part 2."""

    NONE = "none", _("None known")
    SOME = "some", _("Some use")
    TREATMENT = "treatment", _("In treatment")
    WANTS_HELP = "wants_help", _("Wants help")
