"""Proposing a mapping for files nobody has mapped yet: what goes where, why, how sure, and what must be asked."""

from casearc.files.proposal.draft import Confidence, FeedDraft, Left, Proposal, Reason
from casearc.files.proposal.propose import propose

__all__ = ["Confidence", "FeedDraft", "Left", "Proposal", "Reason", "propose"]
