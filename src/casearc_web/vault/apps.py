"""The app's name."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Named so that its tables start with `vault_`."""

    name = "casearc_web.vault"
    label = "vault"
