"""The app's name."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Named so that its tables start with `casework_`."""

    name = "casearc_web.casework"
    label = "casework"
