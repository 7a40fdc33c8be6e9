"""All that a person sees and presses."""
