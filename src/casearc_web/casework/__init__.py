"""Contacts and contact notes, services delivered, signatures."""
