"""`casearc.toml` in the agency's folder: where the records are and who may reach them. It holds no secret of Casearc's.

[records]
engine = "sqlcipher"              # or "postgresql"
file = "records.db"               # sqlcipher: a name in this folder
connection = "service=casearc"    # postgresql: as libpq takes it; keep passwords in ~/.pgpass

[server]
port = 8000
allowed_hosts = ["localhost", "127.0.0.1"]
behind_tls = false                # true where a proxy in front of Casearc speaks HTTPS

[agency]
language = "en"                   # or "es": what a new visitor is greeted in
made_up = false                   # true in a demo: every page says that nobody in it is real
time_zone = "America/Chicago"     # where the agency works: days and hours are meant there; default the machine's
service_name = "Casearc"          # in titles and headers: something that tells a passer-by nothing
"""

from __future__ import annotations

import json
import os
import tomllib
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from casearc.errors import Fault
from casearc_web.durable import write_whole
from casearc_web.errors import ConfigurationError

FILE = "casearc.toml"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
DEFAULT_PORT = 8000
_LAST_PORT = 65535

Engine = Literal["sqlcipher", "postgresql"]
Language = Literal["en", "es"]


def _is_zone(value: object) -> bool:
    return isinstance(value, str) and value in zoneinfo.available_timezones()


def machines_zone() -> str:
    """The time zone of this machine, UTC where it does not say by name."""
    named = os.environ.get("TZ", "") or os.path.realpath("/etc/localtime").rpartition("zoneinfo/")[2]
    return named if _is_zone(named) else "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What `casearc.toml` says, checked. `connection` and `maintenance` are not shown: they may hold a password."""

    folder: Path
    engine: Engine = "sqlcipher"
    file: str = "records.db"
    connection: str = field(default="", repr=False)
    maintenance: str = field(default="", repr=False)
    port: int = DEFAULT_PORT
    allowed_hosts: tuple[str, ...] = LOOPBACK
    behind_tls: bool = False
    language: Language = "en"
    made_up: bool = False
    time_zone: str = field(default_factory=machines_zone)
    service_name: str = "Casearc"

    @property
    def database(self) -> Path:
        """The encrypted database file (sqlcipher only)."""
        return self.folder / self.file

    @property
    def owner(self) -> str:
        """How to connect for migrations and backups (postgresql only)."""
        return self.maintenance or self.connection

    @property
    def backups(self) -> Path:
        """Where backups go when nobody says where."""
        return self.folder / "backups"


_used: list[Configuration] = []


def postgresql_database(connection: str) -> dict[str, Any]:
    """Django's entry for a PostgreSQL database, from a connection as libpq takes it."""
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - an optional part

    given = conninfo_to_dict(connection)
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: str(given.pop(key, "")) for name, key in named.items()},
        "OPTIONS": given,
        "CONN_MAX_AGE": None,
    }


def default_folder() -> Path:
    """`CASEARC_HOME`, or `casearc` in the home folder."""
    named = os.environ.get("CASEARC_HOME", "")
    return Path(named).expanduser() if named else Path.home() / "casearc"


def use(configuration: Configuration) -> None:
    """Work with this configuration from now on, in this process and those forked later."""
    _used[:] = [configuration]


def current() -> Configuration:
    """The configuration in use; where none was set, the default folder's."""
    if not _used:
        use(read(default_folder()))
    return _used[0]


def read(folder: Path) -> Configuration:
    """Read and check `casearc.toml`; ConfigurationError lists all faults at once."""
    path = folder / FILE
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"There is no {FILE} in {folder}. Make the agency's folder with `casearc web init`."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML.", faults=[Fault(problem=str(error), file=FILE)]) from None
    faults = [Fault(problem=problem, file=FILE) for problem in _problems(plain)]
    if faults:
        raise ConfigurationError(f"{path} cannot be used as it is.", faults=faults)
    values = {name: value for table in plain.values() for name, value in table.items()}
    if "allowed_hosts" in values:
        values["allowed_hosts"] = tuple(values["allowed_hosts"])
    return Configuration(folder=folder, **values)


def restored(configuration: Configuration, language: Language, *, made_up: bool) -> Configuration:
    """What a backup tells of the configuration, where a restored folder has none."""
    return replace(configuration, language=language, made_up=made_up)


def write(configuration: Configuration) -> None:
    """Write `casearc.toml` whole."""
    lines = [
        "# Where the records are and who may reach them. The keys are in keys.json, wrapped under the passphrase.",
        "[records]",
        f"engine = {_toml(configuration.engine)}",
        *_where(configuration),
        "",
        "[server]",
        f"port = {configuration.port}",
        f"allowed_hosts = {_toml(list(configuration.allowed_hosts))}",
        f"behind_tls = {_toml(configuration.behind_tls)}",
        "",
        "[agency]",
        f"language = {_toml(configuration.language)}",
        f"made_up = {_toml(configuration.made_up)}",
        f"time_zone = {_toml(configuration.time_zone)}",
        f"service_name = {_toml(configuration.service_name)}",
    ]
    write_whole(configuration.folder / FILE, ("\n".join(lines) + "\n").encode())


def _where(configuration: Configuration) -> list[str]:
    if configuration.engine == "sqlcipher":
        return [f"file = {_toml(configuration.file)}"]
    return [
        f"connection = {_toml(configuration.connection)}",
        f"maintenance = {_toml(configuration.maintenance)}",
    ]


def _toml(value: str | bool | list[str]) -> str:
    """JSON's strings, lists and booleans are TOML's as well."""
    return json.dumps(value, ensure_ascii=True)


def _problems(plain: dict[str, Any]) -> Iterator[str]:
    known = {"records": _RECORDS, "server": _SERVER, "agency": _AGENCY}
    for title, table in plain.items():
        if title not in known or not isinstance(table, dict):
            yield f"[{title}] is not known. There are {_listed(known)}."
            continue
        for name, value in table.items():
            if name not in known[title]:
                yield f"{name} in [{title}] is not known. There are {_listed(known[title])}."
            elif not known[title][name][0](value):
                yield f"{name} in [{title}] must be {known[title][name][1]}."
    records = plain.get("records", {})
    if isinstance(records, dict) and records.get("engine") == "postgresql" and not records.get("connection"):
        yield 'connection in [records] is missing; engine = "postgresql" needs it.'


def _listed(names: dict[str, Any]) -> str:
    return ", ".join(sorted(names))


def _is_file_name(value: object) -> bool:
    return isinstance(value, str) and value == Path(value).name and value not in {"", ".", "..", "keys.json", FILE}


def _is_port(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _LAST_PORT


def _is_hosts(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(host, str) and host not in {"", "*"} for host in value)
    )


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


_RECORDS: dict[str, Any] = {
    "engine": (lambda value: value in ("sqlcipher", "postgresql"), '"sqlcipher" or "postgresql"'),
    "file": (_is_file_name, "the name of a file in the agency's folder"),
    "connection": (lambda value: isinstance(value, str), "text"),
    "maintenance": (lambda value: isinstance(value, str), "text"),
}
_SERVER: dict[str, Any] = {
    "port": (_is_port, f"a whole number from 1 to {_LAST_PORT}"),
    "allowed_hosts": (_is_hosts, 'a list of host names, without "*"'),
    "behind_tls": (_is_bool, "true or false"),
}
_AGENCY: dict[str, Any] = {
    "language": (lambda value: value in ("en", "es"), '"en" or "es"'),
    "made_up": (_is_bool, "true or false"),
    "time_zone": (_is_zone, 'the name of a time zone, such as "America/Chicago"'),
    "service_name": (lambda value: isinstance(value, str) and 0 < len(value) <= 40, "a short name that tells nothing"),
}
