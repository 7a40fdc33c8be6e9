"""What leaves for a FHIR R4 server: UK Core resources made from events. Nothing here has a network yet."""
