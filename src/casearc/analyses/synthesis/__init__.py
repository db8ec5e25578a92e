"""Findings about findings: all tests, threats to validity, the first page, reporting checklists."""

from casearc.analyses.synthesis.all_tests import all_tests_findings
from casearc.analyses.synthesis.checklists import checklist_findings
from casearc.analyses.synthesis.first_page import first_page_findings
from casearc.analyses.synthesis.theory_map import map_findings
from casearc.analyses.synthesis.threats import threat_findings

__all__ = ["all_tests_findings", "checklist_findings", "first_page_findings", "map_findings", "threat_findings"]
