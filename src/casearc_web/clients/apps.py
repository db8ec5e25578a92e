"""The app's name, its tabs and its entries in the menu."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Named so that its tables start with `clients_`."""

    name = "casearc_web.clients"
    label = "clients"

    def ready(self) -> None:
        """Put up tabs and menu."""
        from casearc_web.clients.places import put_up  # noqa: PLC0415 - models are there only now

        put_up()
