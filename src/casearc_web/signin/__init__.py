"""Signing in: passkeys, one-time codes, idle end, step-up, invitations."""
