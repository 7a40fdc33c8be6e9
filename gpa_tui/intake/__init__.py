"""A day's list from a file: a FHIR R4 bundle or a CSV table. Reading only; nothing here writes to a store."""
