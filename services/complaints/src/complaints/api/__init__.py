"""The web edge of complaints: translates, calls, translates."""
