"""Writes of the administrator: accounts, and what the agency is made of."""
