"""The app's name."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Named so that its tables start with `demo_`."""

    name = "casearc_web.demo"
    label = "demo"
