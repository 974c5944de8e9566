"""The clocks and distances as pure functions: no clock, no database, no framework."""
