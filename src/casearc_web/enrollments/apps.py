"""The app's name, and what it says about access."""

from django.apps import AppConfig


class EnrollmentsConfig(AppConfig):
    """Named so that its tables start with `enrollments_`."""

    name = "casearc_web.enrollments"
    label = "enrollments"

    def ready(self) -> None:
        """Say who reaches what."""
        from casearc_web.clients.care import set_care  # noqa: PLC0415 - models are there only now
        from casearc_web.enrollments.access import register_all  # noqa: PLC0415
        from casearc_web.enrollments.care import CareOfEnrollments  # noqa: PLC0415

        register_all()
        set_care(CareOfEnrollments())
