"""The report as one HTML file that asks nobody for anything: style and figures stand inside it."""

from casearc.reports.html.write import html_report

__all__ = ["html_report"]
