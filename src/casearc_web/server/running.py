"""gunicorn around the application. The keys are unlocked before it forks, so they are in memory only."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

from gunicorn.app.base import BaseApplication

from casearc_web.configuration import Configuration
from casearc_web.errors import NotServedError
from casearc_web.server.fair import FairWorker

WORKERS = 2 * max(2, min(8, os.cpu_count() or 1))
THREADS = 1
"""Why so many workers with one thread each: `server.fair`."""
LOOPBACK_ADDRESS = "127.0.0.1"
LOOPBACK_NAME = "localhost"


def check_address(address: str, port: int, *, behind_tls: bool) -> None:
    """NotServedError where the address is not safe or not free."""
    if not _is_loopback(address) and not behind_tls:
        raise NotServedError(
            f"At {address} other machines could read along, for Casearc itself speaks plain HTTP. Put a proxy that "
            "speaks HTTPS in front of it and add --behind-tls. Without --address only this machine reaches Casearc."
        )
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError:
            raise NotServedError(
                f"Port {port} at {address} cannot be used; another program may have it. Choose another with --port."
            ) from None


def serve(configuration: Configuration, address: str, *, ready: Callable[[str], None]) -> None:
    """Serve until CTRL-C or a termination signal ends the process. `ready` is told the address once it answers.

    Evaluations and imports are done by processes of their own, forked here so that they have the keys in memory as the
    server has.
    """
    from casearc_web.imports import line as imports  # noqa: PLC0415 - Django must be ready first
    from casearc_web.outcomes import line as evaluations  # noqa: PLC0415
    from casearc_web.server import workers  # noqa: PLC0415

    _check_walls()
    _know_sizes()
    for line in (evaluations, imports):
        workers.start(line)
    _Server(configuration, address, ready).run()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no annotations
    """gunicorn without its command line, its configuration files and its control socket."""

    def __init__(self, configuration: Configuration, address: str, ready: Callable[[str], None]) -> None:
        self._configuration, self._address, self._ready = configuration, address, ready
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self._address}]" if ":" in self._address else self._address
        chosen: dict[str, Any] = {
            "bind": f"{host}:{self._configuration.port}",
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": FairWorker,
            "preload_app": True,
            "accesslog": None,  # who read what stands in the audit log, and nowhere else
            "loglevel": "warning",
            "proc_name": "casearc",
            "graceful_timeout": 10,
            "control_socket_disable": True,
            "when_ready": lambda _: self._ready(f"http://{called(host)}:{self._configuration.port}/"),
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from django.db import connections  # noqa: PLC0415 - Django must be ready first

        from casearc_web.wsgi import application  # noqa: PLC0415

        make_ready()
        connections.close_all()  # a connection must not be shared by two processes
        gc.collect()
        gc.freeze()  # what stands before the fork is never garbage, and is not looked through again and again
        return application


def called(host: str) -> str:
    """What to type into a browser. Passkeys belong to a name, never to a number; this machine's name is localhost."""
    return LOOPBACK_NAME if host in {LOOPBACK_ADDRESS, "[::1]"} else host


def make_ready() -> None:
    """Read addresses and templates before the fork, once for all workers: nobody waits for it on their first page."""
    from django.apps import apps  # noqa: PLC0415 - Django must be ready first
    from django.template.loader import get_template  # noqa: PLC0415

    _draw_sign_in()
    for config in apps.get_app_configs():
        folder = Path(config.path) / "templates"
        if config.name.startswith("casearc_web."):
            for template in sorted(folder.rglob("*.html")):
                get_template(template.relative_to(folder).as_posix())


def _draw_sign_in() -> None:
    """The sign-in page once, for nobody: whatever is made at first use is made now."""
    from django.conf import settings  # noqa: PLC0415 - Django must be ready first

    from casearc_web.wsgi import application  # noqa: PLC0415

    host = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
    asked: dict[str, Any] = {"PATH_INFO": settings.LOGIN_URL, "HTTP_HOST": host}
    setup_testing_defaults(asked)
    b"".join(application(asked, lambda *_: None))  # type: ignore[arg-type]


def _check_walls() -> None:
    """NotServedError where PostgreSQL's wall between agencies has a gap."""
    from django.db import connection  # noqa: PLC0415 - Django must be ready first

    from casearc_web.access.row_security import unprotected  # noqa: PLC0415

    missing = unprotected(connection)
    if missing:
        raise NotServedError(
            f"The wall between agencies is not whole: {', '.join(missing[:5])}. Run `casearc web migrate`, and let the "
            "application connect as a role that is no superuser and has no BYPASSRLS."
        )


def _know_sizes() -> None:
    """Let SQLite look at its tables: without it, it takes an agency's index for a choosy one and reads every contact.

    PostgreSQL does this by itself.
    """
    from django.db import connection  # noqa: PLC0415 - Django must be ready first

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("PRAGMA optimize = 0x10002")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
