"""Forms that arrive when their sender must sign in again, or show a second factor first, are kept for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from casearc_web.drafts.actions import Typed, keep_form

LONGEST = 256 * 1024
"""Longer forms are not kept."""
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "credential"})
_LONGEST_ADDRESS = 300


class FormKeeper:
    """Keeps a form sealed, and says where its owner finds it."""

    def keep(self, request: HttpRequest, *, staff_id: uuid.UUID, agency_id: uuid.UUID) -> str | None:
        """Keep what a form sent. Drafts that a page sends by itself and forms of signing in are not kept."""
        address = request.get_full_path()
        fields = typed_in((name, value) for name, values in request.POST.lists() for value in values)
        if _of_sign_in(request) or not fields or too_long(fields) or len(address) > _LONGEST_ADDRESS:
            return None
        form = keep_form(staff_id=staff_id, agency_id=agency_id, address=address, fields=fields)
        return reverse("drafts:kept", args=[form.pk])


def _of_sign_in(request: HttpRequest) -> bool:
    """Whether a form belongs to drafts or to signing in itself."""
    match = request.resolver_match
    return match is not None and (match.namespace in ("drafts", "signin", "shell") or not match.namespace)


def typed_in(sent: Iterable[tuple[str, str]]) -> Typed:
    """What a form sent, in order, without token, passwords and codes."""
    return [(name, value) for name, value in sent if name not in _NOT_KEPT and "password" not in name]


def too_long(fields: Typed) -> bool:
    """Whether there is more than is kept."""
    return sum(len(name.encode()) + len(value.encode()) for name, value in fields) > LONGEST
