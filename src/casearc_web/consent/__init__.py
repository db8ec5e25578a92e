"""Authorizations: what a client has agreed may be disclosed, to whom, what for and until when."""
