"""The app's name."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Named so that its tables start with `agencies_`."""

    name = "casearc_web.agencies"
    label = "agencies"
