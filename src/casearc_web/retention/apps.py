"""The app's name, and what it adds to others."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Named so that its tables start with `retention_`."""

    name = "casearc_web.retention"
    label = "retention"

    def ready(self) -> None:
        """Say who reaches what; stand in the menu and on the client's page."""
        from casearc_web.retention.access import register_all  # noqa: PLC0415 - models are there only now
        from casearc_web.retention.parts import add_parts  # noqa: PLC0415

        register_all()
        add_parts()
