"""The app's name."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Named so that its tables start with `clients_`."""

    name = "casearc_web.clients"
    label = "clients"
