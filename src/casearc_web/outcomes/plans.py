"""Reading a study plan that somebody typed or pasted."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path

from django.utils.translation import gettext as _

from casearc.errors import Fault, PlanRefusedError
from casearc.study import StudyPlan, read_plan, template_plan


def read_text(text: str, *, floor: int) -> StudyPlan:
    """The plan, checked as far as it can be without data.

    Raises
    ------
    PlanRefusedError
        With every fault of the plan. A plan that names folders of instruments is refused: a page must not make the
        server read its own files.
    """
    _refuse_folders(text)
    with tempfile.TemporaryDirectory(prefix="casearc-plan-") as folder:
        file = Path(folder) / "study.toml"
        file.write_text(text, encoding="utf-8")
        return read_plan(file, floor=floor)


def first_plan() -> str:
    """A plan to start from: the library's own, with the codes that records here use."""
    mine = 'ladder = [{ all_other_genders = ["boy", "trans_girl", "trans_boy", "nonbinary"] }]'
    return template_plan().replace('ladder = [{ all_other_genders = ["boy", "nonbinary", "transgender"] }]', mine)


def _refuse_folders(text: str) -> None:
    try:
        study = tomllib.loads(text).get("study", {})
    except tomllib.TOMLDecodeError:
        return  # read_plan says it better
    if isinstance(study, dict) and study.get("instruments"):
        remedy = _("Leave out instruments = […]; use `casearc evaluate --from-records` with instruments of your own.")
        raise PlanRefusedError(
            _("The plan names folders of instruments."), faults=[Fault(problem=_("instruments is set."), remedy=remedy)]
        )
