"""What the workstation knows and does; nothing in here draws on a screen."""

__version__ = "0.1.0"
