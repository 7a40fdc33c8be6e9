"""What leaves the store: the log as text or JSON."""
