"""The app's name, and what it adds to pages of the apps below."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Named so that its tables start with `casework_`."""

    name = "casearc_web.casework"
    label = "casework"

    def ready(self) -> None:
        """Say who reaches what, and take a place in the menu, on the client's page and on the caseload."""
        from casearc_web.casework import access, places  # noqa: PLC0415 - models are there only now

        access.register_all()
        places.take_all()
