"""Pelayanan Perizinan: permits of the city, and the retribution anyone can recompute."""
