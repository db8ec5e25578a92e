"""What is agreed, who signs it, and whether that can stand. Nothing here reads or writes the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from casearc_web.consent.age import months_later
from casearc_web.consent.codes import (
    OF_KIND,
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
from casearc_web.consent.recipients import Recipient
from casearc_web.consent.signers import PARENT_OR_GUARDIAN, Needed, lasting
from casearc_web.vault.search import whole_name, words_of

Problem = tuple[str, str]
"""A form's field (empty: the whole), and what is wrong in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody who signed. `is_abuser` is what staff answered when asked; such a signature never counts."""

    relation: Relation
    signed_on: date
    method: Signed
    name: str = field(default="", repr=False)
    is_abuser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an authorization says."""

    kind: AuthorizationKind
    purpose: Purpose
    recipient: Recipient = field(repr=False)
    categories: tuple[Category, ...]
    expires_on: date
    how: Given
    language: Explained
    not_a_condition: bool
    purpose_words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a consent says."""

    kind: ConsentKind
    answer: Answer
    how: Given
    language: Explained
    study: str = ""
    expires_on: date | None = None
    permission_waived: bool = False


def given_on(signers: Sequence[Signer], today: date) -> date:
    """An authorization is given on the day of its last signature."""
    return max((signer.signed_on for signer in signers), default=today)


def wrong_with_terms(terms: Terms, *, given: date, today: date) -> Iterator[Problem]:
    """What is wrong with an authorization before anybody signs it."""
    if not terms.categories:
        yield "categories", _("Choose at least one thing that may be disclosed.")
    if set(terms.categories) - set(OF_KIND[terms.kind]):
        yield "categories", _("Substance use needs an authorization of its own, and that one names nothing else.")
    if not words_of(terms.recipient.organization):
        yield "organization", _("Name the organization that may receive it.")
    if terms.purpose == Purpose.OTHER and not terms.purpose_words.strip():
        yield "purpose_words", _("Say what it is for.")
    if not terms.not_a_condition:
        yield "not_a_condition", _("Services never depend on it. Explain this first.")
    most = months_later(given, lasting(terms.purpose)[1])
    if terms.expires_on > most:
        yield "expires_on", _("For this purpose it lasts until %(day)s at most.") % {"day": most.isoformat()}
    if terms.expires_on < max(today, given):
        yield "expires_on", _("The last day has passed already.")


def wrong_with_signers(
    signers: Sequence[Signer], needed: Needed, *, today: date, barred: Collection[str] = ()
) -> Iterator[Problem]:
    """What is wrong with the signatures. `barred` are names, as `whole_name` makes them, of who may never sign."""
    for signer in signers:
        if signer.is_abuser or (signer.name and whole_name(signer.name) in barred):
            yield "", _("Somebody who abused or exploited the client, or abused the other parent, can never sign.")
        if signer.relation != Relation.CLIENT and not words_of(signer.name):
            yield "", _("Write the name of everybody who signs besides the client.")
        if signer.signed_on > today:
            yield "", _("A signature cannot be of a day to come.")
    counted = [signer.relation for signer in signers if not signer.is_abuser]
    if counted.count(Relation.CLIENT) > 1:
        yield "", _("The client signs once.")
    for who in sorted(needed.missing(counted)):
        yield "", _("Still needed: the signature of %(who)s.") % {"who": in_words(who)}


def in_words(who: str) -> str:
    """Who signs, as in "the signature of …"."""
    words = {
        Relation.CLIENT: _("the client"),
        Relation.COURT_GUARDIAN: _("the guardian appointed by a court"),
        PARENT_OR_GUARDIAN: _("a parent or guardian"),
    }
    return words.get(who, who)


def signs_consent(kind: ConsentKind, needed: Needed) -> Needed:
    """Of those whom the rules ask for, those who sign this paper: permission and assent are two papers."""
    if kind in (ConsentKind.RESEARCH_ASSENT, ConsentKind.SERVICE_ASSENT):
        return Needed(signs=frozenset({Relation.CLIENT.value}), because=needed.because)
    if kind == ConsentKind.RESEARCH_PERMISSION:
        return Needed(signs=needed.signs - {Relation.CLIENT.value}, because=needed.because)
    return needed


def wrong_with_agreement(agreement: Agreement, *, is_minor: bool, today: date) -> Iterator[Problem]:
    """What is wrong with a consent before anybody signs it."""
    of_minors = {ConsentKind.RESEARCH_ASSENT, ConsentKind.RESEARCH_PERMISSION, ConsentKind.SERVICE_ASSENT}
    research = {ConsentKind.RESEARCH, ConsentKind.RESEARCH_PERMISSION, ConsentKind.RESEARCH_ASSENT}
    if agreement.kind in of_minors and not is_minor:
        yield "kind", _("From 18 the client gives their own consent.")
    if agreement.kind == ConsentKind.RESEARCH and is_minor:
        yield "kind", _("Under 18 it takes a parent's permission and the client's assent, on two papers.")
    if agreement.kind in research and not agreement.study.strip():
        yield "study", _("Name the study by its code.")
    if agreement.kind not in research and agreement.study.strip():
        yield "study", _("Consent to services names no study.")
    if agreement.permission_waived and agreement.kind != ConsentKind.RESEARCH_ASSENT:
        yield "permission_waived", _("A waiver goes with the client's assent.")
    if agreement.expires_on and agreement.expires_on < today:
        yield "expires_on", _("The last day has passed already.")
