"""The app's name."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    """Named so that its tables start with `outcomes_`."""

    name = "casearc_web.outcomes"
    label = "outcomes"
