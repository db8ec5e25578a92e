"""The Spanish of the application and of the library: what is to be said in two languages collected, compiled, checked.

    python tools/messages.py collect    brings the catalogs up to date with code and templates
    python tools/messages.py merge F…   takes translations from JSON files {english: spanish}
    python tools/messages.py compile    writes the .mo that Django and `casearc.language` read
    python tools/messages.py check      fails when a string lacks its Spanish, a placeholder differs, or a file is stale

Babel reads Python; Django turns its templates into something Babel can read. GNU gettext is not needed.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
Keywords = Mapping[str, tuple[int | tuple[int, str], ...] | None]

KEYWORDS: Keywords = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], None),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
LIBRARY_KEYWORDS: Keywords = {"say": (1,), "to_say": (1,), "say_many": (1, 2)}
PLACEHOLDER = re.compile(r"%(?:\([a-z_]+\))?[sdif]|\{[a-z_]*(?::[^{}]*)?\}")


class Source(NamedTuple):
    """Code with a catalog of its own. `not_said` are folders whose strings nobody reads."""

    code: Path
    domain: str
    title: str
    keywords: Keywords
    suffixes: frozenset[str] = frozenset({".py"})
    not_said: tuple[str, ...] = ()

    @property
    def catalog(self) -> Path:
        """The file that people edit."""
        return self.code / "locale" / "es" / "LC_MESSAGES" / f"{self.domain}.po"

    @property
    def compiled(self) -> Path:
        """The file that programs read."""
        return self.catalog.with_suffix(".mo")


WEB = Source(
    code=ROOT / "src" / "casearc_web",
    domain="django",
    title="What the application says, in Spanish.",
    keywords=KEYWORDS,
    suffixes=frozenset({".py", ".html", ".txt"}),
    not_said=("specimen", "migrations"),
)
LIBRARY = Source(
    code=ROOT / "src" / "casearc",
    domain="casearc",
    title="What the library says, in Spanish.",
    keywords=LIBRARY_KEYWORDS,
)
SOURCES = (WEB, LIBRARY)

Found = tuple[str, int, "str | tuple[str, ...]", str | None]


def found(source: Source) -> Iterator[Found]:
    """Every string that is said: file, line, message, context."""
    for path in sorted(source.code.rglob("*")):
        name = str(path.relative_to(source.code))
        if path.suffix in source.suffixes and not any(word in name for word in source.not_said):
            text = path.read_text(encoding="utf-8")
            yield from strings_of(text, path.relative_to(ROOT).as_posix(), source.keywords)


def strings_of(source: str, name: str, keywords: Keywords = KEYWORDS) -> Iterator[Found]:
    """The strings of one file."""
    text = source if name.endswith(".py") else _readable(source, name)
    for line, message, _, context in extract(extract_python, io.BytesIO(text.encode()), keywords=keywords):
        yield name, line, message, context


def _readable(source: str, name: str) -> str:
    """A template as lines that Python's tokenizer accepts: Django leaves the calls, the rest becomes noise.

    Only the calls are kept, each on the line where it stood.
    """
    calls = re.compile(r"(?<!\w)(?:n?p?gettext|_)\((?:[^()\"']|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')*\)")
    lines = templatize(source, origin=name).split("\n")
    return "\n".join("; ".join(re.sub(r"\bu(?=[\"'])", "", call) for call in calls.findall(line)) for line in lines)


def fresh(source: Source) -> Catalog:
    """A catalog of what the code says now."""
    catalog = _empty(source)
    for name, _, message, context in found(source):
        catalog.add(message, locations=[(name, None)], context=context)
    return catalog


def _empty(source: Source) -> Catalog:
    catalog = Catalog(locale="es", fuzzy=False, header_comment=f"# {source.title}")
    catalog.mime_headers = [("Plural-Forms", "nplurals=2; plural=(n != 1);")]
    return catalog


def kept(source: Source) -> Catalog:
    """The catalog in the repository."""
    if not source.catalog.exists():
        return _empty(source)
    with source.catalog.open("rb") as file:
        return read_po(file, locale="es")


def collect(source: Source) -> Catalog:
    """What the code says, with the Spanish there is. Nothing is guessed, nothing unused is kept."""
    old, new = kept(source), fresh(source)
    for message in said(new):
        before = old.get(message.id, message.context)
        if before is not None and before.string:
            message.string = before.string
    return new


def said(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def save(source: Source, catalog: Catalog) -> None:
    source.catalog.parent.mkdir(parents=True, exist_ok=True)
    source.catalog.write_bytes(_as_po(catalog))


def _as_po(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, omit_header=False, sort_output=True, width=120, include_lineno=False)
    # Dates and versions of tools would change with every run.
    noise = re.compile(r'"(POT?-|Project-|Generated-By|Report-|Last-T|Language-T)')
    return "".join(line for line in out.getvalue().decode().splitlines(keepends=True) if not noise.match(line)).encode()


def _as_mo(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    catalog.creation_date = NO_DAY  # Babel writes down the minute, and no two files would be the same
    write_mo(out, catalog)
    return out.getvalue()


def merge(source: Source, files: Iterable[str]) -> Catalog:
    """The Spanish of JSON files, for strings that have none yet. A plural is written as a list [one, many]."""
    catalog = collect(source)
    for name in files:
        spanish = json.loads(Path(name).read_text(encoding="utf-8"))
        for message in said(catalog):
            if _lacks(message):
                english = message.id if isinstance(message.id, str) else message.id[0]
                message.string = _given(message, spanish.get(english))
    return catalog


def _given(message: Message, spanish: str | list[str] | None) -> str | tuple[str, ...]:
    if not spanish:
        return message.string
    if isinstance(spanish, list):
        return tuple(spanish)
    return spanish if isinstance(message.id, str) else (spanish, spanish)


def _lacks(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return not strings or not all(strings)


def faults(sources: Iterable[Source] = SOURCES) -> list[str]:
    """What keeps the two languages from being equal; empty when nothing does."""
    return [fault for source in sources for fault in _faults(source)]


def _faults(source: Source) -> Iterator[str]:
    old, new = kept(source), collect(source)
    catalog, compiled = source.catalog, source.compiled
    yield from (f"no Spanish for: {message.id!r} ({_where(message)})" for message in said(new) if _lacks(message))
    yield from (f"a placeholder differs: {m.id!r} and {m.string!r}" for m in said(new) if _placeholders(m))
    if {(m.id, m.context) for m in said(old)} != {(m.id, m.context) for m in said(new)}:
        yield f"{catalog.name} does not hold what the code says: make messages"
    if not compiled.exists() or compiled.read_bytes() != _as_mo(old):
        yield f"{compiled.name} is older than {catalog.name}: make messages"


def _where(message: Message) -> str:
    return ", ".join(sorted({name for name, _ in message.locations}))


def _placeholders(message: Message) -> bool:
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    allowed = [sorted(PLACEHOLDER.findall(text)) for text in ids]
    return any(text and sorted(PLACEHOLDER.findall(text)) not in allowed for text in strings)


def main(arguments: list[str]) -> int:
    os.environ.setdefault("PYTHONUTF8", "1")
    if not settings.configured:
        settings.configure()  # templatize asks for them
    match arguments:
        case ["collect"]:
            for source in SOURCES:
                save(source, collect(source))
        case ["merge", *files]:
            for source in SOURCES:
                save(source, merge(source, files))
        case ["compile"]:
            for source in SOURCES:
                source.compiled.write_bytes(_as_mo(kept(source)))
        case ["check"]:
            wrong = faults()
            print("\n".join(wrong) or "Both languages say everything.")
            return 1 if wrong else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
