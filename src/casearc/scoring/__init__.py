"""Scoring: applies instruments to dataframes and defines none.

pandas and Polars (eager, lazy) in, the same kind out, through narwhals expressions and without Python code a row.
Cut scores are compared in whole numbers; see `casearc.scoring._ratio` for why.
"""

from casearc.scoring._coding import read_coding
from casearc.scoring.score import output_columns, score

__all__ = ["output_columns", "read_coding", "score"]
