"""How great a need is, and the domains of life that are asked about. An agency may rename, add and retire domains.

The words are our own. No published matrix or scale is reproduced: levels say how soon help is needed, so that they read
the same in every domain.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.IntegerChoices):
    """How great a need is in one domain."""

    NONE = 0, pgettext_lazy("level of need", "None")
    LITTLE = 1, pgettext_lazy("level of need", "A little")
    SOME = 2, pgettext_lazy("level of need", "Some")
    MUCH = 3, pgettext_lazy("level of need", "A lot")
    URGENT = 4, pgettext_lazy("level of need", "Urgent")

    @property
    def means(self) -> str | Promise:
        """What the level says, the same in every domain."""
        return _MEANS[self]


_MEANS: dict[int, str | Promise] = {
    Level.NONE: _("Going well. No help is needed."),
    Level.LITTLE: _("A small worry that the young person manages."),
    Level.SOME: _("Help is needed in the coming weeks."),
    Level.MUCH: _("Help is needed within days."),
    Level.URGENT: _("In danger, or without the bare necessities. Act today."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain of life as an agency asks about it. `substance_use`: under 42 CFR Part 2, kept apart, mostly hidden."""

    code: str
    name: str | Promise
    covers: str | Promise = ""
    order: int
    substance_use: bool = False
    retired: bool = False


DEFAULT_DOMAINS: tuple[Domain, ...] = (
    Domain(
        code="safety", order=10, name=_("Safety"), covers=_("Danger from others, threats, being followed, self-harm")
    ),
    Domain(code="housing", order=20, name=_("Housing"), covers=_("A place to sleep that is safe and will last")),
    Domain(
        code="food_clothing",
        order=30,
        name=_("Food and clothing"),
        covers=_("Enough to eat, clothes, hygiene, a phone"),
    ),
    Domain(
        code="physical_health",
        order=40,
        name=_("Physical health"),
        covers=_("Illness, injury, medicine, pregnancy, dentist"),
    ),
    Domain(code="mental_health", order=50, name=_("Mental health"), covers=_("Mood, fear, sleep, thoughts of dying")),
    Domain(
        code="substance_use",
        order=60,
        name=_("Substance use"),
        covers=_("Alcohol and drugs, and help with them"),
        substance_use=True,
    ),
    Domain(code="education", order=70, name=_("Education"), covers=_("School, training, help with learning")),
    Domain(code="work_money", order=80, name=_("Work and money"), covers=_("A job, income, benefits, debts")),
    Domain(code="legal", order=90, name=_("Legal matters"), covers=_("Court, charges, protection orders, immigration")),
    Domain(
        code="family",
        order=100,
        name=_("Family and relationships"),
        covers=_("Family, partner, own children, caregivers"),
    ),
    Domain(
        code="social_support",
        order=110,
        name=_("Social support"),
        covers=_("Friends, adults to rely on, things to belong to"),
    ),
    Domain(code="transport", order=120, name=_("Transport"), covers=_("Getting to school, work and appointments")),
    Domain(
        code="documents", order=130, name=_("Documents"), covers=_("Birth certificate, identity card, insurance card")
    ),
)


def domain_in_words(code: str) -> str:
    """A domain of ours by its name, another by its code: for places that do not ask the agency's own list."""
    return next((str(domain.name) for domain in DEFAULT_DOMAINS if domain.code == code), code)
