"""The Spanish of the application: collects what is to be said in two languages, compiles it, checks it.

    python tools/messages.py collect    brings the catalog up to date with code and templates
    python tools/messages.py merge F…   takes translations from JSON files {english: spanish}
    python tools/messages.py compile    writes the .mo that Django reads
    python tools/messages.py check      fails when a string lacks its Spanish, a placeholder differs, or a file is stale

Babel reads Python; Django turns its templates into something Babel can read. GNU gettext is not needed.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
WEB = ROOT / "src" / "casearc_web"
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
FOLDER = WEB / "locale" / "es" / "LC_MESSAGES"
CATALOG, COMPILED = FOLDER / "django.po", FOLDER / "django.mo"
NOT_SAID = ("specimen", "migrations")

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], None),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%(?:\([a-z_]+\))?[sdif]|\{[a-z_]*\}")

Found = tuple[str, int, "str | tuple[str, ...]", str | None]


def found() -> Iterator[Found]:
    """Every string that is said: file, line, message, context."""
    for path in sorted(WEB.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not any(word in str(path.relative_to(WEB)) for word in NOT_SAID):
            yield from strings_of(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())


def strings_of(source: str, name: str) -> Iterator[Found]:
    """The strings of one file."""
    text = source if name.endswith(".py") else _readable(source, name)
    for line, message, _, context in extract(extract_python, io.BytesIO(text.encode()), keywords=KEYWORDS):
        yield name, line, message, context


def _readable(source: str, name: str) -> str:
    """A template as lines that Python's tokenizer accepts: Django leaves the calls, the rest becomes noise.

    Only the calls are kept, each on the line where it stood.
    """
    calls = re.compile(r"(?<!\w)(?:n?p?gettext|_)\((?:[^()\"']|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')*\)")
    lines = templatize(source, origin=name).split("\n")
    return "\n".join("; ".join(re.sub(r"\bu(?=[\"'])", "", call) for call in calls.findall(line)) for line in lines)


def fresh() -> Catalog:
    """A catalog of what the code says now."""
    catalog = _empty()
    for name, _, message, context in found():
        catalog.add(message, locations=[(name, None)], context=context)
    return catalog


def _empty() -> Catalog:
    catalog = Catalog(locale="es", fuzzy=False, header_comment="# What the application says, in Spanish.")
    catalog.mime_headers = [("Plural-Forms", "nplurals=2; plural=(n != 1);")]
    return catalog


def kept() -> Catalog:
    """The catalog in the repository."""
    if not CATALOG.exists():
        return _empty()
    with CATALOG.open("rb") as file:
        return read_po(file, locale="es")


def collect() -> Catalog:
    """What the code says, with the Spanish there is. Nothing is guessed, nothing unused is kept."""
    old, new = kept(), fresh()
    for message in said(new):
        before = old.get(message.id, message.context)
        if before is not None and before.string:
            message.string = before.string
    return new


def said(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def save(catalog: Catalog) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    CATALOG.write_bytes(_as_po(catalog))


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


def merge(files: Iterable[str]) -> Catalog:
    """The Spanish of JSON files, for strings that have none yet. A plural is written as a list [one, many]."""
    catalog = collect()
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


def faults() -> list[str]:
    """What keeps the two languages from being equal; empty when nothing does."""
    old, new = kept(), collect()
    wrong = [f"no Spanish for: {message.id!r} ({_where(message)})" for message in said(new) if _lacks(message)]
    wrong += [f"a placeholder differs: {m.id!r} and {m.string!r}" for m in said(new) if _placeholders(m)]
    if {(m.id, m.context) for m in said(old)} != {(m.id, m.context) for m in said(new)}:
        wrong.append(f"{CATALOG.name} does not hold what the code says: make messages")
    if not COMPILED.exists() or COMPILED.read_bytes() != _as_mo(old):
        wrong.append(f"{COMPILED.name} is older than {CATALOG.name}: make messages")
    return wrong


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
            save(collect())
        case ["merge", *files]:
            save(merge(files))
        case ["compile"]:
            COMPILED.write_bytes(_as_mo(kept()))
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
