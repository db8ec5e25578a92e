"""The report as a tagged PDF (PDF/UA-1), typeset by typst with the fonts that come with it."""

from casearc.reports.pdf.write import pdf_report

__all__ = ["pdf_report"]
