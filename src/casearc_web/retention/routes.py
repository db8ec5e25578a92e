"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, register_converter

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.retention.models import Scope
from casearc_web.retention.views import approving, clients, programs

app_name = "retention"


class ScopeConverter:
    """``partial`` or ``full`` in an address."""

    regex = "|".join(Scope.values)

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(ScopeConverter, "scope")

_KEEPING = "clients/<uuid:client>/keeping/"

urlpatterns: list[URLPattern | URLResolver] = [
    page("retention/", programs.programs, verb=Verb.SET_RETENTION, name="programs"),
    page(
        "retention/programs/<uuid:program>/",
        programs.policy,
        verb=Verb.SET_RETENTION,
        name="policy",
        writes=True,
        step_up=True,
    ),
    page("retention/due/<scope:scope>/", programs.due, verb=Verb.PURGE_CLIENT, name="due", writes=True),
    page("retention/waiting/", approving.waiting, verb=Verb.APPROVE_PURGE, name="waiting"),
    page(
        "retention/waiting/<uuid:request_id>/",
        approving.decide,
        verb=Verb.APPROVE_PURGE,
        name="decide",
        writes=True,
        step_up=True,
    ),
    page("retention/erased/", approving.erased, verb=Verb.APPROVE_PURGE, name="erased"),
    page(_KEEPING, clients.keeping, verb=Verb.HOLD, name="keeping"),
    page(f"{_KEEPING}hold/", clients.hold, verb=Verb.HOLD, name="hold", writes=True),
    page(f"{_KEEPING}hold/<uuid:hold>/lift/", clients.lift, verb=Verb.HOLD, name="lift", writes=True),
    page(f"{_KEEPING}erase/", clients.erase, verb=Verb.PURGE_CLIENT, name="erase", writes=True, step_up=True),
    page(
        f"{_KEEPING}erase/<uuid:request_id>/take-back/",
        clients.take_back,
        verb=Verb.PURGE_CLIENT,
        name="take_back",
        writes=True,
    ),
]
