"""Disclosure control: the gate between findings and reports."""

from casearc.disclosure.gate import gate
from casearc.disclosure.policy import Edition, Policy
from casearc.disclosure.policy_file import read_policy
from casearc.disclosure.release import (
    Band,
    Exact,
    Release,
    ReleasedFinding,
    Shown,
    Withheld,
    release_counts_dict,
)

__all__ = [
    "Band",
    "Edition",
    "Exact",
    "Policy",
    "Release",
    "ReleasedFinding",
    "Shown",
    "Withheld",
    "gate",
    "read_policy",
    "release_counts_dict",
]
