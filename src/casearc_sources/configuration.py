"""``sources.toml``: where an agency's records may be fetched from. It holds no secret, only the names of their files.

[source.agency]
kind = "redcap"
address = "https://redcap.example.org/api/"
token_file = "token.txt"

[source.cases]
kind = "sql"
address_file = "address.txt"
tables = ["clients"]
queries = { contacts = "select enrollment_id, day, minutes from contacts" }
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casearc.tables import FaultLog, suggestion
from casearc_sources.addresses import why_no_redcap
from casearc_sources.errors import SourcesError
from casearc_sources.secret_files import changeable_by_others, read_secret
from casearc_sources.settings import NAME, NEEDED, SETTINGS

_NO_TOKEN = "This is no token: REDCap's have 32 signs, 0 to 9 and A to F."
_TOKEN = re.compile(r"^[0-9A-Fa-f]{32}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RedcapSource:
    """A REDCap project.

    address, token
        Of its programming interface, and whose rights are used there.
    certificates
        A file with the certificates to trust in place of the usual ones (an agency's own authority).
    proxy
        The one proxy to go through; without it none is used, whatever the environment says.
    timeout
        Seconds to wait for the next bytes; a whole answer may take ten times as long.
    records_at_once
        How many records one request asks for.
    forms
        The only forms to fetch; empty for all.
    identifiers
        Also fetch the fields that the project marks as telling who a person is.
    texts
        Also fetch the boxes for notes, which Casearc's tables have no place for.
    timestamps
        Also fetch when each form was sent.
    """

    name: str
    address: str
    token: str = field(repr=False)
    certificates: Path | None = None
    proxy: str = ""
    timeout: int = 60
    records_at_once: int = 250
    forms: tuple[str, ...] = ()
    identifiers: bool = False
    texts: bool = False
    timestamps: bool = False

    def __post_init__(self) -> None:
        """Refuse a token that PyCap would repeat in an error, and an address that nothing may be sent to."""
        problem = why_no_redcap(self.address) or ("" if _TOKEN.match(self.token) else _NO_TOKEN)
        if problem:
            raise SourcesError(f"The source {self.name} cannot be used. {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlSource:
    """A database: tables (or views) and queries, each of which becomes a file. `folder` is where sources.toml is."""

    name: str
    address: str = field(repr=False)
    folder: Path
    tables: tuple[str, ...] = ()
    queries: Mapping[str, str] = field(default_factory=dict)
    timeout: int = 60


Source = RedcapSource | SqlSource


def read_source(path: Path, name: str) -> Source:
    """One source of a ``sources.toml``, with its secret.

    Parameters
    ----------
    path
        The file. Every source in it is checked; the secret of the one that is asked for is read, and no other.
    name
        Of the source.

    Returns
    -------
    RedcapSource or SqlSource

    Raises
    ------
    SourcesError
        The file, or the file with the secret, cannot be used; lists every fault, and shows no secret.

    Examples
    --------
    >>> source = read_source(Path("sources.toml"), "agency")  # doctest: +SKIP
    """
    sources = _sources(path)
    log = FaultLog()
    for each, settings in sources.items():
        for problem, remedy in _problems(each, settings):
            log.add(problem, remedy, file=path.name)
    if name not in sources:
        known = ", ".join(sources) or "none"
        log.add(f"There is no source {name}.", suggestion(name, sources) or f"There are: {known}.", file=path.name)
    log.raise_if_any(SourcesError, f"{path.name} is")
    settings = sources[name]
    key = "token_file" if settings["kind"] == "redcap" else "address_file"
    secret, problem = read_secret(path.parent / settings[key])
    if not problem and settings["kind"] == "redcap" and not _TOKEN.match(secret):
        problem = _NO_TOKEN
    if problem:
        log.add(problem, file=Path(settings[key]).name)
    log.raise_if_any(SourcesError, f"The secret of the source {name} is")
    return _source(path.parent, name, settings, secret)


def _sources(path: Path) -> dict[str, dict[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        exposed = changeable_by_others(path)
    except (OSError, UnicodeDecodeError):
        raise SourcesError(f"There is no file {path.name} that can be read as text.") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line [0-9]+", str(error))
        where = f", {place[0]}" if place else ""
        raise SourcesError(f"{path.name}{where}: this is not valid TOML.") from None
    if exposed:
        raise SourcesError(
            f"Other accounts of this machine may change {path.name}, and so send the token elsewhere. "
            f"Take that right away: chmod 600 {path.name}"
        )
    sources = content.get("source")
    tables = isinstance(sources, dict) and all(isinstance(each, dict) for each in sources.values())
    if not tables or set(content) != {"source"}:
        raise SourcesError(f"{path.name} must hold tables [source.NAME] and nothing else.")
    return dict(sources)  # type: ignore[arg-type]  # a dict, as `tables` says


def _problems(name: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    start = f"[source.{name}]"
    if not NAME.match(name):
        yield "The name of a source becomes a file's.", "Letters, digits, - and _, a letter first."
        return
    kind = settings.get("kind")
    if not isinstance(kind, str) or kind not in SETTINGS:
        yield f"{start} says no kind that is known.", 'Write kind = "redcap" or kind = "sql".'
        return
    checks = SETTINGS[kind]
    for key in NEEDED[kind]:
        if key not in settings:
            yield f"{start} has no {key}.", "Add it."
    for key in settings:
        if key != "kind" and key not in checks:
            secret = "A secret goes into a file of its own." if key in ("token", "password") else ""
            yield f"{start} has a setting that is not known: {key}.", suggestion(key, checks) or secret
    for key, check in checks.items():
        problem = check(settings[key]) if key in settings else ""
        if problem:
            yield f"{start}, {key}: {problem}", ""
    if kind == "sql":
        yield from _files(start, settings)


def _files(start: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the files a database's tables and queries become, as far as they are lists at all."""
    tables, queries = settings.get("tables", []), settings.get("queries", {})
    if not tables and not queries:
        yield f"{start} has neither tables nor queries.", "Name what is to be fetched."
    if not isinstance(tables, list) or not isinstance(queries, dict):
        return
    names = Counter([str(table).rpartition(".")[2].lower() for table in tables] + [name.lower() for name in queries])
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        yield f"{start} would write these files twice: {', '.join(twice)}.", "Give each query a name of its own."


def _source(folder: Path, name: str, settings: Mapping[str, Any], secret: str) -> Source:
    given = {key: value for key, value in settings.items() if key not in ("kind", "token_file", "address_file")}
    given |= {key: tuple(given[key]) for key in ("forms", "tables") if key in given}
    if settings["kind"] == "sql":
        return SqlSource(name=name, address=secret, folder=folder, **given)
    if "certificates" in given:
        given["certificates"] = folder / given["certificates"]
    return RedcapSource(name=name, token=secret, **given)
