"""Suppression, the last resort: which counts of a body go, so that no small one can be worked out.

Primary: every count below the threshold, zero included. A zero that is shown says of everybody else that they are
elsewhere; shown beside one full cell it says that a group is all the same. Since zeros go as small counts go, no
group can be shown as all the same.

Secondary: further counts that shield them. The order in which shields are taken does not look at values: from the
last of the table to the first, cells before margins, first where one count alone is unknown. (Taking
"the smallest that will do", as is common, tells an attacker who knows the rule that the shield is smaller than
every count shown, and with the total that can be enough to work out the small one.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casearc.disclosure.ledger import WITHHOLDING, Claim, Entry, Ledger, exact
from casearc.disclosure.structure import Equation


def suppress(group: Sequence[int], values: Mapping[int, int], ledger: Ledger) -> Ledger:
    """Enter one group of counts that hang together, hiding as little as the audit allows.

    If even the mildest of hiding fails, the whole group is withheld, and then nothing says which were small.
    """
    open_counts = [c for c in group if not _settled(c, ledger)]
    small = [c for c in open_counts if values[c] < ledger.threshold]
    shields: list[int] = []
    while True:
        hidden = {*small, *shields}
        shown = [c for c in open_counts if c not in hidden]
        if not shown:
            return ledger.trial([Entry(c, Claim.VEILED) for c in open_counts]).ledger
        trial = ledger.trial(
            [
                *exact(shown, values),
                *(Entry(c, Claim.SMALL) for c in small),
                *(_shielding(c, ledger) for c in shields),
            ]
        )
        if trial.passes:
            return trial.ledger
        shields.append(_next_shield(shown, ledger))


def _settled(count: int, ledger: Ledger) -> bool:
    entry = ledger.claim(count)
    return entry is not None and (entry.claim is Claim.EXACT or entry.claim in WITHHOLDING)


def _shielding(count: int, ledger: Ledger) -> Entry:
    """Withhold a count that is not small; one that already stands as a band keeps its band."""
    entry = ledger.claim(count)
    return entry if entry is not None and entry.claim is Claim.BAND else Entry(count, Claim.SHIELD)


def _next_shield(shown: Sequence[int], ledger: Ledger) -> int:
    """Return the count to withhold next: from what is shown and how counts add up, never from a value."""
    place = {count: i for i, count in enumerate(shown)}
    lonely: list[Equation] = []
    linked: list[Equation] = []
    for equation in ledger.structure.equations:
        unknown = [t for t in equation.terms if t not in place and not _is_public(t, ledger)]
        if unknown:
            (lonely if len(unknown) == 1 else linked).append(equation)
    for equations in (lonely, linked):
        parts = [place[p] for equation in equations for p in equation.parts if p in place]
        wholes = [place[equation.whole] for equation in equations if equation.whole in place]
        for places in (parts, wholes):
            if places:
                return shown[max(places)]
    return shown[-1]


def _is_public(count: int, ledger: Ledger) -> bool:
    entry = ledger.claim(count)
    return entry is not None and entry.claim is Claim.EXACT


def groups(counts: Sequence[int], ledger: Ledger) -> list[list[int]]:
    """Split counts into groups that share an equation, each in the order given; groups in order of first count."""
    structure = ledger.structure
    wanted = set(counts)
    assigned: dict[int, list[int]] = {}
    result: list[list[int]] = []
    for start in counts:
        if start in assigned:
            continue
        members: set[int] = set()
        stack = [start]
        while stack:
            count = stack.pop()
            if count in members:
                continue
            members.add(count)
            if _is_public(count, ledger):
                continue  # a public count links nothing
            for e in structure.touching[count]:
                stack.extend(term for term in structure.equations[e].terms if term in wanted)
        group = [count for count in counts if count in members and count not in assigned]
        assigned.update(dict.fromkeys(group, group))
        result.append(group)
    return result
