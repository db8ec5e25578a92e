"""Pages of the app: the start page, a client's stays, the transfer of a caseload, who has looked."""
