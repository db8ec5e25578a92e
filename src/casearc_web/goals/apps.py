"""The app's name."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Named so that its tables start with `goals_`."""

    name = "casearc_web.goals"
    label = "goals"
