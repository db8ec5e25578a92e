"""The app's name, its menu entry, and what it says about access."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalysisExportConfig(AppConfig):
    """Named so that its tables start with `analysis_export_`."""

    name = "casearc_web.analysis_export"
    label = "analysis_export"

    def ready(self) -> None:
        """Requests are the agency's own: they are reached by verb alone."""
        from casearc_web.access.navigation import Entry, add  # noqa: PLC0415 - models are there only now
        from casearc_web.access.registry import register  # noqa: PLC0415
        from casearc_web.access.verbs import Verb  # noqa: PLC0415
        from casearc_web.analysis_export.models import RowExport  # noqa: PLC0415

        register(RowExport)
        add(Entry(label=_("Row exports"), route="analysis_export:exports", verb=Verb.SEE_EXPORTS, order=75))
