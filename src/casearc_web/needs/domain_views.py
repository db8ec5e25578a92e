"""Pages of the agency's domains, for its administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.conflicts import two_versions
from casearc_web.access.decide import Denied
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.drafts.saving import save_once
from casearc_web.needs import actions, queries
from casearc_web.needs.forms import DomainForm, show
from casearc_web.needs.levels import Domain
from casearc_web.needs.models import DomainSetting
from casearc_web.records.changes import ConflictError
from casearc_web.records.history import as_opened
from casearc_web.shell.conflict import is_answer, merged

NAMES = ("name_en", "name_es", "order", "is_retired")


def domains(request: StaffRequest) -> HttpResponseBase:
    """The agency's domains."""
    return render(request, "needs/domains.html", {"domains": queries.domains(request.asker.agency_id)})


def add_domain(request: StaffRequest) -> HttpResponseBase:
    """A domain of the agency's own."""
    by = request.asker
    form = DomainForm(request.POST or None, taken={domain.code for domain in queries.domains(by.agency_id)})
    if form.is_valid():
        return _save(request, form, "new", lambda: actions.add_domain(by=by, values=form.typed()))
    return _page(request, form, None)


def change_domain(request: StaffRequest, code: str) -> HttpResponseBase:
    """Another name or place for a domain, or no longer asked about. The first change to one of ours makes its row."""
    by = request.asker
    domain = next((domain for domain in queries.domains(by.agency_id) if domain.code == code), None)
    if domain is None:
        raise Denied(Verb.MANAGE_AGENCY)
    setting = queries.settings_of(by).filter(code=code).first()
    version = {"version": setting.version} if setting else {}
    saved = _values(setting) if setting else _ours(domain)
    form = DomainForm(request.POST or None, settled=True, initial={**saved, **version})
    if form.is_valid():
        chosen = merged(form.typed(), saved, request.POST) if is_answer(request.POST) else form.typed()
        try:
            return _save(request, form, code, lambda: _change(by, domain, setting, form, chosen))
        except ConflictError as conflict:
            return _both(request, form, conflict)
        except ValidationError as wrong:
            form.add_error(None, wrong)
    return _page(request, form, domain)


def _change(by: Asker, domain: Domain, setting: DomainSetting | None, form: DomainForm, chosen: dict[str, Any]) -> None:
    version = form.cleaned_data["version"]
    if setting is None:
        settled = {"code": domain.code, "is_substance_use": domain.substance_use}
        actions.add_domain(by=by, values={**chosen, **settled})
    else:
        actions.change_domain(by=by, setting=setting, version=version or 0, values=chosen)


def _save(request: StaffRequest, form: DomainForm, code: str, write: Callable[[], object]) -> HttpResponseBase:
    def written() -> str:
        write()
        return reverse("needs:domains")

    submission = form.cleaned_data["submission"]
    answer = save_once(request, key=f"needs-domain:{_key(code)}", submission=submission, write=written)
    messages.success(request, _("The domain is saved."))
    return answer


def _both(request: StaffRequest, form: DomainForm, conflict: ConflictError) -> HttpResponse:
    stored = conflict.stored
    if not isinstance(stored, DomainSetting):
        raise TypeError("the conflict is about another kind of record")
    opened = as_opened(stored, form.cleaned_data["version"] or 0)
    return two_versions(
        request,
        form=form,
        stored=stored,
        mine=form.typed(),
        saved=_values(stored),
        opened=_values(opened) if opened else None,
        show=show,
    )


def _page(request: StaffRequest, form: DomainForm, domain: Domain | None) -> HttpResponse:
    context = {"form": form, "domain": domain, "key": _key(domain.code if domain else "new")}
    return render(request, "needs/domain.html", context, status=422 if form.errors else 200)


def _key(code: str) -> str:
    """A code as a draft's key knows it, which has no underscore."""
    return code.replace("_", "-")


def _values(setting: DomainSetting) -> dict[str, Any]:
    return {name: getattr(setting, name) for name in NAMES}


def _ours(domain: Domain) -> dict[str, Any]:
    """A domain that the agency has not changed, by the form's fields."""
    names = {}
    for language in ("en", "es"):
        with translation.override(language):
            names[f"name_{language}"] = str(domain.name)
    return {**names, "order": domain.order, "is_retired": domain.retired}
