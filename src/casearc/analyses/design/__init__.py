"""Checks of the design itself: time, regression to the mean, and what was counted from when."""

from casearc.analyses.design.pretests import pretest_findings
from casearc.analyses.design.selection import selection_findings
from casearc.analyses.design.time_zero import time_zero_findings

__all__ = ["pretest_findings", "selection_findings", "time_zero_findings"]
