"""The app's name, and what it adds to pages of the apps below."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Named so that its tables start with `casework_`."""

    name = "casearc_web.casework"
    label = "casework"

    def ready(self) -> None:
        """Say who reaches what."""
        from casearc_web.casework.access import register_all  # noqa: PLC0415 - models are there only now

        register_all()
