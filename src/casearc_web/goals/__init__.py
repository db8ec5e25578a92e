"""Support plans, goals, reviews and ratings."""
