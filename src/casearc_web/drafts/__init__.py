"""Drafts: what somebody typed and has not finished, kept for them and for nobody else."""
