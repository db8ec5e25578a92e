"""What a report says about itself: where it comes from and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDetails:
    """All that a report prints beside its findings. Nothing here passes the gate: it must hold no count of people.

    Attributes
    ----------
    title, program
        As the plan names them.
    plan_digest, data_digest
        SHA-256 of the plan and of the data.
    version
        Version of Casearc.
    seed
        Seed of everything random.
    alpha
        Error rate of the plan; intervals have the level 1 - alpha.
    plan_sentences
        The plan said back, a sentence each.
    deviations
        Where the analysis left the plan and why, a sentence each; empty if nowhere.
    data_report
        The content of data-report.json: ``files``, each with file, purpose, rows_read, rows_kept, rows_set_aside,
        set_aside and rows_refused; ``tables``; ``notes``.
    """

    title: str
    program: str
    plan_digest: str
    data_digest: str
    version: str
    seed: int = 0
    alpha: float = 0.05
    plan_sentences: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    data_report: Mapping[str, object] = field(default_factory=dict)
