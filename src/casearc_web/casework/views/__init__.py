"""Pages of casework: contacts of a client, the quick contact, signatures, and what a program sets."""
