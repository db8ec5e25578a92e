"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import get_language

from casearc.language import follow


class ShellConfig(AppConfig):
    name = "casearc_web.shell"
    label = "shell"

    def ready(self) -> None:
        """The library speaks the language of the page, of the letter, of whoever asked a worker for something."""
        follow(get_language)
