"""The app's name."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Named so that its tables start with `records_`."""

    name = "casearc_web.records"
    label = "records"
