"""The app's name."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Named so that its tables start with `retention_`."""

    name = "casearc_web.retention"
    label = "retention"
