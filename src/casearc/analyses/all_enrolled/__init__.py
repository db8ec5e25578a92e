"""Everybody enrolled beside those who stayed: imputation, mixed models, tipping points."""

from casearc.analyses.all_enrolled.course import course_findings
from casearc.analyses.all_enrolled.imputed_models import imputed_findings

__all__ = ["course_findings", "imputed_findings"]
