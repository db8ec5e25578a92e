"""Reports: words, tables, figures; the only place that rounds."""

from casearc.reports.details import ReportDetails
from casearc.reports.folder import check_folder
from casearc.reports.render import FORMATS, Rendered, render
from casearc.reports.results_json import results_schema

__all__ = ["FORMATS", "Rendered", "ReportDetails", "check_folder", "render", "results_schema"]
