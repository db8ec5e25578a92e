"""What a category holds: every category has something behind it, and none of them holds what belongs to another."""

from __future__ import annotations

from datetime import date

import pytest

from casearc_web.casework.models import Contact
from casearc_web.clients.models import Client
from casearc_web.consent.categories import _providers, sections
from casearc_web.consent.codes import Category
from casearc_web.goals.models import Goal
from casearc_web.needs.models import NeedsAssessment
from casearc_web.surveys.models import Administration
from web.cast import Cast

HOLDS = {
    Category.IDENTITY: "Oriole",
    Category.DEMOGRAPHICS: "Girl",
    Category.ENROLLMENT: "North",
    Category.GOALS: "Housing",
    Category.MEASURES: "Perceived",
    Category.NOTES: "made-up note",
    Category.SUBSTANCE_USE: "In treatment",
}
"""A word that is found in this category and in no other."""

NEVER = ("made-up words", "Substance", "street name")


@pytest.fixture
def acacia(cast: Cast) -> Client:
    """Acacia with something in every category."""
    Client.objects.filter(pk=cast.acacia.pk).update(gender="girl", substance_use="treatment")
    cast.acacia.identity.aliases = ["street name"]
    cast.acacia.identity.save()
    own = {"agency": cast.riverbend, "enrollment": cast.enrollment_of(cast.acacia)}
    day = date(2026, 3, 2)
    Contact.objects.create(**own, on=day, staff=cast.cleo, note="made-up note", minutes=30)
    Goal.objects.create(**own, domain="housing", words="made-up words", opened_on=day)
    Goal.objects.create(**own, domain="substance_use", substance_use=True, words="made-up words", opened_on=day)
    apart = {"substance_use": {"answer": 3, "note": "made-up words"}}
    NeedsAssessment.objects.create(**own, on=day, answers={"housing": 2}, substance_use=apart)
    Administration.objects.create(**own, instrument="mspss", language="en", mode="paper", on=day, answers={"1": 7})
    return Client.objects.select_related("identity").get(pk=cast.acacia.pk)


def text(cast: Cast, client: Client, category: Category, who: str = "cleo") -> str:
    found = sections(cast.by(getattr(cast, who)), client, [category])
    return "\n".join(f"{line.label}: {line.value}" for section in found for line in section.lines)


@pytest.mark.parametrize("category", list(Category))
def test_something_stands_behind_every_category(category: Category) -> None:
    assert _providers[category]


@pytest.mark.parametrize("category", list(HOLDS))
def test_each_holds_its_own_and_nothing_of_the_others(cast: Cast, acacia: Client, category: Category) -> None:
    said = text(cast, acacia, category)
    assert [word for word in HOLDS.values() if word in said] == [HOLDS[category]]


@pytest.mark.parametrize("category", [one for one in Category if one != Category.SUBSTANCE_USE])
def test_never_words_of_the_young_person_nor_substance_use(cast: Cast, acacia: Client, category: Category) -> None:
    said = text(cast, acacia, category)
    assert not [word for word in NEVER if word in said]


def test_who_does_not_see_substance_use_cannot_disclose_it(cast: Cast, acacia: Client) -> None:
    assert text(cast, acacia, Category.SUBSTANCE_USE, who="sue") == ""


@pytest.mark.parametrize("category", list(Category))
def test_beyond_ones_reach_there_is_nothing_of_casework(cast: Cast, acacia: Client, category: Category) -> None:
    if category in (Category.ENROLLMENT, Category.GOALS, Category.MEASURES, Category.NOTES):
        assert text(cast, acacia, category, who="carl") == ""
