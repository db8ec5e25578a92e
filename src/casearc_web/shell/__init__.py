"""How every page looks and behaves, before any record is on it: base templates, components, forms, errors, quick exit.

Imports nothing of the apps above it. What a page gets from them comes through the context; `README.md` beside this file
lists the names.
"""
