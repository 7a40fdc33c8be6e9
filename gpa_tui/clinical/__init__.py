"""Pure functions of medicine and measurement, each with its source; no clock, file or setting inside."""
