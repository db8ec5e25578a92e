"""The app's name, and what it adds to others."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Named so that its tables start with `retention_`."""

    name = "casearc_web.retention"
    label = "retention"

    def ready(self) -> None:
        """Say who reaches what."""
        from casearc_web.retention.access import register_all  # noqa: PLC0415 - models are there only now

        register_all()
