"""Who signs in with a password: active staff who have a second factor, and in a demo everybody.

The rest is answered like a wrong password.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from casearc_web.agencies.models import StaffMember
from casearc_web.signin.factors import has_factor, is_tried_out
from casearc_web.signin.sessions import come_with


class StaffBackend(ModelBackend):
    """Django's own, but an account that still waits for its invitation cannot be entered by its password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> StaffMember | None:
        """The staff member, None where name or password is wrong or no second factor stands behind them."""
        staff = super().authenticate(request, username=username, password=password, **kwargs)
        if not isinstance(staff, StaffMember):
            return None
        return staff if has_factor(staff) or is_tried_out(staff) else None

    def get_user(self, user_id: Any) -> StaffMember | None:
        """With the agency, which every page asks about. Who came along with the session is not asked for again."""
        staff = come_with.get()
        come_with.set(None)
        if staff is None or str(staff.pk) != str(user_id):
            staff = StaffMember.objects.select_related("agency").filter(pk=user_id).first()
        return staff if staff is not None and self.user_can_authenticate(staff) else None
