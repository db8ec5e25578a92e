"""The audit log: who did, read, exported or was denied what, in a chain that cannot be altered unseen."""
