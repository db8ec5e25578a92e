"""The report as a Word document: real headings, real tables, pictures with words for those who cannot see them."""

from casearc.reports.docx.write import docx_report

__all__ = ["docx_report"]
