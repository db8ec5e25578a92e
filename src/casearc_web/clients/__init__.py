"""Clients: the young people an agency works with, described in codes. Who each one is stands in the vault."""
