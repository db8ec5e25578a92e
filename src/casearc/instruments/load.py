"""Loading instruments by id or folder, and checking a folder."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from casearc.errors import Fault, InstrumentError, UsageError
from casearc.instruments._build import build
from casearc.instruments._examples import WorkedExample, read_examples, run_examples
from casearc.instruments._locate import HEAD, Place, find_places, instrument_id
from casearc.instruments._read import read_folder
from casearc.instruments._toml import read_toml
from casearc.instruments._variant import apply_variant
from casearc.instruments._wording import check_template
from casearc.instruments.definition import Instrument, ScoreDefinition

EXAMPLES = "worked_examples.csv"


def load(source: str | Path, *, variant: str | None = None, folders: Sequence[str | Path] = ()) -> Instrument:
    """Load an instrument, after checking all its files and running its worked examples.

    Parameters
    ----------
    source
        An id (``"mspss"``), an id and a variant (``"cop_se:short-13"``), or the folder of an instrument.
    variant
        The variant, where `source` does not name it.
    folders
        An agency's own folders: instruments, or folders that hold instruments. A folder named after a shipped
        instrument that holds only ``variants/`` adds variants to it.

    Raises
    ------
    UsageError
        No such instrument or variant.
    InstrumentError
        Its files are wrong; every fault is listed.

    Examples
    --------
    >>> load("cop_se:short-13").key_version
    'cop_se 1.0.0 short-13'
    """
    instrument, _ = _load_with_examples(source, variant=variant, folders=folders)
    return instrument


def worked_examples(
    source: str | Path, *, variant: str | None = None, folders: Sequence[str | Path] = ()
) -> tuple[WorkedExample, ...]:
    """The worked examples of an instrument, as `load` runs them. Same arguments and errors as `load`."""
    return _load_with_examples(source, variant=variant, folders=folders)[1]


def available(folders: Sequence[str | Path] = ()) -> tuple[str, ...]:
    """What `load` takes, sorted: ids, and ids with a variant. `folders` as in `load`.

    Examples
    --------
    >>> available()
    ('cop_se', 'cop_se:short-13', 'cop_se:short-13-full-numbers', 'mspss', 'urica')
    """
    names: list[str] = []
    for instrument, place in sorted(find_places(folders).items()):
        names += [instrument, *(f"{instrument}:{variant}" for variant in sorted(place.variants))]
    return tuple(names)


def check(folder: str | Path) -> tuple[Fault, ...]:
    """Everything that is wrong with an instrument's folder and its variants; empty where nothing is.

    A fault names the file and, where it can be told, the line. Includes worked examples that do not come out.
    For a folder that only adds variants to a shipped instrument, those variants are checked.

    Examples
    --------
    >>> from casearc.instruments._locate import SHIPPED
    >>> check(SHIPPED / "mspss")
    ()
    """
    path = Path(folder)
    if not path.is_dir():
        return (Fault(problem="there is no such folder.", file=path.name),)
    place, name = _place_to_check(path)
    if place is None:
        return (
            Fault(
                problem="the file is missing.",
                remedy="The folder of an instrument holds it; name that folder.",
                file=HEAD,
            ),
        )
    faults: list[Fault] = []
    if not place.added:
        _read(place, name, None, faults)
        faults += check_template(place.folders[0])
    for variant in sorted(place.added or place.variants):
        own: list[Fault] = []
        _read(place, name, variant, own)
        faults += [fault for fault in own if fault not in faults]
    return tuple(faults)


def find_score(instruments: Sequence[Instrument], score_id: str) -> tuple[Instrument, ScoreDefinition]:
    """The score with this id and the instrument it belongs to.

    Raises
    ------
    UsageError
        None of the instruments has it.
    """
    for instrument in instruments:
        for score in instrument.scores:
            if score.id == score_id:
                return instrument, score
    known = [score.id for instrument in instruments for score in instrument.scores]
    near = get_close_matches(score_id, known, n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Known scores: {', '.join(known) or 'none'}."
    raise UsageError(f"There is no score `{score_id}`. {hint}")


def _load_with_examples(
    source: str | Path, *, variant: str | None, folders: Sequence[str | Path]
) -> tuple[Instrument, tuple[WorkedExample, ...]]:
    place, name, asked = _find(source, variant, folders)
    faults: list[Fault] = []
    found = _read(place, name, asked, faults)
    if faults or found is None:
        shown = f"{name}:{asked}" if asked else name
        raise InstrumentError(f"The instrument `{shown}` cannot be used as it is.", faults=faults)
    return found


def _find(source: str | Path, variant: str | None, folders: Sequence[str | Path]) -> tuple[Place, str, str | None]:
    """Resolve what was asked for to a place, an id and a variant."""
    if isinstance(source, Path) or (Path(source) / HEAD).is_file():
        path = Path(source)
        if not (path / HEAD).is_file():
            raise UsageError(f"The folder {path.name} holds no {HEAD}.")
        name = instrument_id(path)
        place = Place(folders=[path], variants={p.stem: p for p in sorted((path / "variants").glob("*.toml"))})
    else:
        name, _, named = source.partition(":")
        if named and variant and named != variant:
            raise UsageError(f"Two variants are asked for, `{named}` and `{variant}`.")
        variant = variant or named or None
        places = find_places(folders)
        if name not in places:
            near = get_close_matches(name, places, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(sorted(places))}."
            raise UsageError(f"There is no instrument `{name}`. {hint}")
        place = places[name]
    if variant and variant not in place.variants:
        known = ", ".join(sorted(place.variants)) or "none"
        raise UsageError(f"The instrument `{name}` has no variant `{variant}`. Its variants: {known}.")
    return place, name, variant


def _read(
    place: Place, name: str, variant: str | None, faults: list[Fault]
) -> tuple[Instrument, tuple[WorkedExample, ...]] | None:
    """Read one form with its worked examples; None and faults where it is wrong."""
    if len(place.folders) > 1:
        faults.append(
            Fault(
                problem=f"more than one folder says it is `{name}`.",
                remedy="Give your own instrument an id of its own, or add a variant to the shipped one.",
                file=HEAD,
            )
        )
    if variant in place.clashes:
        faults.append(Fault(problem=f"the variant `{variant}` is there more than once.", file=f"{variant}.toml"))
    draft = read_folder(place.folders[0], faults=faults)
    if draft is None:
        return None
    examples = place.folders[0] / EXAMPLES
    if variant:
        path = place.variants[variant]
        table = read_toml(path, faults=faults, name=f"variants/{path.name}")
        if table is None:
            return None
        apply_variant(draft, table, version_required=variant in place.added)
        if draft.variant != variant:
            table.fault(f"`id` must be the file's name, `{variant}`.", key="id")
        examples = path.with_name(f"{variant}.{EXAMPLES}")
    instrument = build(draft, variants=tuple(sorted(place.variants)))
    if faults:
        return None
    read = read_examples(examples, instrument, faults=faults)
    run_examples(read, instrument, file=examples.name, faults=faults)
    return None if faults else (instrument, read)


def _place_to_check(path: Path) -> tuple[Place | None, str]:
    """The place of a folder to check: an instrument of its own, or variants for a shipped one."""
    if (path / HEAD).is_file():
        place, name, _ = _find(path, None, ())
        return place, name
    name = path.resolve().name
    found = find_places([path]).get(name)
    return (found if found and found.added else None), name
