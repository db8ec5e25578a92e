"""Models with groups of too few people: who stands behind each group, and the model without such characteristics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from casearc.analyses.ledger import Ledger
from casearc.analyses.model_frame import Coding

LEFT_OUT = "Characteristics with groups of too few people were left out of the model."


def without_few(counts: Mapping[str, Mapping[str, int]], threshold: int) -> Coding | None:
    """The coding without characteristics that have a level of too few people; None where there are none."""
    small = frozenset(name for name, levels in counts.items() if min(levels.values()) < threshold)
    return replace(Coding(), without=small) if small else None


def support_groups(ledger: Ledger, key: str, counts: Mapping[str, Mapping[str, int]]) -> None:
    """Tell the ledger how the people of `key` fall into levels, each of which must reach the threshold."""
    for predictor, levels in counts.items():
        keys = {f"{key}:{predictor}={level}": count for level, count in levels.items()}
        ledger.split(key, keys)
        for name, count in keys.items():
            ledger.support(name, count)
