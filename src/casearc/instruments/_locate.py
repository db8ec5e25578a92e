"""Where instruments are: those shipped with Casearc, and folders an agency names."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from casearc.errors import UsageError

SHIPPED = Path(__file__).parent
HEAD = "instrument.toml"


@dataclass(slots=True)
class Place:
    """The folders that hold one instrument. More than one in `folders` is a clash. `variants`: id -> file;
    those an agency adds to a shipped instrument are in `added`."""

    folders: list[Path] = field(default_factory=list)
    variants: dict[str, Path] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)
    clashes: list[str] = field(default_factory=list)


def find_places(folders: Sequence[str | Path] = ()) -> dict[str, Place]:
    """All instruments to be found, by id. A folder is an instrument, or holds instruments one level down.

    A folder without instrument.toml that is named after an instrument and holds `variants/` adds to that instrument.
    Raises `UsageError` where a folder is not there.
    """
    for folder in folders:
        if not Path(folder).is_dir():
            raise UsageError(f"There is no folder `{Path(folder).name}` to look for instruments in.")
    places: dict[str, Place] = {}
    additions: list[tuple[str, Path]] = []
    for root in (SHIPPED, *(Path(folder) for folder in folders)):
        for candidate in [root, *sorted(path for path in _children(root))]:
            if (candidate / HEAD).is_file():
                place = places.setdefault(instrument_id(candidate), Place())
                if candidate.resolve() not in [known.resolve() for known in place.folders]:
                    place.folders.append(candidate)
                    _add_variants(place, candidate, added=False)
            elif root is not SHIPPED and (candidate / "variants").is_dir():
                additions.append((candidate.resolve().name, candidate))
    for name, candidate in additions:
        if name in places:
            _add_variants(places[name], candidate, added=True)
    return places


def _children(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if path.is_dir()]


def _add_variants(place: Place, folder: Path, *, added: bool) -> None:
    for path in sorted((folder / "variants").glob("*.toml")):
        if path.stem in place.variants:
            place.clashes.append(path.stem)
        place.variants[path.stem] = path
        if added:
            place.added.add(path.stem)


def instrument_id(folder: Path) -> str:
    """The id that a folder's instrument.toml gives; the folder's name where it cannot be read."""
    try:
        found = tomllib.loads((folder / HEAD).read_text(encoding="utf-8-sig")).get("id")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        found = None
    return found if isinstance(found, str) and found else folder.resolve().name
