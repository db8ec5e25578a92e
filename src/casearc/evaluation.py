"""A whole evaluation: a plan and tables in, a released set of findings and the report's details out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import polars as pl
from polars import selectors

from casearc.analyses import analyze, prepare, study_instruments, unfitted, unmeasured
from casearc.disclosure import Edition, Policy, Release, gate
from casearc.language import say
from casearc.progress import Progress, quiet
from casearc.reports import Rendered, ReportDetails, render
from casearc.study import StudyPlan, design_deviations, ensure_plan, explain, plan_in_effect
from casearc.tables import TABLES, Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What an evaluation found, as far as it may leave under its edition. `write` makes the report of it."""

    plan: StudyPlan
    release: Release
    details: ReportDetails

    def write(self, folder: Path | str) -> Rendered:
        """Write the report into `folder`: HTML, PDF, DOCX, results.json, data-report.json and tables as CSV.

        All or nothing: a failure leaves the folder as it was.
        """
        return render(self.release, self.details, Path(folder))


def evaluate(
    plan: StudyPlan,
    tables: Tables,
    *,
    edition: Edition | str | None = None,
    policy: Policy | None = None,
    progress: Progress = quiet,
) -> Evaluation:
    """Evaluate a program by its plan.

    Parameters
    ----------
    plan
        A plan read by `read_plan`.
    tables
        Tables read by `read_folder` or built by `build_tables`.
    edition
        ``outside`` (aggregates through the gate) or ``in-house`` (whole, to stay in the house); the plan's when None.
    policy
        The agency's disclosure policy; the default floor is 11.
    progress
        Called with a few words before each step.

    Raises
    ------
    PlanRefusedError
        The plan does not fit the data.
    ScoringError
        Responses that cannot be scored.
    DisclosureRefusedError
        The plan asks for a threshold below the agency's floor.

    Examples
    --------
    >>> plan = read_plan("study.toml")                     # doctest: +SKIP
    >>> evaluation = evaluate(plan, read_folder("data"))   # doctest: +SKIP
    >>> evaluation.write("report")                         # doctest: +SKIP
    """
    policy = policy or Policy()
    threshold = policy.threshold(plan.disclosure.threshold)
    instruments = study_instruments(plan, tables)
    ensure_plan(plan, instruments, tables, floor=policy.floor)
    progress(say("Scoring, assigning waves, counting doses"))
    data = prepare(plan_in_effect(plan, tables), tables, threshold=threshold, instruments=instruments)
    progress(say("Analyzing"))
    findings = analyze(data)
    progress(say("Checking what may leave the house"))
    release = gate(findings, policy=policy, threshold=threshold, edition=Edition(edition or plan.disclosure.edition))
    return Evaluation(
        plan=plan,
        release=release,
        details=ReportDetails(
            title=plan.title,
            program=plan.program,
            plan_digest=plan.digest,
            data_digest=data_digest(tables),
            version=version("casearc"),
            seed=plan.seed,
            alpha=plan.inference.alpha,
            plan_sentences=explain(plan, instruments),
            deviations=(*design_deviations(plan, tables), *unmeasured(data), *unfitted(findings)),
            data_report=tables.report.to_dict(),
        ),
    )


def data_digest(tables: Tables) -> str:
    """SHA-256 of the tables' content: the same rows in another order give the same digest."""
    digest = hashlib.sha256()
    for name in TABLES:
        frame: pl.DataFrame = getattr(tables, name)
        columns = sorted(frame.columns)
        digest.update(f"{name}:{','.join(columns)}\n".encode())
        frame = frame.with_columns(selectors.float() + 0.0)  # minus zero is zero, however a file writes it
        digest.update(frame.select(columns).sort(columns).write_csv().encode())
    return digest.hexdigest()
