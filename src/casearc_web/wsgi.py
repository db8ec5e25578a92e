"""The application as a server runs it. The keys must be unlocked before (`casearc_web.server` does)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casearc_web.settings")
application = get_wsgi_application()
