"""The library's tables fitted to the records: what is new becomes records in memory, what cannot be taken is noted."""

from casearc_web.imports.fitting.fit import fit
from casearc_web.imports.fitting.plan import Plan

__all__ = ["Plan", "fit"]
