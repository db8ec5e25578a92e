"""From clients to participants: consented, de-identified tables for the library."""
