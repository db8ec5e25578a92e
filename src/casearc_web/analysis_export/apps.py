"""The app's name."""

from django.apps import AppConfig


class AnalysisExportConfig(AppConfig):
    """Named so that its tables start with `analysis_export_`."""

    name = "casearc_web.analysis_export"
    label = "analysis_export"
