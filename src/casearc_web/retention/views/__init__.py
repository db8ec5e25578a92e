"""Pages of keeping and erasing."""
