"""Writes to the ledger. Only additions: giving, revoking, refusing, disclosing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casearc_web.access.actions import action, store
from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency
from casearc_web.clients.models import Client
from casearc_web.consent import permits
from casearc_web.consent.age import age_on, last_day_as_minor
from casearc_web.consent.categories import Section, sections
from casearc_web.consent.clock import today
from casearc_web.consent.codes import (
    Answer,
    AuthorizationKind,
    Category,
    ConsentKind,
    Delivery,
    Given,
    Relation,
)
from casearc_web.consent.models import (
    Authorization,
    AuthorizedCategory,
    BarredSigner,
    Consent,
    Disclosure,
    Revocation,
    Signature,
)
from casearc_web.consent.signers import MAJORITY, Facts, Needed, covered, load_state, rules_for, signers_needed
from casearc_web.consent.terms import (
    Agreement,
    Problem,
    Signer,
    Terms,
    given_on,
    signs_consent,
    wrong_with_agreement,
    wrong_with_signers,
    wrong_with_terms,
)
from casearc_web.vault.search import whole_name


class NotPermittedError(Exception):
    """No live authorization allows this disclosure now. Nothing was disclosed."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A disclosure that was made, and what was in it."""

    disclosure: Disclosure
    contents: tuple[Section, ...]


def needed_for(client: Client, kind: AuthorizationKind | ConsentKind, facts: Facts) -> Needed:
    """Who must sign for this client, by the rules of the agency's funding streams and state."""
    agency = Agency.objects.get(pk=client.agency_id)
    rules, state = rules_for(kind, agency.funding_streams), load_state(agency.state)
    return signers_needed(rules, facts, state=state, covers=covered(kind))


def age_of(client: Client, day: date) -> int | None:
    """A client's age on a day; None where the birth date is not known or gone."""
    birth_date = client.identity.birth_date if client.identity else ""
    return age_on(birth_date, day)


def problems(client: Client, terms: Terms, signers: Sequence[Signer], facts: Facts) -> list[Problem]:
    """Why this authorization cannot be given; empty where it can."""
    day = today(client.agency_id)
    needed = needed_for(client, terms.kind, facts)
    return [
        *wrong_with_terms(terms, given=given_on(signers, day), today=day),
        *wrong_with_signers(signers, needed, today=day, barred=_barred(client)),
    ]


def problems_before_signing(client: Client, terms: Terms) -> list[Problem]:
    """Why this could not be signed today."""
    day = today(client.agency_id)
    return list(wrong_with_terms(terms, given=day, today=day))


def problems_of_consent(client: Client, agreement: Agreement, signers: Sequence[Signer], facts: Facts) -> list[Problem]:
    """Why this consent cannot be recorded. A no needs nobody's signature."""
    day = today(client.agency_id)
    minor = facts.age is None or facts.age < MAJORITY
    found = list(wrong_with_agreement(agreement, is_minor=minor, today=day))
    if agreement.answer == Answer.AGREED:
        needed = signs_consent(agreement.kind, needed_for(client, agreement.kind, facts))
        found += wrong_with_signers(signers, needed, today=day, barred=_barred(client))
    return found


@action(Verb.GIVE_AUTHORIZATION)
def give(*, by: Asker, client: Client, terms: Terms, signers: Sequence[Signer], facts: Facts) -> Authorization:
    """Enter an authorization. ValidationError where the rules are not met."""
    _refuse(problems(client, terms, signers, facts))
    organization, person = terms.recipient.digests(by.agency_id)
    authorization = store(
        Authorization(
            client=client,
            entered_by_id=by.staff_id,
            kind=terms.kind,
            purpose=terms.purpose,
            purpose_words=terms.purpose_words,
            organization=terms.recipient.organization,
            person=terms.recipient.person,
            organization_digest=organization,
            person_digest=person,
            given_on=given_on(signers, today(by.agency_id)),
            expires_on=terms.expires_on,
            how=terms.how,
            language=terms.language,
            not_a_condition=terms.not_a_condition,
            rules=_kept(needed_for(client, terms.kind, facts), facts),
        ),
        by=by,
    )
    for category in dict.fromkeys(terms.categories):
        store(AuthorizedCategory(authorization=authorization, client=client, category=category), by=by)
    _sign(signers, by=by, client=client, authorization=authorization)
    by.trail.say(f"{terms.kind}, {terms.purpose}: {', '.join(terms.categories)}")
    return authorization


@action(Verb.REVOKE_AUTHORIZATION)
def revoke(
    *, by: Asker, authorization: Authorization, asked_by: Relation, how: Given, reason: str = ""
) -> Revocation:
    """End an authorization from now on. One that has ended already is left as it is."""
    locked = Authorization.objects.select_for_update().get(pk=authorization.pk)
    return _end(by=by, ended=locked, asked_by=asked_by, how=how, reason=reason)


@action(Verb.GIVE_AUTHORIZATION)
def record_consent(
    *, by: Asker, client: Client, agreement: Agreement, signers: Sequence[Signer], facts: Facts
) -> Consent:
    """Enter a consent, an assent, or the refusal of one. A no ends what was agreed before."""
    _refuse(problems_of_consent(client, agreement, signers, facts))
    if agreement.answer == Answer.DECLINED:
        _end_agreed(by=by, client=client, agreement=agreement)
    consent = store(
        Consent(
            client=client,
            entered_by_id=by.staff_id,
            kind=agreement.kind,
            answer=agreement.answer,
            study=agreement.study.strip(),
            given_on=given_on(signers, today(by.agency_id)),
            expires_on=_until_majority(client, agreement),
            how=agreement.how,
            language=agreement.language,
            permission_waived=agreement.permission_waived,
            rules=_kept(needed_for(client, agreement.kind, facts), facts),
        ),
        by=by,
    )
    if agreement.answer == Answer.AGREED:
        _sign(signers, by=by, client=client, consent=consent)
    by.trail.say(f"{agreement.kind}: {agreement.answer}")
    return consent


@action(Verb.REVOKE_AUTHORIZATION)
def withdraw(*, by: Asker, consent: Consent, asked_by: Relation, how: Given, reason: str = "") -> Revocation:
    """End a consent from now on."""
    locked = Consent.objects.select_for_update().get(pk=consent.pk)
    return _end(by=by, ended=locked, asked_by=asked_by, how=how, reason=reason)


@action(Verb.GIVE_AUTHORIZATION)
def bar_signer(*, by: Asker, client: Client, name: str, relation: str = "") -> BarredSigner:
    """Note that somebody may never sign for this client."""
    return store(BarredSigner(client=client, entered_by_id=by.staff_id, name=name, relation=relation), by=by)


@action(Verb.REVOKE_AUTHORIZATION)
def unbar_signer(*, by: Asker, barred: BarredSigner) -> None:
    """Take back a note that was a mistake; the log keeps that it was there."""
    BarredSigner.objects.filter(pk=barred.pk).delete()


@action(Verb.DISCLOSE)
def disclose(
    *, by: Asker, authorization: Authorization, categories: Iterable[Category], delivery: Delivery
) -> Disclosed:
    """Take what is to be disclosed out of the records, and write it into the account, in one transaction.

    Raises
    ------
    NotPermittedError
        The authorization has been revoked or has expired, or does not name one of the categories.
    """
    return _disclose(by=by, authorization=authorization, categories=categories, delivery=delivery)


@action(Verb.DISCLOSE_SUBSTANCE_USE)
def disclose_substance_use(
    *, by: Asker, authorization: Authorization, categories: Iterable[Category], delivery: Delivery
) -> Disclosed:
    """The same under an authorization of 42 CFR Part 2: another verb, for those who see substance use at all."""
    return _disclose(by=by, authorization=authorization, categories=categories, delivery=delivery)


def _disclose(
    *, by: Asker, authorization: Authorization, categories: Iterable[Category], delivery: Delivery
) -> Disclosed:
    wanted = list(dict.fromkeys(categories))
    Authorization.objects.select_for_update().get(pk=authorization.pk)
    if not wanted or not _allows(authorization, wanted):
        raise NotPermittedError
    client = Client.objects.select_related("identity", "victimization").get(pk=authorization.client_id)
    contents = tuple(sections(by, client, wanted))
    disclosure = store(
        Disclosure(
            client=client,
            entered_by_id=by.staff_id,
            authorization=authorization,
            categories=[str(category) for category in wanted],
            delivery=delivery,
        ),
        by=by,
    )
    by.trail.say(f"disclosed under {authorization.pk}: {', '.join(wanted)}")
    return Disclosed(disclosure, contents)


def _allows(authorization: Authorization, wanted: Sequence[Category]) -> bool:
    alive = permits.live(agency_id=authorization.agency_id).filter(pk=authorization.pk).exists()
    named = set(authorization.categories.values_list("category", flat=True))
    return alive and set(wanted) <= named


def _refuse(found: Sequence[Problem]) -> None:
    if found:
        raise ValidationError([said for _field, said in found])


def _sign(
    signers: Sequence[Signer],
    *,
    by: Asker,
    client: Client,
    authorization: Authorization | None = None,
    consent: Consent | None = None,
) -> None:
    for signer in signers:
        own_name = "" if signer.relation == Relation.CLIENT else signer.name
        signature = Signature(
            client=client,
            authorization=authorization,
            consent=consent,
            relation=signer.relation,
            name=own_name,
            signed_on=signer.signed_on,
            method=signer.method,
        )
        store(signature, by=by)


def _end(*, by: Asker, ended: Authorization | Consent, asked_by: Relation, how: Given, reason: str) -> Revocation:
    authorization, consent = (ended, None) if isinstance(ended, Authorization) else (None, ended)
    earlier = Revocation.objects.filter(authorization=authorization, consent=consent).first()
    if earlier is not None:
        return earlier
    revocation = Revocation(
        client_id=ended.client_id,
        entered_by_id=by.staff_id,
        authorization=authorization,
        consent=consent,
        asked_by=asked_by,
        how=how,
        reason=reason,
    )
    return store(revocation, by=by)


def _end_agreed(*, by: Asker, client: Client, agreement: Agreement) -> None:
    agreed = Consent.objects.select_for_update(of=("self",)).filter(
        client=client, kind=agreement.kind, study=agreement.study.strip(), answer=Answer.AGREED, revocation__isnull=True
    )
    asked_by = Relation.PARENT if agreement.kind == ConsentKind.RESEARCH_PERMISSION else Relation.CLIENT
    for consent in agreed:
        _end(by=by, ended=consent, asked_by=asked_by, how=agreement.how, reason=_("Said no when asked again."))


def _until_majority(client: Client, agreement: Agreement) -> date | None:
    """What is given for a minor's research ends before they are 18: from then on they are asked themselves."""
    minors = {ConsentKind.RESEARCH_PERMISSION, ConsentKind.RESEARCH_ASSENT}
    last = last_day_as_minor(client.identity.birth_date) if client.identity and agreement.kind in minors else None
    ends = [day for day in (agreement.expires_on, last) if day is not None]
    return min(ends, default=None)


def _barred(client: Client) -> set[str]:
    return {whole_name(barred.name) for barred in BarredSigner.objects.filter(client=client)}


def _kept(needed: Needed, facts: Facts) -> dict[str, object]:
    return {
        "rules": [f"{rules.id} {rules.version}" for rules, _row in needed.because],
        "signs": sorted(needed.signs),
        "facts": sorted(facts.hold()),
    }
