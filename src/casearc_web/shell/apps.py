"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "casearc_web.shell"
    label = "shell"
