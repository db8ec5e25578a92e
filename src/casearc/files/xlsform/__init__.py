"""XLSForm, the way KoboToolbox and ODK define forms: read, checked, written; and the exports of both."""

from casearc.files.xlsform.read import read_form

__all__ = ["read_form"]
