"""Routes of the shell. All are open to everybody: none shows a record."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from casearc_web.shell import views

app_name = "shell"

urlpatterns = [
    path("welcome", views.welcome, name="welcome"),
    path("leave", views.leave, name="leave"),
    path("language", set_language, name="language"),
]
