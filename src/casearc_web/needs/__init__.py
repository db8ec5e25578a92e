"""Needs assessments by domain, every thirty days."""
