"""Administrations of instruments: which one, when, how, and the answers, for analysis only."""
