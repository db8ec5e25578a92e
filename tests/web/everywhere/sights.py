"""Every address as somebody who may see it: who, at which URL, and what must have happened before."""

from __future__ import annotations

import copy
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client as HttpClient
from django.urls import reverse
from django.utils import timezone

from casearc_web.access.decide import may
from casearc_web.agencies.models import StaffMember
from casearc_web.consent.codes import AuthorizationKind, Category
from casearc_web.consent.models import Authorization, AuthorizedCategory
from casearc_web.drafts.actions import keep_form
from casearc_web.goals.models import Goal, GoalStatus
from casearc_web.outcomes.models import ReportFile
from casearc_web.signin.actions import invite
from casearc_web.signin.session import INVITED, begin
from casearc_web.vault.models import Identity
from web.cast import PASSWORD, Cast, sign_in
from web.everywhere.routes import Address, addresses
from web.everywhere.things import things
from web.signin.conftest import credential, set_up_app

IN_ORDER = ("cleo", "sue", "dora", "ada", "eve")
"""The first of them who may see a page looks at it."""

LEADS_BACK = "a button on another page; whoever only looks is led back there"
NO_PAGE: Mapping[str, str] = {
    **dict.fromkeys(("casework:no_answer", "casework:restore", "casework:sign", "clients:close"), LEADS_BACK),
    **dict.fromkeys(("retention:take_back", "signin:end_others", "keep_language"), LEADS_BACK),
    **dict.fromkeys((f"imports:{button}" for button in ("carry_out", "discard", "download", "look")), LEADS_BACK),
    "imports:working": "leads on where nothing is being done; looked at on the way of an import",
    **dict.fromkeys((f"staff:{button}" for button in ("close", "invite", "reopen", "reset")), LEADS_BACK),
    "shell:leave": "quick exit: leads to another site at once",
    "drafts:draft": "for the script: kept typing as JSON",
    "mfa_login_webauthn": "for the script: what a passkey is asked, as JSON",
}
"""Addresses that answer GET without a page, each with its reason. A test makes sure that they do."""

IN_ENGLISH = {"outcomes:file as sue": "en-US"}
"""Reports are written in English."""

SEEN_BY_ALL = frozenset({"enrollments:home"})
"""Another page for each role."""


AGAIN_AFTER = 60.0
"""Seconds."""


@dataclass(kw_only=True)
class Sight:
    """A page to be looked at: by whose session, at which address below the server's own."""

    name: str
    path: str
    session: HttpClient
    takes_forms: bool

    def look(self) -> HttpResponseBase:
        """The answer to looking."""
        return self.session.get(self.path)

    def refuses_nothing_typed(self) -> bool:
        """Whether a form sent with nothing in it comes back as a page. Tried, and taken back."""
        if not self.takes_forms:
            return False
        cookies = copy.deepcopy(self.session.cookies)
        with transaction.atomic():
            answer = self.session.post(self.path, {})
            transaction.set_rollback(True)
        self.session.cookies = cookies
        return is_page(answer)

    def cookies(self, url: str) -> list[dict[str, Any]]:
        """The session, for a browser at this server."""
        kept = self.session.cookies.get(settings.SESSION_COOKIE_NAME)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "url": url, "httpOnly": True, "sameSite": "Strict"}
        return [{**cookie, "value": kept.value}] if kept else []


@dataclass
class Stage:
    """The cast, and a session of each who looks."""

    cast: Cast
    report: Path
    """A report of the library, as a run leaves it."""
    planted: dict[str, str]
    """Words in the records that no title may hold, each with its field."""
    sessions: dict[str, HttpClient] = field(default_factory=dict)
    signed_in_at: dict[str, float] = field(default_factory=dict)

    def session_of(self, who: str) -> HttpClient:
        """Signed in, past every gate; anew each minute, so that a second factor was always shown just now."""
        if time.monotonic() - self.signed_in_at.get(who, -AGAIN_AFTER) >= AGAIN_AFTER:
            self.sessions[who], self.signed_in_at[who] = HttpClient(), time.monotonic()
            sign_in(self.sessions[who], getattr(self.cast, who))
        return self.sessions[who]

    def sights(self, of: Iterable[Address]) -> Iterator[Sight]:
        """These addresses; each is made ready just before it is looked at."""
        for address in of:
            for who in self._viewers(address):
                kwargs = self._kwargs(address)
                ready = READY.get(address.name)
                session = ready(self, kwargs) if ready else None
                yield Sight(
                    name=f"{address.name} as {who}" if who else address.name,
                    path=reverse(address.name, kwargs=kwargs),
                    session=session or (self.session_of(who) if who else HttpClient()),
                    takes_forms=bool(address.rule and "POST" in address.rule.methods),
                )

    def _viewers(self, address: Address) -> list[str]:
        rule = address.rule
        if rule is None or rule.verb is None:
            return [""]
        able = [who for who in IN_ORDER if may(self.cast.by(getattr(self.cast, who)), rule.verb)]
        return able if address.name in SEEN_BY_ALL else able[:1]

    def _kwargs(self, address: Address) -> dict[str, Any]:
        if address.name in OWN:
            return OWN[address.name](self.cast)
        return things(self.cast, address, OF.get(address.name, "acacia"))


def read() -> list[Address]:
    """The addresses that answer GET."""
    return [one for one in addresses() if one.rule and "GET" in one.rule.methods]


def pages() -> list[Address]:
    """Those that answer with a page."""
    return [one for one in read() if one.name not in NO_PAGE]


def is_page(answer: HttpResponseBase) -> bool:
    """A page of the place itself: not a way elsewhere, not an error page."""
    kind = str(answer.headers.get("Content-Type", ""))
    return answer.status_code in (200, 409, 422) and kind.startswith("text/html")


def _kept(cast: Cast) -> dict[str, Any]:
    typed = [("note", "She would like to talk on Friday, after school."), ("minutes", "30")]
    agency = cast.riverbend.pk
    return {"form": keep_form(staff_id=cast.cleo.pk, agency_id=agency, address="/account/", fields=typed).pk}


def _passkey(cast: Cast) -> dict[str, Any]:
    data = {"name": "Made-up phone", "credential": credential()}
    key, _ = Authenticator.objects.get_or_create(user=cast.carl, type="webauthn", defaults={"data": data})
    return {"pk": key.pk}


OWN: Mapping[str, Callable[[Cast], dict[str, Any]]] = {"drafts:kept": _kept, "mfa_remove_webauthn": _passkey}
"""Things of one person's own."""

OF = {"clients:open": "birch"}
"""Whose record, where not Acacia's."""


def _found(stage: Stage, kwargs: dict[str, Any]) -> None:
    name = Identity.objects.get(pk=stage.cast.acacia.identity_id).given_name
    stage.session_of("cleo").post(reverse("clients:search"), {"typed": name})


def _closed_goal(stage: Stage, kwargs: dict[str, Any]) -> None:
    Goal.objects.filter(pk=kwargs["goal"]).update(status=GoalStatus.MET, rating=1, closed_on=timezone.localdate())


def _for_substance_use(stage: Stage, kwargs: dict[str, Any]) -> None:
    Authorization.objects.filter(pk=kwargs["authorization"]).update(kind=AuthorizationKind.PART2)
    AuthorizedCategory.objects.filter(authorization=kwargs["authorization"]).update(category=Category.SUBSTANCE_USE)


def _whole_report(stage: Stage, kwargs: dict[str, Any]) -> None:
    run: uuid.UUID = kwargs["run"]
    ReportFile.objects.filter(run=run, name=kwargs["name"]).update(content=stage.report.read_bytes())


def _with_factors(stage: Stage, kwargs: dict[str, Any]) -> HttpClient:
    """Carl, with an app, a passkey, and codes that he may still see."""
    if not Authenticator.objects.filter(user=stage.cast.carl, type="totp").exists():
        set_up_app(stage.cast.carl)
    _passkey(stage.cast)
    return stage.session_of("carl")


def _between_password_and_code(stage: Stage, kwargs: dict[str, Any]) -> HttpClient:
    _with_factors(stage, kwargs)
    session = HttpClient()
    session.post(reverse("account_login"), {"login": "carl", "password": PASSWORD})
    return session


def _invited(stage: Stage, kwargs: dict[str, Any]) -> HttpClient:
    session = HttpClient()
    code = invite(by=stage.cast.by(stage.cast.ada), staff=stage.cast.eve)
    session.post(reverse("signin:invitation"), {"code": code})
    return session


def _before_a_second_factor(stage: Stage, kwargs: dict[str, Any]) -> HttpClient:
    session = HttpClient()
    session.force_login(stage.cast.cleo, backend="casearc_web.signin.backends.StaffBackend")
    kept = session.session
    begin(kept)
    kept[INVITED] = 1
    kept.save()
    return session


def _signed_in(stage: Stage, kwargs: dict[str, Any]) -> HttpClient:
    return stage.session_of("cleo")


READY: Mapping[str, Callable[[Stage, dict[str, Any]], HttpClient | None]] = {
    "account_logout": _signed_in,
    "clients:found": _found,
    "consent:disclose_part2": _for_substance_use,
    "goals:reopen": _closed_goal,
    "mfa_authenticate": _between_password_and_code,
    **dict.fromkeys(("mfa_deactivate_totp", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"), _with_factors),
    **dict.fromkeys(("mfa_remove_webauthn", "mfa_view_recovery_codes"), _with_factors),
    "outcomes:file": _whole_report,
    "signin:first_password": _invited,
    "signin:set_up": _before_a_second_factor,
}
"""What happens first, and in whose session, where not that of the first who may."""


def speak(language: str) -> None:
    """All staff have chosen this language."""
    StaffMember.objects.update(language=language)
