"""The app's name."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Named so that its tables start with `audit_`."""

    name = "casearc_web.audit"
    label = "audit"
