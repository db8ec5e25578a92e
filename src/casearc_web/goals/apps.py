"""The app's name, and what it says to the apps below it."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Named so that its tables start with `goals_`."""

    name = "casearc_web.goals"
    label = "goals"

    def ready(self) -> None:
        """Say who reaches what."""
        from casearc_web.goals.access import register_all  # noqa: PLC0415 - models are there only now

        register_all()
