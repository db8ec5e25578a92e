"""`casearc evaluate --from-records`: the agency's own records in place of files."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from casearc_cli.progress import Steps

if TYPE_CHECKING:
    from casearc.evaluation import Evaluation
    from casearc_web.agencies.models import Agency


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Which records are meant, as the options say."""

    folder: Path | None
    passphrase_file: IO[str] | None
    agency: str | None
    programs: tuple[str, ...]
    evaluator: str | None
    study_consent: str


def evaluate_from_records(
    study: Path, records: Records, *, edition: str | None, steps: Steps
) -> tuple[Evaluation, int]:
    """Open the records, export those of clients who agreed, and evaluate; also how many were left out.

    Logged as a run by the operator, who holds the passphrase and is nobody's colleague.
    """
    from casearc_cli.web.opening import check_installed, check_up_to_date, open_records

    check_installed()
    open_records(records.folder, records.passphrase_file)
    check_up_to_date()
    from casearc.study import read_plan
    from casearc_web.access.asker import Asker
    from casearc_web.access.row_security import enter
    from casearc_web.outcomes.evaluating import evaluate_records

    agency = _agency(records.agency)
    enter(agency.pk)
    plan = read_plan(study, floor=agency.disclosure_floor)
    evaluation, export = evaluate_records(
        plan,
        by=Asker(staff_id=None, agency_id=agency.pk, role="evaluator", name="operator"),
        programs=_programs(agency, records.programs),
        evaluator=records.evaluator or agency.name,
        study=records.study_consent,
        edition=edition or plan.disclosure.edition,
        progress=steps.step,
    )
    return evaluation, export.left_out


def _agency(name: str | None) -> Agency:
    from casearc.errors import UsageError
    from casearc_web.agencies.models import Agency

    found = list(Agency.objects.filter(name=name) if name else Agency.objects.all()[:2])
    if len(found) == 1:
        return found[0]
    raise UsageError(
        "There is no such agency here." if name else "There are several agencies here: name one with --agency."
    )


def _programs(agency: Agency, codes: tuple[str, ...]) -> list[uuid.UUID]:
    from casearc.errors import UsageError
    from casearc_web.agencies.models import Program

    own = dict(Program.objects.filter(agency=agency).values_list("code", "pk"))
    unknown = sorted(set(codes) - own.keys())
    if unknown:
        raise UsageError(f"There is no program {', '.join(unknown)}. There are: {', '.join(sorted(own))}.")
    return [own[code] for code in codes] if codes else list(own.values())
