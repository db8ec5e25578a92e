"""Official wording of an instrument in one language, with the permission it rests on.

The texts belong to the instrument's authors, so none ship with Casearc: an agency fills in ``wording.<language>.toml``
from the template in the instrument's folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casearc.errors import Fault, InstrumentError
from casearc.instruments import Instrument
from casearc.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Texts of an instrument in one language.

    items, responses
        Item -> text; number of a response -> label, for those that carry one.
    holder, granted_on, document
        The permission: who gave it, when, and where it is written.
    """

    instrument: str
    language: str
    title: str = ""
    instructions: str = ""
    items: Mapping[str, str] = field(default_factory=dict)
    responses: Mapping[str, str] = field(default_factory=dict)
    holder: str = ""
    granted_on: str = ""
    document: str = ""

    @property
    def permitted(self) -> bool:
        """Whether it names the permission it rests on; without one it must not be used."""
        return bool(self.holder and self.granted_on and self.document)


def read_wording(path: Path, instrument: Instrument) -> Wording:
    """Read ``wording.<language>.toml`` of an instrument.

    Parameters
    ----------
    path
        The file.
    instrument
        The instrument it must belong to; each of its items needs a text.

    Returns
    -------
    Wording
        The texts; whether the permission is filled in says `Wording.permitted`.

    Raises
    ------
    InstrumentError
        The file cannot be read, or leaves items out. Lists every fault.

    Examples
    --------
    >>> read_wording(Path("mspss/wording.en.toml"), load("mspss")).permitted  # doctest: +SKIP
    True
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        faults = [Fault(problem=say("the file cannot be read."), remedy=say("Save it as UTF-8 text."), file=path.name)]
    except tomllib.TOMLDecodeError:
        faults = [Fault(problem=say("this is not valid TOML."), remedy=say("Texts stand in quotes."), file=path.name)]
    else:
        faults = [Fault(problem=problem, file=path.name) for problem in _problems(values, instrument)]
        if not faults:
            return _wording(values)
    raise InstrumentError(
        say("The wording of `{reference}` cannot be used as it is.", reference=instrument.reference), faults=faults
    )


def _problems(values: Mapping[str, object], instrument: Instrument) -> Iterator[str]:
    if values.get("instrument") != instrument.id:
        yield say("`instrument` must be `{instrument}`.", instrument=instrument.id)
    for key in ("language", "title", "instructions"):
        if not isinstance(values.get(key, ""), str):
            yield say("`{key}` must be a text in quotes.", key=key)
    if not values.get("language"):
        yield say("`language` is empty.")
    tables = {key: _texts(values, key) for key in ("items", "responses", "permission")}
    for key, texts in tables.items():
        if texts is None:
            yield say("[{key}] must hold texts in quotes.", key=key)
    items = tables["items"] or {}
    for item in instrument.items:
        if not items.get(item.id):
            yield say("item {item} has no text.", item=item.id)
    for item_id in set(items) - {item.id for item in instrument.items}:
        yield say("item {item} is not in the instrument.", item=item_id)
    allowed = {str(number) for number in range(instrument.low, instrument.high + 1)}
    for code in set(tables["responses"] or {}) - allowed:
        yield say(
            "[responses] has {code}, and answers lie between {low} and {high}.",
            code=code,
            low=instrument.low,
            high=instrument.high,
        )


def _texts(values: Mapping[str, object], key: str) -> dict[str, str] | None:
    table = values.get(key, {})
    if not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
        return None
    return {str(name): str(text).strip() for name, text in table.items()}


def _wording(values: Mapping[str, object]) -> Wording:
    permission = _texts(values, "permission") or {}
    return Wording(
        instrument=str(values["instrument"]),
        language=str(values["language"]),
        title=str(values.get("title", "")),
        instructions=str(values.get("instructions", "")),
        items=_texts(values, "items") or {},
        responses=_texts(values, "responses") or {},
        holder=permission.get("holder", ""),
        granted_on=permission.get("granted_on", ""),
        document=permission.get("document", ""),
    )
