"""FHIR R4 and R5: questionnaires, and responses to them."""

from casearc.files.fhir.forms import choice_values, questionnaire_form
from casearc.files.fhir.write_answers import write_responses
from casearc.files.fhir.write_form import write_questionnaire

__all__ = ["choice_values", "questionnaire_form", "write_questionnaire", "write_responses"]
