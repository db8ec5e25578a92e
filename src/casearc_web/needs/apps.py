"""The app's name, and what it says to the apps below it."""

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Named so that its tables start with `needs_`."""

    name = "casearc_web.needs"
    label = "needs"

    def ready(self) -> None:
        """Say who reaches what."""
        from casearc_web.needs.access import register_all  # noqa: PLC0415 - models are there only now

        register_all()
