"""HTTP resources of the civil registry."""
