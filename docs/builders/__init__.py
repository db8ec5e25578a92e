"""Printers of the reference pages, one a page."""
