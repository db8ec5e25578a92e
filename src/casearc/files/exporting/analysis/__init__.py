"""The rows a plan's analyses look at, and scripts in R and Python that make the report's main tables of them."""

from casearc.files.exporting.analysis.reproduced import reproduced
from casearc.files.exporting.analysis.rows import analysis_table
from casearc.files.exporting.analysis.tables import Reproduced
from casearc.files.exporting.analysis.write import write_analysis

__all__ = ["Reproduced", "analysis_table", "reproduced", "write_analysis"]
