"""The vault: who a client is and how to reach them, apart from everything else and sealed."""
