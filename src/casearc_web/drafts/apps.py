"""The app's name."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Named so that its tables start with `drafts_`."""

    name = "casearc_web.drafts"
    label = "drafts"
