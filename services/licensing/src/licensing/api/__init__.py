"""The web edge of licensing: translates, calls, translates."""
