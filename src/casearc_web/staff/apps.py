"""The app's name."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Named so that its tables start with `staff_`."""

    name = "casearc_web.staff"
    label = "staff"
