"""Did the scores change between waves: tests, sizes, reliable change, and all waves together."""

from casearc.analyses.change.all_waves import all_waves_findings
from casearc.analyses.change.finding import change_findings, set_beside
from casearc.analyses.change.measure import wave_pairs

__all__ = ["all_waves_findings", "change_findings", "set_beside", "wave_pairs"]
