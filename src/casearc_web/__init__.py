"""Casearc's web application: the records that an agency keeps, safe by construction.

ARCHITECTURE.md tells how it hangs together.
"""
