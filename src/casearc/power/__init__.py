"""What a plan can show before anybody is measured: power, smallest effects, widths of intervals, empty cells."""

from casearc.power.result import PlannedTest, PowerResult
from casearc.power.run import power

__all__ = ["PlannedTest", "PowerResult", "power"]
