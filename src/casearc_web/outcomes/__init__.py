"""Evaluations run here, and their reports."""
