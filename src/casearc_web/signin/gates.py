"""The gates before a page: not idle, second factor shown, and shown just now where a page asks for that."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from casearc_web.access.routes import Rule
from casearc_web.access.row_security import enter, leave
from casearc_web.agencies.models import StaffMember
from casearc_web.signin import session as state
from casearc_web.signin.factors import has_come_in, has_factor, way_to_show
from casearc_web.signin.keeping import keep

DRAFT_HEADER = "X-Casearc-Draft"


def idle(request: HttpRequest, rule: Rule) -> HttpResponseBase | None:
    """Lock the session of somebody who was away. What they just sent is kept for them."""
    if state.awake(request.session):
        if not (_by_script(request) and request.method == "GET"):
            state.stay_awake(request.session)
        return None
    staff = _staff(request)
    address = keep(request, staff_id=staff.pk, agency_id=staff.agency_id) or _address(request, rule)
    state.lock(request, staff, address)
    return _sign_in_first(request)


def second_factor(request: HttpRequest, rule: Rule) -> HttpResponseBase | None:
    """Nobody comes in with a password alone: set up a second factor first, or show it."""
    if has_come_in(request.session, _staff(request)):
        return None
    if not request.session.get(state.INVITED) or has_factor(_staff(request)):
        request.session.flush()
        return _sign_in_first(request)
    return None if rule.before_second_factor else _go(request, reverse("signin:set_up"))


def step_up(request: HttpRequest, rule: Rule) -> HttpResponseBase | None:
    """Some pages take a second factor that was shown just now. What was sent is kept meanwhile."""
    if not rule.step_up or state.just_shown(request.session) or not state.factor_shown(request.session):
        return None
    staff = _staff(request)
    address = keep(request, staff_id=staff.pk, agency_id=staff.agency_id) or _address(request, rule)
    return _go(request, f"{way_to_show(staff)}?{urlencode({'next': address})}")


def stranger(request: HttpRequest, rule: Rule) -> HttpResponseBase | None:
    """Somebody who is not signed in, or whose session is locked: to the sign-in, and what they sent is kept."""
    owner = state.locked(request.session)
    if owner is None:
        return _sign_in_first(request, towards=_address(request, rule))
    staff = StaffMember.objects.filter(pk=owner.staff_id).first()
    if staff is not None:
        enter(staff.agency_id)
        address = keep(request, staff_id=staff.pk, agency_id=staff.agency_id)
        leave()
        if address:
            state.lead_to(request.session, address)
    return _sign_in_first(request)


def _staff(request: HttpRequest) -> StaffMember:
    if not isinstance(request.user, StaffMember):
        raise TypeError("a gate is only for those signed in")
    return request.user


def _address(request: HttpRequest, rule: Rule) -> str:
    """Where they were, if it can be opened again; else the start."""
    return request.get_full_path() if "GET" in rule.methods and not _by_script(request) else "/"


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get(DRAFT_HEADER) == "1"


def _sign_in_first(request: HttpRequest, *, towards: str = "/") -> HttpResponseBase:
    if _by_script(request):
        return HttpResponse(status=401)
    way = reverse("account_login")
    return _go(request, way if towards == "/" else f"{way}?{urlencode({'next': towards})}")


def _go(request: HttpRequest, address: str) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
