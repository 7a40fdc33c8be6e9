"""The practice's FHIR server: resources made from events, a checked connection, what the server does."""
