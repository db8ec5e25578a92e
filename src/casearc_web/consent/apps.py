"""The app's name, and what it adds to others."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Named so that its tables start with `consent_`."""

    name = "casearc_web.consent"
    label = "consent"

    def ready(self) -> None:
        """Say who reaches the ledger, what stands behind the categories, and put it on the client's page."""
        from casearc_web.consent.access import register_all  # noqa: PLC0415 - models are there only now
        from casearc_web.consent.categories import register_own  # noqa: PLC0415
        from casearc_web.consent.parts import add_parts  # noqa: PLC0415

        register_all()
        register_own()
        add_parts()
