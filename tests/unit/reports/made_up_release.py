"""A made-up release with every kind of table and figure, at the length a real evaluation has.

All people and numbers are invented. The release carries the gate's seal because these tests are about printing;
what the gate itself does is tested where it lives.
"""

from __future__ import annotations

from typing import Any

from made_up_findings import every_finding

from casearc.disclosure import Band, Edition, Exact, Release, ReleasedFinding, Shown, Withheld
from casearc.disclosure.release import SEAL
from casearc.reports import ReportDetails


def details(**changes: Any) -> ReportDetails:
    """Details of a made-up evaluation."""
    fields: dict[str, Any] = {
        "title": "Support, coping and readiness in the North Harbor youth program, first three years",
        "program": "North Harbor case management for young survivors, made up for tests",
        "plan_digest": "6f1c" * 16,
        "data_digest": "09ab" * 16,
        "version": "0.1.0",
        "seed": 20260101,
        "plan_sentences": (
            "The design is a double pretest: two measurements before service starts, then one at six months.",
            "Wave “intake” is at day −45 (30 days earlier to 20 later), “start” at day 0 (20 earlier to 14 later) "
            "and “six months” at day 183 (30 earlier to 45 later).",
            "The primary outcome is perceived social support (mspss_total); higher is better.",
            "Dose “months” is the months from the first to the last completed contact between “start” and “six "
            "months”.",
            "Model support_by_months is linear: support at six months on months of service, adjusted for support "
            "at the start and for age; errors are robust (HC3).",
        ),
        "deviations": (
            "Race and ethnicity were told in two groups instead of seven: finer groups were too small to be shown.",
        ),
        "data_report": {
            "files": [
                _file("participants.csv", "participants", 98, 95, "age outside the program's range"),
                _file("contacts.csv", "contacts", 12480, 12402, "dated after the data were drawn"),
                _file("administrations-and-responses-of-all-instruments.csv", "responses", 271, 271, ""),
            ],
            "tables": {"participants": 95, "contacts": 12402},
            "notes": ["Two date formats were found in contacts.csv; both were read as year, month, day."],
        },
    }
    return ReportDetails(**(fields | changes))


def _file(file: str, purpose: str, read: int, kept: int, reason: str) -> dict[str, object]:
    aside = [{"reason": reason, "rows": read - kept}] if reason else []
    return {
        "file": file,
        "purpose": purpose,
        "rows_read": read,
        "rows_kept": kept,
        "rows_set_aside": read - kept,
        "set_aside": aside,
        "rows_refused": 0,
    }


def release(
    edition: Edition = Edition.OUTSIDE,
    *,
    findings: tuple[ReleasedFinding, ...] | None = None,
    shown: dict[str, Shown] | None = None,
) -> Release:
    """A release as the gate would hand it on."""
    known = counts(edition) if shown is None else shown
    return Release(
        edition=edition,
        threshold=11,
        findings=every_finding(edition) if findings is None else findings,
        shown=known,
        partitions=(),
        seal=SEAL,
    )


TRUE_COUNTS = {
    "enrolled": 95, "intake": 95, "start": 90, "later": 71, "paired": 67, "female": 78, "male": 14, "nonbinary": 3,
    "minority": 61, "white": 34, "confirmed": 52, "presumed": 29, "unknown": 14, "worse2": 2, "worse": 5, "down": 13,
    "up": 19, "better": 17, "better2": 11, "lost": 24, "kept": 71,
    **{f"f{i}{j}": n for i, row in enumerate(
        ((9, 14, 3, 0), (2, 12, 16, 1), (0, 4, 11, 5), (0, 1, 2, 3))) for j, n in enumerate(row)},
}  # fmt: skip


def counts(edition: Edition) -> dict[str, Shown]:
    """In the house every count; outside small ones withheld and one basis as a band."""
    if edition is Edition.IN_HOUSE:
        return {key: Exact(n) for key, n in TRUE_COUNTS.items()}
    out: dict[str, Shown] = {key: Exact(n) if n >= 11 else Withheld() for key, n in TRUE_COUNTS.items()}
    return out | {"paired": Band(60, 70), "male": Withheld(), "down": Withheld(), "better": Band(11, 20)}
