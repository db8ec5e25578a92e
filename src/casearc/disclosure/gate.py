"""The gate: every finding on its way to a report comes through here.

Outside the house, findings are taken in the order of the weight the plan gave them, and in the order of the report
within that. Of each, the finest body goes out that can go out whole; if none can, the coarsest goes out with counts
suppressed; if not even its supports are large enough, the finding becomes a refusal that says so. Whatever is
decided stays decided, and each next decision is audited against everything already public.

What others do, and what was learnt from them: tau-Argus and sdcTable (R) protect table after table, and the
difference of two tables that were each safe has repeatedly given hidden cells away to their users; hence one system
of equations for the whole report. Their heuristics miss cells that several small counts share; hence the audit asks
for room, not for "not determined". Rounding (OpenSAFELY: counts to multiples of 5 or to a midpoint) protects without
shields but breaks the sums that readers of a 95-person report check by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from casearc.disclosure.bands import band_for
from casearc.disclosure.ledger import Claim, Entry, Ledger, exact
from casearc.disclosure.masking import mask
from casearc.disclosure.policy import Edition, Policy
from casearc.disclosure.release import SEAL, Band, Exact, Release, ReleasedFinding, Shown, Withheld
from casearc.disclosure.structure import build_structure, top_wholes, true_counts
from casearc.disclosure.suppression import groups, suppress
from casearc.findings import Body, Finding, Partition, Role, Section
from casearc.reading import bases as base_keys
from casearc.reading import displayed as displayed_keys

NOTHING_HERE = "The analysis gave no result."


def gate(
    findings: Sequence[Finding],
    *,
    policy: Policy,
    threshold: int | None = None,
    edition: Edition | str = Edition.OUTSIDE,
) -> Release:
    """Decide what of the findings may be printed.

    Parameters
    ----------
    findings
        All findings of the report, in its order. All of them, for two reports of the same people are two tables
        an attacker can subtract.
    policy
        The agency's rule.
    threshold
        What the plan asks for; None for the policy's floor.
    edition
        In the house everything is shown, each finding with its finest body.

    Raises
    ------
    DisclosureRefusedError
        If the threshold is below the policy's floor.
    ValueError
        If findings contradict each other about a count, or counts do not add up.

    Notes
    -----
    The promise, outside the house: an attacker who knows the release, how groups nest and this rule still has at
    least `threshold` feasible values for every count that is hidden or below the threshold, zero being as small as
    one. Checked by trying all small tables, and by linear programs written from the release alone.

    Examples
    --------
    >>> gate([], policy=Policy(floor=11)).threshold
    11
    """
    in_force = policy.threshold(threshold)
    if Edition(edition) is Edition.IN_HOUSE:
        return _in_house(findings, in_force)
    return _Outside(findings, in_force).release()


def _in_house(findings: Sequence[Finding], threshold: int) -> Release:
    true_counts(findings)
    released = tuple(_released(f, f.bodies[0] if f.bodies else Body(), ()) for f in findings)
    bodies = [finding.body for finding in released]
    return Release(
        edition=Edition.IN_HOUSE,
        threshold=threshold,
        findings=released,
        shown={key: Exact(value) for body in bodies for key, value in body.counts.items()},
        partitions=_partitions(bodies),
        seal=SEAL,
    )


def _released(finding: Finding, body: Body, told: tuple[str, ...], *, refusal: str = "") -> ReleasedFinding:
    return ReleasedFinding(
        id=finding.id,
        section=finding.section,
        title=finding.title,
        body=replace(body, tests=(), evidence=(), actions=()),
        plan_item=finding.plan_item,
        role=finding.role,
        warnings=finding.warnings,
        refusal=refusal or finding.refusal or ("" if finding.bodies else NOTHING_HERE),
        told=told,
    )


def _partitions(bodies: Iterable[Body]) -> tuple[Partition, ...]:
    return tuple(dict.fromkeys(p for body in bodies for p in body.partitions))


@dataclass(slots=True)
class _Choice:
    """The body chosen for a finding, and the n on which numbers may not rest there."""

    body: Body
    silent: frozenset[str] = field(default_factory=frozenset)


def _precedence(finding: Finding) -> tuple[int, bool]:
    """Who is served first: the plan's weight, and of equals the flow last, for its counts can be told as ranges."""
    return list(Role).index(finding.role), finding.section is Section.FLOW


class _Outside:
    """One run of the gate for the outside edition."""

    def __init__(self, findings: Sequence[Finding], threshold: int) -> None:
        self._findings = findings
        self._threshold = threshold
        self._counts = true_counts(findings)
        structure = build_structure(findings, self._counts)
        self._index = structure.index
        self._values = {structure.index[key]: value for key, value in self._counts.items()}
        self._ledger = Ledger(structure, threshold)
        self._choices: dict[int, _Choice] = {}

    def release(self) -> Release:
        self._publish_tops()
        for at in sorted(range(len(self._findings)), key=lambda i: _precedence(self._findings[i])):
            choice = self._choose(self._findings[at])
            if choice is not None:
                self._choices[at] = choice
        bodies = [choice.body for choice in self._choices.values()]
        shown = {key: self._shown(key) for body in bodies for key in body.counts}
        return Release(
            edition=Edition.OUTSIDE,
            threshold=self._threshold,
            findings=tuple(self._finish(at, shown) for at in range(len(self._findings))),
            shown=shown,
            partitions=_partitions(bodies),
            seal=SEAL,
        )

    def _publish_tops(self) -> None:
        """Wholes that are part of nothing, such as all who enrolled, are public if they reach the threshold."""
        structure = self._ledger.structure
        for count in sorted(top_wholes(len(structure.keys), structure.equations)):
            if structure.touching[count] and self._values[count] >= self._threshold:
                trial = self._ledger.trial(exact([count], self._values))
                if trial.passes:
                    self._ledger = trial.ledger

    def _choose(self, finding: Finding) -> _Choice | None:
        for body in finding.bodies:
            after = self._whole(body)
            if after is not None:
                self._ledger = after
                return _Choice(body)
        for body in reversed(finding.bodies):
            after = self._supported(body)
            if after is not None:
                self._ledger = after
                return self._suppressed(body)
        return None

    def _supported(self, body: Body) -> Ledger | None:
        """Return the ledger in which the supports are known to reach the threshold; None if that cannot be said."""
        if any(self._counts[key] < self._threshold for key in body.supports):
            return None
        supports = [self._index[key] for key in sorted(body.supports)]
        trial = self._ledger.trial(Entry(c, Claim.REACHES) for c in supports if self._ledger.claim(c) is None)
        return trial.ledger if trial.passes else None

    def _whole(self, body: Body) -> Ledger | None:
        """Return the ledger with the whole body in it, or None where something of it must not go out."""
        displayed, bases = displayed_keys(body), base_keys(body)
        if any(self._counts[key] < self._threshold for key in (*displayed, *bases)):
            return None
        ledger = self._supported(body)
        for key in bases:
            if ledger is None:
                return None
            ledger = self._with_base(key, ledger)
        if ledger is None:
            return None
        trial = ledger.trial(exact((self._index[key] for key in displayed), self._values))
        return trial.ledger if trial.passes else None

    def _with_base(self, key: str, ledger: Ledger) -> Ledger | None:
        """Return the ledger with an n as a band; None if no band is safe or the n is small."""
        count = self._index[key]
        entry = ledger.claim(count)
        if entry is not None and entry.claim in {Claim.EXACT, Claim.BAND}:
            return ledger
        if self._values[count] < self._threshold:
            return None
        band = band_for(count, self._values[count], ledger=ledger)
        return ledger.trial([band]).ledger if band is not None else None

    def _suppressed(self, body: Body) -> _Choice:
        silent = set()
        for key in base_keys(body):
            after = self._with_base(key, self._ledger)
            if after is None:
                silent.add(key)
                after = self._withhold_base(key)
            self._ledger = after
        shown = [self._index[key] for key in displayed_keys(body)]
        for group in groups(shown, self._ledger):
            self._ledger = suppress(group, self._values, self._ledger)
        silent |= {key for key in body.counts if self._counts[key] < self._threshold or self._veiled(key)}
        return _Choice(body, frozenset(silent))

    def _veiled(self, key: str) -> bool:
        """Tell whether a count is hidden so that not even its being small may be known."""
        entry = self._ledger.claim(self._index[key])
        return entry is not None and entry.claim is Claim.VEILED

    def _withhold_base(self, key: str) -> Ledger:
        """Withhold an n. That its numbers are missing says that it is small, where it is."""
        count = self._index[key]
        if self._ledger.claim(count) is not None:
            return self._ledger
        if self._values[count] < self._threshold:
            trial = self._ledger.trial([Entry(count, Claim.VEILED, 0, self._threshold - 1)])
            if trial.passes:
                return trial.ledger
        return self._ledger.trial([Entry(count, Claim.VEILED)]).ledger

    def _shown(self, key: str) -> Shown:
        count = self._index[key]
        entry = self._ledger.claim(count)
        if entry is not None and entry.claim is Claim.EXACT:
            return Exact(entry.low)
        low, high = self._ledger.derivable(count)
        if entry is not None and entry.claim is Claim.BAND:
            known = low == high and low >= self._threshold  # all its parts are shown: anybody can add them up
            return Exact(low) if known else Band(entry.low, entry.high)
        if low < self._threshold or high - low + 1 >= self._threshold:
            return Withheld()
        return Exact(low) if low == high else Band(low, high)  # anybody can work this out, and may

    def _finish(self, at: int, shown: dict[str, Shown]) -> ReleasedFinding:
        finding = self._findings[at]
        if not finding.bodies:
            return _released(finding, Body(), ())
        choice = self._choices.get(at)
        if choice is None:
            return _released(finding, Body(), (), refusal=self._refusal("rests on"))
        masked = mask(
            choice.body,
            shown=shown,
            speaks=lambda key: key not in choice.silent,
            threshold=self._threshold,
        )
        if masked.empty:
            return _released(finding, Body(), (), refusal=self._refusal("has counts of, or rests on,"))
        own = (choice.body.told,) if choice.body.told else ()
        return _released(finding, masked.body, (*own, *masked.told))

    def _refusal(self, rests_on: str) -> str:
        return (
            f"Not shown outside the house: this result {rests_on} fewer than {self._threshold} participants, "
            "or would let somebody work out such a count."
        )
