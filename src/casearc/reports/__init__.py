"""Reports: words, tables, figures; the only place that rounds."""

from casearc.reports.details import ReportDetails
from casearc.reports.render import FORMATS, Rendered, render
from casearc.reports.results_json import results_schema

__all__ = ["FORMATS", "Rendered", "ReportDetails", "render", "results_schema"]
