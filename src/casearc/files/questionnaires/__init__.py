"""Instruments as forms that can be given to people, and forms as drafts of instruments."""

from casearc.files.questionnaires.draft import draft_instrument
from casearc.files.questionnaires.form import form_of
from casearc.files.questionnaires.wording import Wording, read_wording

__all__ = ["Wording", "draft_instrument", "form_of", "read_wording"]
