"""The app's name."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Named so that its tables start with `consent_`."""

    name = "casearc_web.consent"
    label = "consent"
