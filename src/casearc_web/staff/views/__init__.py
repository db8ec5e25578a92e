"""Pages of the app: accounts, the agency, the log, who may do what."""
