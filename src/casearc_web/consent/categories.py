"""What stands behind each category. Apps above register theirs; a disclosure holds exactly the categories asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Model
from django.utils.functional import Promise

from casearc_web.access.asker import Asker
from casearc_web.access.fields import redacted
from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.consent.codes import Category
from casearc_web.records.words import in_words, label_of
from casearc_web.vault.models import ContactWay, Permission


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that would be disclosed."""

    label: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """What one category holds about a client; no lines: nothing is recorded."""

    category: Category
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def title(self) -> str | Promise:
        """The category's name."""
        return self.category.label


Provider = Callable[[Asker, Client], Iterable[Line]]
"""Reads, through `access`, what a category holds about a client whom the asker has been allowed to see."""

_providers: dict[Category, list[Provider]] = {}


def register(category: Category, provider: Provider) -> None:
    """Add a provider to a category. Several may add to one: enrollments and services are one category."""
    known = _providers.setdefault(category, [])
    if provider not in known:
        known.append(provider)


def sections(by: Asker, client: Client, categories: Iterable[Category]) -> Iterator[Section]:
    """Exactly these categories of a client, in their own order."""
    wanted = set(categories)
    for category in Category:
        if category in wanted:
            lines = tuple(line for provider in _providers.get(category, ()) for line in provider(by, client))
            yield Section(category, lines)


def lines_of(by: Asker, record: Model, *names: str) -> Iterator[Line]:
    """Fields of a record that hold something and that the asker sees."""
    model, seen = type(record), redacted(by, record)
    for name in names:
        value = getattr(seen, name)
        words = in_words(model, name, value) if value else ""
        if words:
            yield Line(label_of(model, name), words)


def _identity(by: Asker, client: Client) -> Iterator[Line]:
    """Not the other names: a name from the street helps nobody but those who know it."""
    if client.identity:
        yield from lines_of(by, client.identity, "given_name", "family_name", "pronouns", "birth_date")


def _contact_ways(by: Asker, client: Client) -> Iterator[Line]:
    """Only ways that may be used, each with its rule."""
    usable = ContactWay.objects.filter(identity__client=client).exclude(permission=Permission.NEVER)
    if by.reach(Verb.VIEW_IDENTITY) == Reach.NOBODY:
        return
    for way in usable:
        rule = [way.get_permission_display(), *(text for text in (way.hours, way.words) if text)]
        yield Line(way.get_channel_display(), f"{way.value} ({'; '.join(rule)})")


def _demographics(by: Asker, client: Client) -> Iterator[Line]:
    yield from lines_of(by, client, "gender", "race_ethnicity", "language", "education", "housing")


def _victimization(by: Asker, client: Client) -> Iterator[Line]:
    profile = VictimizationProfile.objects.filter(client=client).first()
    if profile is not None:
        names = [name for name in profile.privacy if name not in ("client", "reasons")]
        yield from lines_of(by, profile, *names)


def _substance_use(by: Asker, client: Client) -> Iterator[Line]:
    yield from lines_of(by, client, "substance_use")


def register_own() -> None:
    """What `clients` and the vault hold."""
    register(Category.IDENTITY, _identity)
    register(Category.CONTACT_WAYS, _contact_ways)
    register(Category.DEMOGRAPHICS, _demographics)
    register(Category.VICTIMIZATION, _victimization)
    register(Category.SUBSTANCE_USE, _substance_use)


