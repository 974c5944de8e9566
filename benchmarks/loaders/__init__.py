"""Databases as they are after years: seeded, by COPY."""
