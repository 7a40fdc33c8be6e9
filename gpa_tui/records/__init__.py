"""What an event can say: frozen pydantic models, one module a noun."""
