"""A day's list from a file."""
