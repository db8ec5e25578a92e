"""Reads the agency's policy: a TOML file with ``[disclosure] floor``."""

from __future__ import annotations

import tomllib
from pathlib import Path

from casearc.disclosure.policy import Policy
from casearc.errors import UsageError


def read_policy(path: Path | str | None) -> Policy:
    """Read the agency's disclosure policy; without a file the default (a floor of 11).

    Parameters
    ----------
    path
        A file like::

            [disclosure]
            floor = 15

    Raises
    ------
    UsageError
        The file is not TOML, or holds anything but ``[disclosure] floor`` as a whole number.
    DisclosureRefusedError
        The floor is below three.
    """
    if path is None:
        return Policy()
    name = Path(path).name
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} is not a TOML file ({error}). It should hold [disclosure] and floor = 11.") from error
    section = content.get("disclosure", {})
    unknown = sorted({*content} - {"disclosure"}) or sorted({*section} - {"floor"})
    if unknown:
        raise UsageError(f"{name}: unknown key {unknown[0]}. A policy holds [disclosure] and floor, a whole number.")
    floor = section.get("floor", Policy().floor)
    if not isinstance(floor, int) or isinstance(floor, bool):
        raise UsageError(f"{name}: floor must be a whole number, for example floor = 11.")
    return Policy(floor=floor)
