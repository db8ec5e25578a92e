"""Accounts: list, make, change, close, invite again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.access.history import history
from casearc_web.access.requests import StaffRequest
from casearc_web.agencies.models import RoleCode, StaffMember
from casearc_web.drafts.saving import save_once
from casearc_web.records.changes import ConflictError
from casearc_web.signin.actions import VALID_FOR, invite, reset
from casearc_web.staff import queries
from casearc_web.staff.actions.accounts import change_account, close_account, make_account, open_account
from casearc_web.staff.editing import Setting, edit_setting
from casearc_web.staff.forms import AccountForm, VersionForm
from casearc_web.staff.ties import ties

SHOWN_ONCE = "invitation_shown_once"


def accounts(request: StaffRequest) -> HttpResponseBase:
    """Everybody who has an account."""
    role, closed = request.GET.get("role", ""), request.GET.get("closed") == "yes"
    page = queries.accounts(request.asker, role=role, closed=closed, page=request.GET.get("page", 1))
    context = {"page": page, "role": role, "closed": closed, "roles": RoleCode.choices}
    return render(request, "staff/accounts.html", context)


def new_account(request: StaffRequest) -> HttpResponseBase:
    """Make an account and invite its owner."""
    by = request.asker

    def save(version: int, chosen: dict[str, Any]) -> str:
        values, programs = AccountForm.apart(chosen)
        staff = make_account(by=by, values=values, programs=programs)
        _show_once(request, staff, invite(by=by, staff=staff))
        return _to("invited", staff)

    what = Setting(
        form=partial(AccountForm, by=by),
        save=save,
        heading=gettext_lazy("New account"),
        lead=gettext_lazy("You will be shown a code for them. With it they set their own password and second factor."),
        draft="account-new",
        leads_to=reverse("staff:accounts"),
    )
    return edit_setting(request, what)


def account(request: StaffRequest, staff: uuid.UUID) -> HttpResponseBase:
    """One account, and what was changed about it."""
    by = request.asker
    found = queries.account_for(by, staff)
    context = {
        "account": found,
        "own": found.pk == by.staff_id,
        "ties": ties(found),
        "form": VersionForm(initial={"version": found.version}),
        "changes": history(by, found),
    }
    return render(request, "staff/account.html", context)


def edit_account(request: StaffRequest, staff: uuid.UUID) -> HttpResponseBase:
    """Change an account."""
    by = request.asker
    found = queries.account_for(by, staff)

    def save(version: int, chosen: dict[str, Any]) -> str:
        values, programs = AccountForm.apart(chosen)
        change_account(by=by, staff=found, version=version, values=values, programs=programs)
        messages.success(request, _("Saved."))
        return _to("account", found)

    what = Setting(
        record=found,
        form=partial(AccountForm, by=by),
        save=save,
        heading=gettext_lazy("Change account"),
        draft=f"account:{found.pk}",
        leads_to=_to("account", found),
    )
    return edit_setting(request, what)


def close(request: StaffRequest, staff: uuid.UUID) -> HttpResponseBase:
    """Close an account."""
    done = _("The account is closed. They are signed out everywhere.")
    return _small(request, staff, "close", lambda found, version: _run(close_account, request, found, version, done))


def reopen(request: StaffRequest, staff: uuid.UUID) -> HttpResponseBase:
    """Let somebody in again, by a new invitation."""

    def write(found: StaffMember, version: int) -> str:
        opened = open_account(by=request.asker, staff=found, version=version)
        _show_once(request, opened, reset(by=request.asker, staff=opened))
        return _to("invited", opened)

    return _small(request, staff, "reopen", write)


def invite_again(request: StaffRequest, staff: uuid.UUID) -> HttpResponseBase:
    """A new code for somebody who lost theirs or did not use it in time."""

    def write(found: StaffMember, version: int) -> str:
        _show_once(request, found, invite(by=request.asker, staff=found))
        return _to("invited", found)

    return _small(request, staff, "invite", write)


def reset_sign_in(request: StaffRequest, staff: uuid.UUID) -> HttpResponseBase:
    """For a lost phone or password: everything about their sign-in ends, and a new code is made."""

    def write(found: StaffMember, version: int) -> str:
        _show_once(request, found, reset(by=request.asker, staff=found))
        return _to("invited", found)

    return _small(request, staff, "reset", write)


def invited(request: StaffRequest, staff: uuid.UUID) -> HttpResponseBase:
    """The code, shown once."""
    found = queries.account_for(request.asker, staff)
    shown: dict[str, str] = request.session.pop(SHOWN_ONCE, {})
    hours = int(VALID_FOR.total_seconds() // 3600)
    context = {"account": found, "code": shown.get(str(found.pk), ""), "hours": hours}
    return render(request, "staff/invited.html", context)


def _small(
    request: StaffRequest, staff: uuid.UUID, what: str, write: Callable[[StaffMember, int], str]
) -> HttpResponseBase:
    """One button's worth of change, asked about on the account's page."""
    found = queries.account_for(request.asker, staff)
    form = VersionForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return HttpResponseRedirect(_to("account", found))
    data = form.cleaned_data
    try:
        return save_once(
            request,
            key=f"account-{what}:{found.pk}",
            submission=data["submission"],
            write=lambda: write(found, data["version"]),
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    except ConflictError:
        messages.error(request, _("Somebody changed this account meanwhile. Look again."))
    return HttpResponseRedirect(_to("account", found))


def _run(action: Callable[..., object], request: StaffRequest, found: StaffMember, version: int, done: str) -> str:
    action(by=request.asker, staff=found, version=version)
    messages.success(request, done)
    return _to("account", found)


def _show_once(request: StaffRequest, staff: StaffMember, code: str) -> None:
    request.session[SHOWN_ONCE] = {str(staff.pk): code}


def _to(page: str, staff: StaffMember) -> str:
    return reverse(f"staff:{page}", kwargs={"staff": staff.pk})
