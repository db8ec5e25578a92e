"""The app's name, its menu entry, and what it says about access."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutcomesConfig(AppConfig):
    """Named so that its tables start with `outcomes_`."""

    name = "casearc_web.outcomes"
    label = "outcomes"

    def ready(self) -> None:
        """Plans, runs and reports are the agency's own: they are reached by verb alone."""
        from casearc_web.access.navigation import Entry, add  # noqa: PLC0415 - models are there only now
        from casearc_web.access.registry import register  # noqa: PLC0415
        from casearc_web.access.verbs import Verb  # noqa: PLC0415
        from casearc_web.outcomes.models import EvaluationPlan, EvaluationRun, ReportFile  # noqa: PLC0415

        for model in (EvaluationPlan, EvaluationRun, ReportFile):
            register(model)
        add(Entry(label=_("Evaluation"), route="outcomes:evaluations", verb=Verb.VIEW_RESULTS, order=70))
