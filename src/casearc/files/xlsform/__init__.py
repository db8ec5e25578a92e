"""XLSForm, the way KoboToolbox and ODK define forms: read, checked, written; and the exports of both."""
