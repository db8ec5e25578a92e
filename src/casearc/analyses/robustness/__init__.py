"""How firmly results stand: people of one worker or site, how small an effect could have been seen."""

from casearc.analyses.robustness.clusters import cluster_findings
from casearc.analyses.robustness.otherwise import otherwise_findings
from casearc.analyses.robustness.precision import precision_findings
from casearc.analyses.robustness.unmeasured import unmeasured_findings

__all__ = ["cluster_findings", "otherwise_findings", "precision_findings", "unmeasured_findings"]
