"""Can a measure be trusted here: internal consistency and item statistics."""

from casearc.psychometrics.consistency import Alpha, Omega, cronbach_alpha, omega_total
from casearc.psychometrics.items import ItemStatistics, item_statistics

__all__ = ["Alpha", "ItemStatistics", "Omega", "cronbach_alpha", "item_statistics", "omega_total"]
