"""How long each thing is kept, and its purge."""
