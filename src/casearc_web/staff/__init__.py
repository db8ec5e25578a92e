"""The agency's own pages: accounts, teams, programs, and the log of what was done."""
