"""Reads of the app, by what they answer."""
