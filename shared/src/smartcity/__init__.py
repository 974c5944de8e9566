"""The kernel: what every service of the city shares. It imports no service."""
