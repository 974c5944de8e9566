"""Figures with their method; each is a ratio measured in one run. `python -m benchmarks [NAME …]`; see README.md."""
