"""Django's database sessions with two differences: keys are stored as digests, and the content is sealed.

A session holds a second factor while it is set up, and where somebody was; a copy of the table must tell neither.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import CreateError
from django.utils import timezone

from casearc_web import keys
from casearc_web.records.sealed import DamagedSealError, seal, unseal

if TYPE_CHECKING:
    from casearc_web.agencies.models import StaffMember
    from casearc_web.signin.models import SignedIn

STARTED, ACTIVE, BROWSER = "started", "active", "browser"
_PLACE = "signin.session"
_DIGITS = 40

come_with: ContextVar[StaffMember | None] = ContextVar("come_with", default=None)
"""The staff member that came along with a session which was just read; taken once, by the backend."""


def stored_key(session_key: str) -> str:
    """What stands in the table for a key that a browser holds."""
    return hmac.digest(keys.current().sessions, b"session\0" + session_key.encode(), "sha256").hex()[:_DIGITS]


class SessionStore(db.SessionStore):
    """The engine; `SESSION_ENGINE` names this module."""

    @classmethod
    def get_model_class(cls) -> type[SignedIn]:
        """The table."""
        from casearc_web.signin.models import SignedIn  # noqa: PLC0415 - the engine is imported before models are there

        return SignedIn

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The content, sealed."""
        return base64.b64encode(seal(self.serializer().dumps(session_dict), place=_PLACE)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """The content; empty where it does not open, so that whoever holds it is signed out."""
        try:
            plain = unseal(base64.b64decode(session_data), place=_PLACE)
        except (binascii.Error, DamagedSealError):
            return {}
        content: dict[str, Any] = self.serializer().loads(plain)
        return content

    def create_model_instance(self, data: dict[str, Any]) -> SignedIn:
        """The row, with what a list of sign-ins shows beside the content."""
        if self.session_key is None:
            raise CreateError("a session is saved under a key")
        key = self.session_key
        return self.get_model_class()(
            session_key=stored_key(key),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            staff_id=data.get(SESSION_KEY),
            started_at=_moment(data.get(STARTED)),
            active_at=_moment(data.get(ACTIVE)),
            browser=data.get(BROWSER, ""),
        )

    def exists(self, session_key: str) -> bool:
        """Whether a key is taken."""
        return self.get_model_class().objects.filter(session_key=stored_key(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        """Remove a session."""
        key = session_key or self.session_key
        if key is not None:
            self.get_model_class().objects.filter(session_key=stored_key(key)).delete()

    def _get_session_from_db(self) -> SignedIn | None:
        if self.session_key is None:
            return None
        current = self.get_model_class().objects.filter(expire_date__gt=timezone.now())
        own = current.filter(session_key=stored_key(self.session_key)).select_related("staff__agency")
        row = own.first()
        if row is None:
            self._session_key = None
        come_with.set(row.staff if row else None)
        return row

    @classmethod
    def clear_expired(cls) -> None:
        """Remove sessions whose time is over."""
        cls.get_model_class().objects.filter(expire_date__lt=timezone.now()).delete()


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
