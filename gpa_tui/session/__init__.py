"""The clinic: the day, how events fold into it, what may be done on it, and doing it."""
